// Package words finds the word a user probably meant.
package words

import (
	"slices"
	"strings"
)

// Nearest returns the candidate closest to word by edit distance, or "" when
// none is near enough to be worth suggesting; a candidate that begins with the
// word comes next. Ties go to the first in sorted order.
func Nearest(word string, candidates []string) string {
	best, bestDist := "", len(word)/2+2
	sorted := slices.Sorted(slices.Values(candidates))
	for _, c := range sorted {
		if d := distance(word, c); d < bestDist {
			best, bestDist = c, d
		}
	}
	if best == "" && len(word) > 2 {
		for _, c := range sorted {
			if strings.HasPrefix(c, word) {
				return c
			}
		}
	}
	return best
}

// DidYouMean renders Nearest as the tail of a message: ` (did you mean "x"?)` or "".
func DidYouMean(word string, candidates []string) string {
	if n := Nearest(word, candidates); n != "" {
		return ` (did you mean "` + n + `"?)`
	}
	return ""
}

// distance is Levenshtein's, over bytes: the words compared are identifiers.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			prev, row[j] = row[j], min(row[j]+1, row[j-1]+1, prev+cost)
		}
	}
	return row[len(b)]
}
