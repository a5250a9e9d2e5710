// Package bench measures what things cost, side by side in one run. A machine is
// never quiet: only ratios of what was measured in turns say something.
package bench

import (
	"errors"
	"slices"
	"time"
)

// ErrNotRun says that what is to be compared with is not to be had here. Its
// text says why.
var ErrNotRun = errors.New("NOT RUN")

// median is the middle one, or the mean of the two in the middle; 0 of none.
func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
