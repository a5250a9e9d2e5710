package reference

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// key is a moment without what makes no difference: which device is which, what
// things are called, how long ago they happened. Two moments of one key have the
// same future.
func (m *moment) key() string {
	st := m.states[1]
	var rows []*session
	times := []time.Time{}
	for _, s := range st.sessions {
		rows = append(rows, s)
		times = append(times, s.Created)
	}
	for _, v := range st.marks {
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			times = append(times, at)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	rank := func(at time.Time) int { return slices.IndexFunc(times, at.Equal) }
	byAge(rows)
	var called []string
	for i, s := range rows {
		called = append(called, s.ID, fmt.Sprint("s", i), s.Handle, fmt.Sprint("h", i))
	}
	for i, u := range toyUsers {
		if now := st.named(m.names[u]); now != nil {
			called = append(called, now.UID, fmt.Sprint("u", i))
		}
		called = append(called, m.names[u], fmt.Sprint("n", i))
	}
	short := strings.NewReplacer(called...)
	var lines []string
	for i, s := range rows {
		lines = append(lines, fmt.Sprint("row ", i, " ", short.Replace(s.UID), " ", s.Ended, s.Role, rank(s.Created), st.notes[s.ID][""]))
	}
	for _, held := range m.devices {
		where := "none"
		if held >= 0 {
			where = "gone"
			for i := range rows {
				if rows[i].ID == idOf(m.tokens[1][held]) {
					where = strconv.Itoa(i)
				}
			}
		}
		lines = append(lines, "device "+where)
	}
	for _, u := range toyUsers {
		if now := st.named(m.names[u]); now != nil {
			lines = append(lines, fmt.Sprint("user ", u, now.Role, now.Disabled))
		}
	}
	for k, v := range st.marks {
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			v = fmt.Sprint("at ", rank(at))
		}
		lines = append(lines, "mark "+short.Replace(k)+"="+short.Replace(v))
	}
	slices.Sort(lines)
	return fmt.Sprint(m.bob) + strings.Join(lines, "\n")
}

// search goes through all stories of up to depth steps, and returns the first
// after which the two sides differ, nil if none does, and how many it has tried.
func (y *toy) search(start *moment, depth int) (found []move, tried int) {
	seen := map[string]bool{}
	layer := []*moment{start}
	for d := 1; d <= depth; d++ {
		var next []*moment
		for _, m := range layer {
			for _, v := range y.moves(m) {
				tried++
				n, shows := y.after(m, v)
				if shows {
					return n.story, tried
				}
				if d == depth {
					continue
				}
				if k := n.key(); !seen[k] {
					seen[k] = true
					next = append(next, n)
				}
			}
		}
		layer = next
	}
	return nil, tried
}

// TestNothingShorterShows: of all stories with a step less than a compound fault's
// minimum none makes a difference, and one of the minimum does. Faults of six
// and seven steps take too long for every day: SESSIONSPEC_DEPTH=6 looks for them.
func TestNothingShorterShows(t *testing.T) {
	most := 4
	if n, err := strconv.Atoi(os.Getenv("SESSIONSPEC_DEPTH")); err == nil {
		most = n
	}
	for _, f := range CompoundFaults() {
		t.Run(f.ID, func(t *testing.T) {
			t.Parallel()
			for _, command := range []bool{false, true} {
				y, start := newToy(t, f.ID)
				y.command = command
				want := f.Minimal
				if command {
					want = cmp.Or(f.ByCommand, want)
				}
				depth := min(want, most)
				if f.Overlap != nil || f.Abroad || depth < want {
					want = 0 // not in order, not alone, or not so far
				}
				begun := time.Now()
				found, tried := y.search(start, depth)
				t.Logf("command line %v: %d stories of up to %d steps, %v", command, tried, depth, time.Since(begun))
				if len(found) != want {
					t.Errorf("command line %v: the shortest story has %d steps, want %d: %v", command, len(found), want, found)
				}
				if fired := y.log.Len() > 0; fired != (found != nil) && !y.notes && !f.Abroad { // what is abroad or not read yet is not seen
					t.Errorf("command line %v: fired %v", command, fired)
				}
			}
		})
	}
}
