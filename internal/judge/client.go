package judge

import (
	"fmt"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// sameLifeSlack is how far the ends of two cookies of one session may be
// apart: they are set in one answer, but each computes its own second.
const sameLifeSlack = time.Minute

// sameLife: the cookies that together present a session are of one
// persistence class and end together.
func (b *bench) sameLife(op *history.Op) {
	if op.Outcome != history.OK || op.Step.Op == "sign_out" || b.found(sameLife) {
		return
	}
	var set []history.JarCookie
	for _, c := range op.Jar {
		if c.Session || c.Claim {
			set = append(set, c)
		}
	}
	if len(set) < 2 {
		return
	}
	first := set[0]
	for _, c := range set[1:] {
		apart := c.Expires.Sub(first.Expires).Abs()
		if c.Persistent == first.Persistent && (!c.Persistent || apart <= sameLifeSlack) {
			continue
		}
		b.find(Finding{Requirement: sameLife, Op: op.Index, Probe: -1, Rank: 3,
			Want: fmt.Sprintf("cookies %s and %s live and die together", first.Name, c.Name),
			Got:  fmt.Sprintf("%s %s; %s %s", first.Name, life(first, op.End), c.Name, life(c, op.End)),
			Try:  "set both with the same Max-Age, or both without", Marks: b.marksOf(op, sameLife, first.Name, c.Name)})
		return
	}
	b.check(sameLife)
}

func life(c history.JarCookie, now time.Time) string {
	if !c.Persistent {
		return "ends with the browser"
	}
	return "lives for " + c.Expires.Sub(now).Round(time.Second).String()
}

// visits: every page of a live session offers the way out and does not claim
// that the visitor is out.
func (b *bench) visits(op *history.Op) {
	if op.Step.Op != "visit" || op.Self == nil || op.Self.State != history.Live {
		return
	}
	var lying, closed []string
	for _, v := range op.Visits {
		switch {
		case v.Error != "":
			b.stop(true, "page %s: %s", v.Path, v.Error)
		case b.odd[v.Path]:
		case v.Claim == "out":
			b.odd[v.Path] = true
			lying = append(lying, v.Path)
		case v.CanSignOut && !v.SignOut:
			b.odd[v.Path] = true
			closed = append(closed, v.Path)
		case v.CanSignOut || v.Claim == "in":
			b.check(reachable)
		}
	}
	if len(lying) > 0 {
		b.find(Finding{Requirement: reachable, Op: op.Index, Probe: -1, Rank: 3,
			Want: fmt.Sprintf("%s: the page knows what whoami says (%s)", strings.Join(lying, ", "), gotText(*op.Self)),
			Got:  "it says that the visitor is signed out, and offers no way out",
			Try:  "draw the menu from the same truth that the server uses"})
	}
	if len(closed) > 0 {
		b.find(Finding{Requirement: reachable, Op: op.Index, Probe: -1, Rank: 3,
			Want: fmt.Sprintf("%s: a page of a live session offers sign-out", strings.Join(closed, ", ")),
			Got:  "no sign-out on the page"})
	}
}

// restart: after the browser was started again, what the client believes and
// what the server knows agree.
func (b *bench) restart(op *history.Op, before string) {
	if op.Step.Op != "restart_browser" || op.Self == nil {
		return
	}
	req := restartPlain
	if op.Step.Restore {
		req = restartKept
	}
	truth := "out"
	if op.Self.State == history.Live {
		truth = "in"
	}
	claims := op.Visits
	if op.Claim != "" {
		claims = append([]history.Visit{{Path: "the signal cookie", Claim: op.Claim}}, claims...)
	}
	judged := false
	for _, v := range claims {
		if v.Error != "" {
			b.stop(true, "page %s: %s", v.Path, v.Error)
			return
		}
		if v.Claim == "" || b.odd[v.Path] {
			continue
		}
		judged = true
		if v.Claim != truth {
			b.find(Finding{Requirement: req, Op: op.Index, Probe: -1, Rank: 3,
				Want: fmt.Sprintf("after the restart %s agrees with whoami", v.Path),
				Got:  fmt.Sprintf("%s says signed %s, whoami says %s", v.Path, v.Claim, gotText(*op.Self))})
			return
		}
	}
	// A promise about persistence is put to the test by a session that was live.
	promised := !op.Step.Restore && before == "live" && b.terms.Persistence != ""
	if promised && (b.terms.Persistence == "browser") == (truth == "in") {
		b.find(Finding{Requirement: req, Op: op.Index, Probe: -1, Rank: 3,
			Want: "a session that is declared to be " + b.terms.Persistence, Got: "after the restart the visitor is signed " + truth})
		return
	}
	if judged || promised {
		b.check(req)
	}
}

type writer struct {
	client history.Client
	person string // who was signed in at the client
	cred   string
	op     int
}

// note: what one session stores no other reads.
func (b *bench) note(op *history.Op) {
	c := b.clients[op.Step.Client]
	if op.Outcome != history.OK {
		return
	}
	if op.Step.Op == "note" {
		b.notes[op.Note] = writer{c, b.person(c, op.Index), b.lastCred(c.Name, op.Index), op.Index}
		return
	}
	if op.Step.Op != "read_note" {
		return
	}
	w, known := b.notes[op.Read]
	reader := writer{c, b.person(c, op.Index), b.lastCred(c.Name, op.Index), op.Index}
	mine := known && w.client.Name == c.Name && w.person == reader.person && b.world.SameSession(w.cred, reader.cred)
	if op.Found && mine {
		b.control = true
		return
	}
	// Whose data could have come instead: every other writer so far.
	for _, o := range b.notes {
		if req := b.notOurs(reader, o); req != "" {
			b.pending = append(b.pending, func() { b.check(req) })
		}
	}
	if op.Found && known {
		req := b.notOurs(reader, w)
		if req == "" {
			return
		}
		b.control = true // a note that crosses proves that notes are kept
		b.find(Finding{Requirement: req, Op: op.Index, Probe: -1, Rank: 0,
			Want: fmt.Sprintf("%s reads its own note or none", c.Name),
			Got:  fmt.Sprintf("%s reads the note of %s (%s)", c.Name, w.client.Name, w.person)})
	}
}

// settleNotes counts the reads that crossed nothing, but only if somebody has
// read back an own note: a target that forgets everything proves nothing.
func (b *bench) settleNotes() {
	if b.control {
		for _, f := range b.pending {
			f()
		}
		return
	}
	if len(b.pending) > 0 {
		b.res.Notes = append(b.res.Notes, "nobody could read back an own note, so nothing follows from notes that did not cross")
	}
}

// lastCred is the newest credential of a client at a point of the story.
func (b *bench) lastCred(client string, op int) string {
	last := ""
	for _, c := range b.play.Credentials {
		if c.Client == client && c.Op <= op {
			last = c.ID
		}
	}
	return last
}
