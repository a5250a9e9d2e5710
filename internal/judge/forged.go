package judge

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

const (
	stateProof  = "csrf/state-change-needs-proof"
	signForgery = "csrf/sign-in-and-out-forgery"
	boundToken  = "csrf/token-bound-to-session"
	laxWindow   = "csrf/lax-window"
)

// forged: what a page of another site sends with the browser's cookies changes
// nothing: not who is signed in, nor what the session holds. What it did to
// other sessions the panel sees.
func (b *bench) forged(op *history.Op, before string) {
	if op.Step.Op != "forge" || before == "unspecified" {
		return
	}
	req := stateProof
	if op.Step.Does == "sign_in" || op.Step.Does == "sign_out" {
		req = signForgery
	}
	if op.Step.Window {
		req = laxWindow
	}
	person := b.person(b.clients[op.Step.Client], op.Index)
	for _, x := range op.Forged {
		f := Finding{Requirement: req, Op: op.Index, Probe: -1, Rank: 1,
			Want: fmt.Sprintf("%s sent by %s of another site changes nothing", op.Step.Does, x.How),
			Try:  "ask for a token, or look at Sec-Fetch-Site and Origin, in one place before everything that changes something; change nothing by GET"}
		if op.Step.Window {
			f.Want = fmt.Sprintf("%s sent by %s of another site changes nothing while the session's cookies are %s old", op.Step.Does, x.How, x.Age)
			f.Try = "say SameSite, and ask for a token or look at Sec-Fetch-Site and Origin besides: a browser's default is no protection"
		}
		a := x.Answer
		switch {
		case a.State == history.NoVerdict:
			b.stop(true, "whoami gave no verdict after a forged %s: %s", op.Step.Does, a.Why)
			return
		case before == "live" && a.State != history.Live:
			f.Got = fmt.Sprintf("%s was signed out (%s)", person, x.Request)
		case before == "live" && a.Name != "" && a.User != person:
			f.Rank, f.Got = 0, fmt.Sprintf("the browser of %s is %s (%s)", person, gotText(a), x.Request)
		case before != "live" && a.State == history.Live:
			f.Rank, f.Got = 0, fmt.Sprintf("the browser, where nobody was signed in, is %s (%s)", gotText(a), x.Request)
		case x.Read != "" && x.Read == op.Note:
			f.Got = fmt.Sprintf("the session of %s holds what the other site sent (%s)", person, x.Request)
		default:
			b.check(req)
			continue
		}
		b.find(f)
		return
	}
}

// tokens: a form is taken with what its own page had in it, as long as the
// session lives, and with nobody else's. Where it is taken without, too, the
// value proves nothing, and something else has to protect it.
func (b *bench) tokens(op *history.Op, before string) {
	if op.Step.Op != "swap_token" || before != "live" {
		return
	}
	came := map[string]string{}
	for _, t := range op.Tokens {
		if t.Outcome == history.Failed {
			b.stop(true, "the form of %s with the value %s: %s", op.Step.Does, t.Whose, t.Why)
			return
		}
		came[t.Whose] = t.Outcome
	}
	if came[history.OwnToken] != history.OK {
		b.stop(false, "the form of %s was refused with the value of its own page", op.Step.Does)
		return
	}
	if came[history.NoToken] != history.Refused {
		b.res.Notes = append(b.res.Notes, "the form of "+op.Step.Does+" is taken without the value of its page, so nothing follows from whose the value is")
		return
	}
	whose := map[string]string{history.OthersToken: "of the page of " + op.Step.Of, history.EarlyToken: "of a page from before a sign-in", history.MadeToken: "that was made up"}
	for _, t := range op.Tokens {
		f := Finding{Requirement: boundToken, Op: op.Index, Probe: -1, Rank: 1,
			Try: "make the token from the session's own secret, compare the whole of it, and let it live as long as the session"}
		switch {
		case whose[t.Whose] != "" && t.Outcome == history.OK:
			f.Want = fmt.Sprintf("the form of %s is refused with a token %s", op.Step.Does, whose[t.Whose])
			f.Got = "it was taken: " + t.Why
		case t.Whose == history.OlderToken && t.Outcome != history.OK:
			f.Rank, f.Want, f.Got = 3, fmt.Sprintf("the form of %s is taken from a page that was opened before another one", op.Step.Does), "it was refused: "+t.Why
		default:
			b.check(boundToken)
			continue
		}
		b.find(f)
		return
	}
}
