// Package lin asks whether operations made at once can be explained: whether
// there is an order of them, in keeping with their times, in which a server
// that does one thing after the other gives all the answers that were given.
// It judges one account and its sessions at a time and is pure; the search is
// porcupine's.
package lin

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/sessionspec/sessionspec/internal/model"
)

// Op is one operation on the account of a history, or one question to whoami.
type Op struct {
	// What is the operation of the language, Name how a report calls this one.
	What, Name string
	// Process does one thing after the other.
	Process int
	// Start and End are in nanoseconds from any beginning.
	Start, End int64
	// Refused operations change nothing, save what their answers handed out.
	// Unknown ones got no answer: they may have happened at any later time, or never.
	Refused, Unknown bool
	// Password numbers the password that was given, New the one to be set.
	Password, New int
	// Cred is the credential that acts or is asked, Gets the one that the answer
	// hands out, Target that of the session to be revoked; "" for none.
	Cred, Gets, Target string
	// Presented tells that a sign-in showed the credential in Cred.
	Presented bool
	// Acted tells that the session of Cred did it, not an administrator.
	Acted bool
	// Vague tells that it is open whether a revocation counts.
	Vague bool
	// Spent tells that a refresh may have shown what another one had spent.
	Spent bool
	// Offered tells that an answer handed out a credential, kept or not: even a
	// refused operation of several requests has got somewhere then.
	Offered bool
	// Doubt tells that its client may hold something that an earlier operation,
	// one without an answer, has brought.
	Doubt bool
	// Open leaves it open whether an operation came to anything when it ended.
	Open bool
	// Live is what whoami said.
	Live bool
}

// Start is what is known when a history begins.
type Start struct {
	// Exists and Enabled are of the account; Unclear that neither is known.
	Exists, Enabled, Unclear bool
	// Passwords are the numbers that its password may have; none means any.
	Passwords []int
	// Live credentials sign their user in, Open ones may or may not.
	Live, Open []string
	// Session names the session of each credential known before.
	Session map[string]string
}

// History is what was done to one account.
type History struct {
	Declared model.Declared
	Start    Start
	Ops      []Op
}

// Leave is, for one account, the sign-in of another at one of its clients.
const Leave = "leave"

// Verdicts of Check.
const (
	OK      = "ok"
	Illegal = "illegal"
	Unknown = "unknown" // the time was up, or there are too many credentials
)

// Result is what Check says.
type Result struct {
	Verdict string
	// Alive are credentials that live although no order lets them; Died those that
	// are dead although nothing ended them. Without them no blame can be laid.
	Alive, Died []string
	// Unexplained are, where neither kind of answer is to blame alone, a least set
	// of answers without which some order explains the rest; nil where the search
	// was given up.
	Unexplained []Answer
	// Took is the time that the search needed, culprits excluded.
	Took time.Duration
}

// Check judges a history within a time limit for each search.
func Check(h History, limit time.Duration) Result {
	begin := time.Now()
	r := Result{Verdict: h.verdict(h.Ops, limit)}
	r.Took = time.Since(begin)
	if r.Verdict == Illegal {
		r.Alive = h.culprits(true, limit)
		if r.Alive == nil {
			r.Died = h.culprits(false, limit)
		}
		if r.Alive == nil && r.Died == nil {
			r.Unexplained = h.unexplained(limit)
		}
	}
	return r
}

// verdict searches from every beginning that is possible.
func (h History) verdict(ops []Op, limit time.Duration) string {
	m, fits := h.machine()
	if !fits {
		return Unknown
	}
	out := Illegal
	for _, s := range m.starts(h.Start) {
		switch porcupine.CheckOperationsTimeout(m.model(s), m.operations(ops), limit) {
		case porcupine.Ok:
			return OK
		case porcupine.Unknown:
			out = Unknown
		}
	}
	return out
}

// culprits finds a smallest set of credentials without whose answers, those of
// one kind, the history can be explained; nil where there is none. To leave out
// a question is sound: it changes nothing.
func (h History) culprits(live bool, limit time.Duration) []string {
	var all []string
	for _, o := range h.Ops {
		if o.What == "whoami" && o.Live == live && !slices.Contains(all, o.Cred) {
			all = append(all, o.Cred)
		}
	}
	without := func(creds []string) bool {
		left := slices.DeleteFunc(slices.Clone(h.Ops), func(o Op) bool {
			return o.What == "whoami" && o.Live == live && slices.Contains(creds, o.Cred)
		})
		return h.verdict(left, limit) == OK
	}
	if len(all) == 0 || !without(all) {
		return nil
	}
	for _, c := range slices.Clone(all) {
		if less := slices.DeleteFunc(slices.Clone(all), func(x string) bool { return x == c }); without(less) {
			all = less
		}
	}
	return all
}

// operations are the history as porcupine takes it: what got no answer is under
// way until after everything else.
func (m *machine) operations(ops []Op) []porcupine.Operation {
	out := make([]porcupine.Operation, len(ops))
	for i, o := range ops {
		end := o.End
		if o.Unknown {
			end = math.MaxInt64
		}
		out[i] = porcupine.Operation{ClientId: o.Process, Input: o, Call: o.Start, Output: nil, Return: max(end, o.Start)}
	}
	slices.SortStableFunc(out, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	return out
}

func (m *machine) model(start state) porcupine.Model {
	return porcupine.Model{
		Init:  func() any { return start },
		Step:  func(s, in, _ any) (bool, any) { return m.step(s.(state), in.(Op)) },
		Equal: func(a, b any) bool { return a.(state) == b.(state) },
	}
}
