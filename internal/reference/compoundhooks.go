package reference

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// remember notes something that a compound fault has to know later on.
func (c *core) remember(t *tx, fault, key, value string) {
	if c.faults.On(fault) {
		t.do(change{Mark: &mark{fault + " " + key, value}})
	}
}

// recall is what was noted last, "" for nothing.
func (st *state) recall(fault, key string) string { return st.marks[fault+" "+key] }

// tally counts on and returns the count, 0 where the fault is not planted.
func (c *core) tally(t *tx, fault, key string) int {
	c.remember(t, fault, key, strconv.Itoa(t.counted(fault, key)+1))
	return t.counted(fault, key)
}

func (st *state) counted(fault, key string) int {
	n, _ := strconv.Atoi(st.recall(fault, key)) // nothing noted is none
	return n
}

func stamp(at time.Time) string { return at.Format(time.RFC3339Nano) }

// since returns the rows that began before, and those that began after a time
// that was noted; all are before where nothing was.
func since(noted string, rows []*session) (before, after []*session) {
	at, err := time.Parse(time.RFC3339Nano, noted)
	for _, s := range rows {
		if err == nil && s.Created.After(at) {
			after = append(after, s)
		} else {
			before = append(before, s)
		}
	}
	return before, after
}

// tenant is what the names of accounts that belong together have in common: the
// part after the first hyphen. A fault that reaches from one user to another
// stays inside, so that plays beside each other do not meet by it.
func tenant(name string) string {
	_, rest, _ := strings.Cut(name, "-")
	rest, _, _ = strings.Cut(rest, "-")
	return rest
}

// alive are the live sessions that meet the condition, oldest first.
func (c *core) alive(st *state, meets func(*session) bool) []*session {
	return c.aliveAmong(st, st.open(), meets)
}

// aliveOf looks through the rows of one user only: every sign-out asks.
func (c *core) aliveOf(st *state, uid string) []*session {
	return c.aliveAmong(st, st.of(uid), func(*session) bool { return true })
}

func (c *core) aliveAmong(st *state, among []*session, meets func(*session) bool) []*session {
	var rows []*session
	for _, s := range among {
		if s.UID != "" && !s.Pending && !c.over(s) && c.owner(st, s) != nil && meets(s) {
			rows = append(rows, s)
		}
	}
	return byAge(rows)
}

// tombstones are the rows of a user that ended for a reason, oldest first.
func (st *state) tombstones(uid, why string) []*session {
	var rows []*session
	for id := range st.byUser[uid] {
		if s := st.sessions[id]; s.Ended == why {
			rows = append(rows, s)
		}
	}
	return byAge(rows)
}

func byAge(rows []*session) []*session {
	slices.SortFunc(rows, func(a, b *session) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	return rows
}

// revive makes a tombstone a session again.
func revive(t *tx, s *session) {
	again := *s
	again.Ended = ""
	t.do(change{Session: &again})
}
