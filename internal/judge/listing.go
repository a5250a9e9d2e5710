package judge

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
)

// entry is what a list has to say about one handle.
type entry struct {
	least, most int
	who         string // whose session it is
	over        string // why it is over, where it is
	foreign     bool
}

// listing: the list of sessions shows each live session of its user once, none
// that is over and nobody else's, and marks the one that asks. Entries which
// the play knows nothing of are the target's business.
func (b *bench) listing(op *history.Op, before string) {
	if op.Listed == nil || before != "live" || b.world.Settled(b.lastCred(op.Step.Client, op.Index)) {
		return
	}
	entries, named := b.entries(op)
	shown := map[string]int{}
	recognized := len(op.Listed.Handles) == 0
	for _, h := range op.Listed.Handles {
		shown[h]++
		_, known := entries[h]
		recognized = recognized || known
	}
	if len(entries) == 0 {
		return
	}
	if !recognized && !named {
		b.stop(false, "step %d (%s): no entry of the list names a User-Agent of this play, and the sign-in keeps no `handle` to find it by", op.Index+1, op.Step.Text())
		return
	}
	wrong := func(rank int, want, got string) {
		if !b.found(listTruthful) {
			b.find(Finding{Requirement: listTruthful, Op: op.Index, Probe: -1, Rank: rank, Want: want, Got: got,
				Try: "make the list from the records that decide whether a credential is live"})
		}
	}
	for _, h := range op.Listed.Handles {
		if e := entries[h]; e.foreign {
			wrong(0, "the list shows sessions of "+op.User+" only", "it shows the session of "+e.who)
		}
	}
	for _, h := range slices.Sorted(maps.Keys(entries)) {
		switch e, n := entries[h], shown[h]; {
		case e.foreign:
		case n < e.least:
			wrong(3, "the list shows every live session of "+op.User, "it does not show the session of "+e.who)
		case n > e.most && e.most == 0:
			wrong(3, "the list shows no session that is over", fmt.Sprintf("it shows the session of %s (%s)", e.who, e.over))
		case n > e.most:
			wrong(3, "the list shows every session once", fmt.Sprintf("it shows the session of %s %d times", e.who, n))
		}
	}
	if mine := b.mine(op); op.Listed.Marked && mine != "" && !slices.Equal(op.Listed.Current, []string{mine}) {
		wrong(3, "the list marks the session of "+op.Step.Client+" as the one that asks, and no other", "it marks "+b.marked(op, entries))
	}
	if !b.found(listTruthful) {
		b.check(listTruthful)
	}
}

// marked says which entries are marked as current, in words.
func (b *bench) marked(op *history.Op, entries map[string]entry) string {
	if len(op.Listed.Current) == 0 {
		return "none"
	}
	out := ""
	for i, h := range op.Listed.Current {
		if i > 0 {
			out += " and "
		}
		if e, ok := entries[h]; ok {
			out += "the session of " + e.who
		} else {
			out += "an entry that is no session of this play"
		}
	}
	return out
}

// entries says what a list may and must show. named tells that the sessions
// have handles that the target itself gave.
func (b *bench) entries(op *history.Op) (out map[string]entry, named bool) {
	out = map[string]entry{}
	series := slices.ContainsFunc(b.world.Known(), func(k model.Known) bool { return len(k.Credentials) == 0 })
	for _, k := range b.world.Known() {
		h, given, sure := b.nameOf(k)
		named = named || given
		if h == "" {
			continue
		}
		e := out[h]
		e.who = fmt.Sprintf("%s (%s)", k.Client, k.User)
		e.foreign = k.User != op.User
		switch {
		case e.foreign:
		case k.State == "live" && sure:
			e.least, e.most = e.least+1, e.most+1
		case k.State == "ended":
			e.over = k.Because
		default:
			e.most++
		}
		if series {
			e.most += len(op.Listed.Handles)
		}
		out[h] = e
	}
	return out, named
}

// nameOf is what a session is called in lists: by the handle that the client was
// told, given by the target, or by its User-Agent. A credential that was replaced
// may have taken the handle with it, so that it is not sure any more.
func (b *bench) nameOf(k model.Known) (h string, given, sure bool) {
	for _, id := range k.Credentials {
		sure = b.creds[id].Handle != ""
		if sure {
			h, given = b.creds[id].Handle, true
		}
	}
	if !given {
		return b.clients[k.Client].Agent, false, true
	}
	return h, true, sure
}

// mine is what the session of the acting client is called in lists, "" where
// that is not sure.
func (b *bench) mine(op *history.Op) string {
	cred := b.lastCred(op.Step.Client, op.Index)
	for _, k := range b.world.Known() {
		if h, _, sure := b.nameOf(k); sure && slices.Contains(k.Credentials, cred) {
			return h
		}
	}
	return ""
}

// tried tells whether an operation really named another client's session to the
// target: who finds no handle of others to send has put nothing to the test.
func (b *bench) tried(op *history.Op) bool {
	if op.Step.Op == "present" {
		return len(op.Shown) > 0
	}
	h := b.creds[b.lastCred(op.Step.Of, op.Index)].Handle
	return h != "" && slices.ContainsFunc(op.Events, func(ev history.Event) bool {
		if ev.Exec != nil {
			return slices.Contains(ev.Exec.Args, h)
		}
		return ev.Exchange != nil && (strings.Contains(ev.Exchange.Request.URL, h) || strings.Contains(ev.Exchange.Request.Body, h))
	})
}

// handles: what names a session in a list opens nothing.
func (b *bench) handles(op *history.Op, _ string) {
	for i, s := range op.Shown {
		switch {
		case s.Answer.State != history.Live:
			b.check(foreignHandles)
		case !b.found(foreignHandles):
			b.find(Finding{Requirement: foreignHandles, Op: op.Index, Probe: -1, Shown: i + 1, Rank: 0,
				Want: "a handle from the list of sessions is no credential",
				Got:  s.What + " is " + gotText(s.Answer),
				Try:  "show handles that no end point takes for a credential"})
		}
	}
}
