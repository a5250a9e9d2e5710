package browsers

import (
	"context"
	"fmt"
	"time"
)

// TimeoutError says which step ran out of time and what it was waiting for.
// errors.Is(err, context.DeadlineExceeded) holds.
type TimeoutError struct {
	Step    string        // such as `click "#go"`
	After   time.Duration // how long the step had
	Waiting string        // such as `an element to be visible`
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s: timed out after %s waiting for %s", e.Step, roundTime(e.After), e.Waiting)
}

// Unwrap makes the error a context.DeadlineExceeded for errors.Is.
func (e *TimeoutError) Unwrap() error { return context.DeadlineExceeded }

// roundTime drops the microseconds that make 14.99987 s of a limit of 15 s.
func roundTime(d time.Duration) time.Duration {
	if d > time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}

// limit gives ctx a deadline when it has none, and tells how long it has.
func limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc, time.Duration) {
	if deadline, ok := ctx.Deadline(); ok {
		ctx, cancel := context.WithCancel(ctx)
		return ctx, cancel, time.Until(deadline)
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	return ctx, cancel, d
}
