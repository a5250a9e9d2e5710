package play

import (
	"fmt"
	"testing"
)

// What a target that limits the rate asks for is not lost on the way out of a set-up.
func TestRetryAfterOfASetUp(t *testing.T) {
	tl := (&tally{}).fail(fmt.Errorf("step: %w", &rateError{retryAfter: "3"}))
	if tl.limit == nil || tl.limit.retryAfter != "3" {
		t.Errorf("%+v", tl)
	}
	if other := (&tally{}).fail(fmt.Errorf("refused")); other.limit != nil {
		t.Errorf("%+v", other)
	}
}
