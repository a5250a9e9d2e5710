package play

import (
	"regexp"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// An invented value looks like the target's own and is another.
func TestInvent(t *testing.T) {
	sample := []history.Carrier{{Kind: "cookie", Name: "sid", Value: "0a9F-gZ_0123456789abcdef", Path: "/x"}, {Kind: "value", Name: "credential", Value: "s%3Aqwertyuiopasdfgh.==", Domain: "d"}}
	got := invent(sample)
	for i, form := range []string{`^[0-9][a-f][0-9][A-F]-[g-z][G-Z]_[0-9]{10}[a-f]{6}$`, `^[g-z]%[0-9][A-F][a-z]{16}\.==$`} {
		if got[i].Value == sample[i].Value || !regexp.MustCompile(form).MatchString(got[i].Value) {
			t.Errorf("%q of %q", got[i].Value, sample[i].Value)
		}
		if got[i].Name != sample[i].Name || got[i].Kind != sample[i].Kind || got[i].Path != sample[i].Path || got[i].Domain != sample[i].Domain {
			t.Errorf("%+v of %+v", got[i], sample[i])
		}
	}
}
