package lin

import (
	"slices"
	"time"
)

// Answer is what was said of a credential, or that an operation was accepted.
type Answer struct {
	// Cred was Live or dead; "" for an operation.
	Cred string
	Live bool
	// Op is the operation that was accepted.
	Op Op
}

// unexplained finds a least set of answers without which some order explains the
// rest: one alone if there is one, operations first, and else one from which none
// can be spared. The order of the history decides between several. It takes no
// longer than a limit, and gives what it has by then.
func (h History) unexplained(limit time.Duration) []Answer {
	end := time.Now().Add(limit)
	all := h.answers()
	without := func(some []Answer) bool {
		left := time.Until(end)
		return left > 0 && h.verdict(h.without(some), left) == OK
	}
	for _, a := range all {
		if one := []Answer{a}; without(one) {
			return one
		}
	}
	if !without(all) {
		return nil
	}
	for _, a := range slices.Clone(all) { // operations are spared first
		if less := slices.DeleteFunc(slices.Clone(all), func(x Answer) bool { return x == a }); without(less) {
			all = less
		}
	}
	return all
}

// answers are what a server without sessions could not have said: operations that
// were accepted, then what was said of each credential.
func (h History) answers() (out []Answer) {
	for _, o := range h.Ops {
		if o.What != "whoami" && !o.Refused && !o.Unknown {
			out = append(out, Answer{Op: o})
		}
	}
	for _, o := range h.Ops {
		if a := (Answer{Cred: o.Cred, Live: o.Live}); o.What == "whoami" && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// without leaves some answers out of a history: questions are not asked, and of
// an operation it is open whether it came to anything.
func (h History) without(some []Answer) (out []Op) {
	for _, o := range h.Ops {
		if o.What == "whoami" {
			if !slices.Contains(some, Answer{Cred: o.Cred, Live: o.Live}) {
				out = append(out, o)
			}
			continue
		}
		o.Open = slices.Contains(some, Answer{Op: o})
		out = append(out, o)
	}
	return out
}
