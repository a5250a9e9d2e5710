package judge

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Requirements about cookies that do not belong together.
const (
	lossSafe = "cookieset/partial-loss-safe"
	noMix    = "cookieset/no-mix"
	twinSafe = "cookieset/twin-name-resilient"
)

// showJudges judge each `how` of a `present`, one entry a line. before is the
// acting client's session as the model saw it.
var showJudges = map[string]func(b *bench, op *history.Op, before string){
	story.Loss: choicesFor(lossSafe),
	story.Mix:  choicesFor(noMix),
	story.Twin: choicesFor(twinSafe),

	story.Malformed:  shownBy((*bench).malformed),
	story.Injection:  shownBy((*bench).injected),
	story.Tampered:   shownBy((*bench).tampered),
	story.Neighbours: shownBy((*bench).neighbours),
	story.Lookalike:  shownBy((*bench).lookalike),
	story.Elsewhere:  shownBy((*bench).elsewhere),
	story.Handles:    (*bench).handles,
	story.Artefacts:  (*bench).artefacts,
	story.Origins:    (*bench).origins,
}

// shows judges the answers to what was presented.
func (b *bench) shows(op *history.Op, before string) {
	if judge := showJudges[op.Step.How]; op.Step.Op == "present" && judge != nil {
		judge(b, op, before)
	}
}

func choicesFor(req string) func(*bench, *history.Op, string) {
	return func(b *bench, op *history.Op, before string) { b.choices(op, before, req) }
}

// choices judges what whoami said to choices of a client's cookies: wholly one
// of those who are signed in, or nobody. Nobody is always a safe answer.
func (b *bench) choices(op *history.Op, before, req string) {
	if before != "live" && before != "pending" {
		return
	}
	var users []string
	if before == "live" {
		users = append(users, b.whose(op.Step.Client))
	}
	// A session that should be over and was found live is reported already; to
	// answer for it here too is the same fault.
	if op.Step.Of != "" && (b.world.ClientState(op.Step.Of) == "live" || b.world.Settled(b.lastCred(op.Step.Of, op.Index))) {
		users = append(users, b.whose(op.Step.Of))
	}
	for i, s := range op.Shown {
		if op.Step.How == story.Mix && s.Mine == nil {
			continue // one client's part alone, asked for to compare with
		}
		want, got, rank := b.choice(op, s, users)
		switch {
		case b.res.Stopped != "":
			return
		case got == "":
			b.check(req)
		case !b.found(req):
			b.find(Finding{Requirement: req, Op: op.Index, Probe: -1, Shown: i + 1, Rank: rank, Want: s.What + ": " + want, Got: got})
		}
	}
}

// choice says what is wrong with one answer; got is "" if nothing is.
func (b *bench) choice(op *history.Op, s history.Shown, users []string) (want, got string, rank int) {
	a := s.Answer
	switch {
	case a.State == history.NoVerdict:
		if x := a.Exchange; x == nil || x.Response == nil || x.Response.Status < 500 {
			b.stop(true, "whoami gave no verdict in %q: %s", op.Step.Text(), a.Why)
			return "", "", 0
		}
		return "an answer, whoever it is for", a.Why, 3
	case a.State != history.Live:
		return "", "", 0
	case len(users) == 0:
		return "nobody is signed in by a part of a sign-in that is not finished", gotText(a), 1
	case a.Name != "" && !slices.Contains(users, a.User):
		return fmt.Sprintf("live as %s, or nobody", users), gotText(a), 0
	case s.Mine != nil && !b.enough(op, *s.Mine, a) && !b.enough(op, *s.Theirs, a):
		return "nobody: neither part is enough for " + a.User, gotText(a), 0
	}
	return "", "", 0
}

// enough tells whether a part alone got the same answer.
func (b *bench) enough(op *history.Op, i int, a history.Answer) bool {
	part := op.Shown[i].Answer
	return part.State == history.Live && part.Name == a.Name
}
