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
	After   time.Duration // its limit; of a deadline not set by WithLimit, what was left
	Waiting string        // such as `an element to be visible`
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s: timed out after %s waiting for %s", e.Step, roundTime(e.After), e.Waiting)
}

// Unwrap makes the error a context.DeadlineExceeded for errors.Is.
func (e *TimeoutError) Unwrap() error { return context.DeadlineExceeded }

// roundTime drops the microseconds of a limit that was measured.
func roundTime(d time.Duration) time.Duration {
	if d > time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}

// limitKey is where a context keeps the limit that it was given.
type limitKey struct{}

type setLimit struct {
	d        time.Duration
	deadline time.Time
}

// WithLimit is context.WithTimeout for steps: a *TimeoutError tells d as it was
// set. Of other deadlines only what was left of them can be told.
func WithLimit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	deadline := time.Now().Add(d)
	return context.WithDeadline(context.WithValue(ctx, limitKey{}, setLimit{d, deadline}), deadline)
}

// limit gives ctx a deadline when it has none, and tells how long it has.
func limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc, time.Duration) {
	deadline, ok := ctx.Deadline()
	if !ok {
		ctx, cancel := context.WithTimeout(ctx, d)
		return ctx, cancel, d
	}
	ctx, cancel := context.WithCancel(ctx)
	if set, ok := ctx.Value(limitKey{}).(setLimit); ok && set.deadline.Equal(deadline) {
		return ctx, cancel, set.d
	}
	return ctx, cancel, time.Until(deadline)
}
