package audit

import (
	"context"
	"fmt"
	"strings"
)

// line is a Set-Cookie line whose fate is one row.
type line struct {
	Expect
	set string
	// pair is what the next request carries if the line was taken.
	pair string
}

// rows are the rows of lines.
func rows(all []line) []Expect {
	var out []Expect
	for _, l := range all {
		out = append(out, l.Expect)
	}
	return out
}

// play has one answer set all lines at from, and notes which of them came with
// the next request for to.
func (a *actor) play(ctx context.Context, from, to string, all []line, seen Observation) error {
	var set []string
	for _, l := range all {
		set = append(set, l.set)
	}
	if err := a.set(ctx, from, set...); err != nil {
		return err
	}
	header, err := a.cookies(ctx, to)
	if err != nil {
		return err
	}
	for _, l := range all {
		seen[l.ID] = fate(header, l.pair)
	}
	return nil
}

// fate words what became of a cookie, by the Cookie field of the next request.
func fate(header, pair string) string {
	if has(header, pair) {
		return stored
	}
	name, _, named := strings.Cut(pair, "=")
	for p := range strings.SplitSeq(header, "; ") {
		if n, value, ok := strings.Cut(p, "="); ok && named && n == name {
			if value == "" {
				return "stored with an empty value"
			}
			return "stored as " + visible(value)
		}
	}
	return refused
}

// visible makes an engine's octets fit for a table.
func visible(s string) string {
	if len(s) > 60 {
		return visibleAll(s[:60]) + "…"
	}
	return visibleAll(s)
}

// visibleAll writes what is not printable ASCII in hex.
func visibleAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// onHost puts the host in place of $host.
func onHost(all []line, host string) []line {
	out := make([]line, len(all))
	for i, l := range all {
		l.set = strings.ReplaceAll(l.set, "$host", host)
		out[i] = l
	}
	return out
}

// visibleLine is visible for a whole line.
func visibleLine(s string) string {
	if len(s) > 200 {
		return visibleAll(s[:200]) + fmt.Sprintf("… (%d octets)", len(s))
	}
	return visibleAll(s)
}
