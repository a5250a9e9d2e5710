package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

func (x examined) row() Row {
	r := Row{Operation: x.op, Case: x.variant, Route: x.route.Name}
	if x.kind != "wire" {
		r.Client = x.kind
	}
	return r
}

func (r Row) fill(word, note string) Row {
	r.This, r.SameUser, r.OtherUser, r.Anonymous, r.Note = word, word, word, word, note
	return r
}

func (x examined) unplayed() Row {
	if x.why != "" {
		return x.row().fill(Absent, x.why)
	}
	return x.row().fill(Unknown, "runs a command: needs --allow-exec")
}

// learn reads a row off a play: the panel before the operation beside the panel
// after it.
func (x examined) learn(h *history.Play) Row {
	r := x.row()
	k := slices.IndexFunc(h.Ops, func(op history.Op) bool { return op.Step.Equal(x.step) })
	for i, op := range h.Ops { // the operation under study is the last like it: a sign-in comes twice
		if op.Step.Equal(x.step) {
			k = i
		}
	}
	if k < 1 || h.Ops[k].Outcome == history.Failed || len(h.Ops[k].Probes) == 0 {
		why := h.Aborted
		if why == "" {
			why = "the story did not come to it"
		}
		return r.fill(Unknown, why)
	}
	op := h.Ops[k]
	r.Outcome = op.Outcome
	if op.Outcome == history.Refused && x.step.Expect == "ok" {
		return r.fill(Unknown, "refused: "+op.Why)
	}
	p := panels{h: h, before: h.Ops[k-1].Probes, after: op.Probes, at: k}
	var notes []string
	if op.Outcome == history.OK && x.step.Expect == "refused" {
		notes = append(notes, "was not refused")
	}
	if op.Outcome == history.Refused && x.step.Expect == "any" {
		notes = append(notes, "refused: "+op.Why)
	}
	actor := x.step.Client
	if o, _ := story.Lookup(x.op); o.Account && !op.Acted {
		actor = ""
	}
	r.This = None
	var same, other []string
	for _, c := range h.Clients {
		switch {
		case c.Name == actor:
			if r.This = p.actor(c.Name, op.Captured); x.op == "sign_out" && r.This == Lives {
				r.This = Orphan // whoever signs out has let go of it
			}
		case c.User == op.User:
			same = append(same, c.Name)
		default:
			other = append(other, c.Name)
		}
	}
	var note string
	if r.SameUser, note = p.group(same); note != "" {
		notes = append(notes, "same user: "+note)
	}
	if r.OtherUser, note = p.group(other); note != "" {
		notes = append(notes, "other user: "+note)
	}
	r.Anonymous = p.strangers()
	for _, o := range op.Offers {
		name := o.Name
		if o.Kind != "cookie" {
			name = "value"
		}
		if !slices.Contains(r.Mints, name) {
			r.Mints = append(r.Mints, name)
		}
	}
	r.Note = strings.Join(notes, "; ")
	return r
}

// panels are the answers around one operation.
type panels struct {
	h             *history.Play
	before, after []history.Probe
	at            int
}

// answer is what the panel heard of a credential, empty if it was not asked.
func answer(ps []history.Probe, credential string) history.Answer {
	for _, p := range ps {
		if p.Credential == credential {
			return p.Answer
		}
	}
	return history.Answer{}
}

// held is the credential that a client held before the operation.
func (p panels) held(client string) (out history.Credential, ok bool) {
	for _, c := range p.h.Credentials {
		if c.Client == client && c.Op < p.at {
			out, ok = c, true
		}
	}
	return out, ok
}

// fate says what became of one credential.
func (p panels) fate(c history.Credential) string {
	was := answer(p.before, c.ID)
	is := answer(p.after, c.ID)
	switch {
	case was.State == history.Live && is.State == history.Live && is.User != "" && is.User != c.User:
		return "as " + is.User
	case was.State == history.Live && is.State == history.Live:
		return Lives
	case was.State == history.Live && is.State == history.Dead:
		return Ends
	case is.State == history.HalfLive:
		return Pending
	case was.State == history.Dead && is.State == history.Live:
		return Revives
	case was.State == history.Dead && is.State == history.Dead:
		return Dead
	}
	return Unknown
}

// actor says what became of the acting session, whose credential may have changed.
func (p panels) actor(client, captured string) string {
	old, had := p.held(client)
	fate := None
	if had {
		fate = p.fate(old)
	}
	if captured == "" {
		return fate
	}
	now := answer(p.after, captured)
	switch {
	case now.State == history.HalfLive:
		return Pending
	case now.State == history.Live && !had:
		return New
	case now.State == history.Live && fate == Lives:
		return Adds
	case now.State == history.Live && (fate == Ends || fate == Dead):
		return Rotates
	case now.State == history.Dead && fate == Lives:
		return Orphan
	}
	return fate
}

// group puts the fates of several clients' sessions into one word; the note
// tells them apart where they differ.
func (p panels) group(clients []string) (word, note string) {
	var each []string
	word = None
	for _, name := range clients {
		c, ok := p.held(name)
		if !ok {
			continue
		}
		fate := p.fate(c)
		each = append(each, fmt.Sprintf("%s %s", name, fate))
		switch word {
		case None, fate:
			word = fate
		default:
			word = Mixed
		}
	}
	if word == Mixed {
		note = strings.Join(each, ", ")
	}
	return word, note
}

// strangers says who a client without a credential is.
func (p panels) strangers() string {
	word := Unknown
	for _, x := range p.after {
		switch {
		case x.Credential != "" || x.Answer.State == history.NoVerdict:
		case x.Answer.State == history.Live:
			return "as " + cmpOr(x.Answer.User, "somebody")
		default:
			word = Nobody
		}
	}
	return word
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// observe gathers what any play shows: how long cookies last, and whether
// strangers get credentials.
func (r *Report) observe(h *history.Play) {
	for _, op := range h.Ops {
		for _, x := range op.Probes {
			r.Strangers = r.Strangers || x.Credential == "" && len(x.Answer.Offers) > 0
		}
		for _, c := range op.Jar {
			if !c.Session {
				continue
			}
			how := "browser"
			if c.Persistent {
				how = "persistent"
			}
			if r.Lasting != "" && r.Lasting != how {
				how = "both"
			}
			r.Lasting = how
		}
	}
}
