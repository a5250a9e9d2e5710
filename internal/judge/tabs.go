package judge

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
)

const (
	tabsAgree     = "browser/tabs-agree"
	remoteEnd     = "client/remote-end-noticed"
	privateWindow = "browser/private-window-isolated"
	crossSite     = "browser/cross-site-entry"
)

// requestsMost is how many requests a page may make on its way to telling that
// its session is over; a browser gives up a chain of redirects after 20.
const requestsMost = 20

// staleForm: a form that was filled in under a session which has gone since
// changes nothing for anybody else, and leads to a page that knows who is there.
func (b *bench) staleForm(op *history.Op, before string) {
	s := op.Sent
	if s == nil || before == "unspecified" {
		return
	}
	person := b.person(b.clients[op.Step.Client], op.Index)
	ended, switched := before == "ended" || before == "none", person != s.Person
	if !ended && !switched {
		return // nothing has changed, so nothing is stale
	}
	req := tabsAgree
	if ended && before == "ended" {
		req = remoteEnd
	}
	f := Finding{Requirement: req, Op: op.Index, Probe: -1, Rank: 3, Want: "a page whose session is over leads to the sign-in",
		Try: "answer a form of an ended session in one place: say what happened, and offer the sign-in"}
	if req == tabsAgree {
		f.Want = fmt.Sprintf("a form that %s filled in does nothing after the sign-out or change of user in another tab, and says so", s.Person)
		f.Try = "bind forms to the session they were made in, and let an open tab ask the server who is there"
	}
	requests := 0
	for _, x := range op.Journal {
		if x.Request.Header.Get("Sec-Fetch-Dest") == "document" {
			requests++
		}
	}
	switch {
	case s.Error != "":
		f.Got = "the page comes to nothing: " + s.Error
	case requests > requestsMost:
		f.Got = fmt.Sprintf("it made %d requests for pages", requests)
	case s.Sight == nil:
		return
	case s.Sight.Blank:
		f.Got = pathOf(s.Sight.URL) + " is a blank page"
	case req == tabsAgree && slices.Contains(s.Sight.Names, s.Person):
		f.Got = fmt.Sprintf("%s still names %s", pathOf(s.Sight.URL), s.Person)
	case ended && s.Sight.Claim == "in":
		f.Got = pathOf(s.Sight.URL) + " says signed in"
	case req == remoteEnd && s.Sight.Claim != "out":
		f.Got = pathOf(s.Sight.URL) + " does not offer to sign in"
	default:
		b.check(req)
		b.stale = append(b.stale, *s)
		return
	}
	b.find(f)
}

// staleNote: what a stale form held is not in the session of whoever is there now.
func (b *bench) staleNote(op *history.Op) {
	if op.Step.Op != "read_note" || op.Outcome != history.OK {
		return
	}
	for _, s := range b.stale {
		person := b.person(b.clients[op.Step.Client], op.Index)
		switch {
		case s.Person == person:
		case op.Read != s.Text:
			b.check(tabsAgree)
		default:
			b.find(Finding{Requirement: tabsAgree, Op: op.Index, Probe: -1, Rank: 0,
				Want: fmt.Sprintf("a form that %s filled in does nothing as %s", s.Person, person),
				Got:  fmt.Sprintf("the session of %s holds what it said", person),
				Try:  "bind forms to the session they were made in"})
		}
	}
}

// beside is the client whose window lies beside that of another in one browser.
func (b *bench) beside(client string) string {
	for _, c := range b.play.Clients {
		if c.Private != "" && c.Name == client {
			return c.Private
		}
		if c.Private == client && client != "" {
			return c.Name
		}
	}
	return ""
}

// closedWindow: a new private window knows nothing of the one before.
func (b *bench) closedWindow(op *history.Op) {
	if op.Step.Op != "close_private_window" || op.Self == nil {
		return
	}
	f := Finding{Requirement: privateWindow, Op: op.Index, Probe: -1, Rank: 3, Want: "a new private window is nobody's",
		Try: "let nothing but the credential decide who is there"}
	switch {
	case op.Self.State == history.Live:
		f.Got, f.Rank = "whoami says "+gotText(*op.Self), 0
	case op.Claim == "in":
		f.Got = "the signal cookie is there"
	default:
		for _, v := range op.Visits {
			if v.Claim == "in" {
				f.Got = v.Path + " says signed in"
			}
		}
	}
	if f.Got == "" {
		b.check(privateWindow)
		return
	}
	b.find(f)
}

// arrived: whoever comes from another site is afterwards who he was.
func (b *bench) arrived(op *history.Op, before string) {
	if op.Step.Op != "arrive" || before != "live" {
		return
	}
	for _, e := range op.Entries {
		f := Finding{Requirement: crossSite, Op: op.Index, Probe: -1, Rank: 2,
			Want: "who comes by " + e.How + " from another site is still signed in",
			Try:  "set no cookie on requests that come without one, and use SameSite=Lax where people come in by links"}
		switch {
		case e.Answer.State == history.NoVerdict:
			b.stop(true, "whoami gave no verdict after coming by %s: %s", e.How, e.Answer.Why)
			return
		case e.Answer.State != history.Live:
			f.Got = "whoami says " + gotText(e.Answer)
		case e.Again != nil && e.Again.Claim == "out":
			f.Rank, f.Got = 3, "the page, loaded again, says signed out, and whoami says "+gotText(e.Answer)
		default:
			b.check(crossSite)
			continue
		}
		b.find(f)
		return
	}
}
