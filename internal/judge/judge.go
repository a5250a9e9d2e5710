// Package judge compares what happened with what had to happen. It is pure: a
// history goes in, findings come out, and an old history can be judged again
// with today's requirements.
package judge

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Terms are what the target declares, as far as the judge needs it.
type Terms struct {
	model.Declared
	// AnonymousSessions: strangers get sessions, so an answer may hand one out.
	AnonymousSessions bool
	// Persistence is "", "browser" or "persistent".
	Persistence string
	// Embedding is "", "none", "partitioned" or "third_party".
	Embedding string
}

// Finding is one difference between duty and deed.
type Finding struct {
	Requirement string
	Want, Got   string
	// Op is the index of the operation; Probe of the panel answer, or -1.
	Op, Probe int
	// Shown is the number, from 1, of what was presented; 0 for none.
	Shown int
	// Walk is the number, from 1, of the answer through a cache; 0 for none.
	Walk int
	// Credential concerned, "" for none.
	Credential string
	// Rank orders findings: 0 another's identity, 1 a dead credential lives,
	// 2 a live one died, 3 claim and truth differ, 4 the rest.
	Rank int
	// Try is advice.
	Try string
	// cell is what the timeline wants of the credential, where a whole step was judged.
	cell string
	// Marks point at the lines of answers that are at fault, where lines are.
	Marks []Mark
}

// Cell is one credential in one row of the timeline.
type Cell struct {
	Credential string
	Want, Got  string
	Bad        bool
}

// Row is one step of the timeline.
type Row struct {
	Op      int
	Step    string
	Line    int
	Outcome string
	// Client is who acted, "" for nobody's client.
	Client string
	Cells  []Cell
}

// Result is what the judge says about one play.
type Result struct {
	Findings []Finding
	// Checks counts, per requirement, how often the play really put it to the test.
	Checks map[string]int
	// Stopped says why the play does not count ("" if it does), Error whether
	// that is the target's or the harness's trouble.
	Stopped string
	Error   bool
	// Orders is what became of parallel steps, nil where there were none.
	Orders *Orders
	// Unspecified counts answers that no duty fixes.
	Unspecified int
	Timeline    []Row
	Notes       []string
}

type bench struct {
	play    *history.Play
	terms   Terms
	world   *model.World
	clients map[string]history.Client
	creds   map[string]history.Credential
	res     *Result
	notes   map[string]writer // note text -> who wrote it
	control bool              // somebody has read back an own note
	pending []func()          // note checks that wait for the control
	counted *count
	odd     map[string]bool // pages that disagreed with whoami already
	// What was reported once already: credentials that answered for somebody
	// else, credentials whose end came with a ghost, clients whose address made
	// a stranger somebody.
	foreigners     []string
	ghosted, aired map[string]bool
	rights         rights
	guarded        map[string]bool // operation and route that turned a stranger away
	elevated       elevation
	opened         map[string]opened
	stale          []history.Sent // forms that were sent too late
	muddled        bool           // an operation of a generated story broke off
	book           *cookieBook
	travel         travel
	refusedAs      map[string]refusal // how whoami refuses each kind of dead credential
	refusedBare    *refusal           // the same for who shows nothing
	liveBody       string             // class of the body for who is signed in
	used           map[int]bool       // request_links whose artefact was redeemed, by the operation's index
	open           *openings
	races          map[string]*attempts
	merging        []merging
	crossed        []exchangeAt // of the operation crossedIn
	crossedIn      *history.Op
	readings       map[*history.Exchange]*reading
	helped         bool            // the operation for elevated sessions has worked
	revives        map[string]bool // artefacts that signed somebody in while their session was live
}

// Judge reads one play.
func Judge(p *history.Play, t Terms) *Result {
	if p.Interrupted {
		return &Result{Checks: map[string]int{}, Stopped: p.Aborted, Error: true}
	}
	b := &bench{play: p, terms: t, res: &Result{Checks: map[string]int{}},
		clients: map[string]history.Client{}, creds: map[string]history.Credential{}, notes: map[string]writer{}, odd: map[string]bool{},
		ghosted: map[string]bool{}, aired: map[string]bool{}, readings: map[*history.Exchange]*reading{}}
	var users []string
	for _, c := range p.Clients {
		b.clients[c.Name] = c
		if c.User != "" && !slices.Contains(users, c.User) {
			users = append(users, c.User)
		}
	}
	for _, c := range p.Credentials {
		b.creds[c.ID] = c
	}
	b.world = model.New(t.Declared, users)
	b.openBook()
	for i := range p.Ops {
		if b.op(&p.Ops[i]) {
			break
		}
	}
	if p.Aborted != "" && b.res.Stopped == "" {
		b.res.Stopped = p.Aborted
		b.res.Error = len(p.Ops) == 0 || p.Ops[len(p.Ops)-1].Outcome == history.Failed
	}
	b.settleNotes()
	b.countTries()
	b.trustControl()
	slices.SortStableFunc(b.res.Findings, func(x, y Finding) int { return x.Rank - y.Rank })
	return b.res
}

// op judges one operation; true means that nothing after it counts.
func (b *bench) op(op *history.Op) (stop bool) {
	if op.Outcome == history.Skipped {
		return false
	}
	if op.Step.Op == story.Parallel {
		return b.together(op)
	}
	before := b.world.ClientState(op.Step.Client)
	ended := b.world.Ended(op.Step.Client)
	heldBefore := b.held(op)
	revival, because := b.world.Revival(op.Step.Client, op.Step.With == story.Spent)
	full := b.world.Full(op.User)
	b.moved(op)
	expects := b.world.Apply(b.event(op))
	row := Row{Op: op.Index, Step: op.Step.Text(), Line: op.Step.Line, Outcome: op.Outcome, Client: op.Step.Client}
	b.newToken(op, before)
	b.entropy(op)
	b.privilege(op)
	b.elevate(op)
	b.merged(op, before)
	b.full(op, before, full)
	b.listing(op, before)
	b.readers(op, before, heldBefore)
	b.signOutAnswer(op, before, ended)
	b.ghosts(op, heldBefore, expects)
	b.storage(op)
	b.sameLife(op)
	b.setCookies(op)
	b.growth(op)
	b.shows(op, before)
	b.plain(op)
	b.ledBack(op)
	b.offered(op)
	b.exposed(op)
	b.stored(op)
	b.cached(op)
	b.crawl(op, before)
	b.anyOrder(op, before)
	b.channels(op, b.lastCred(op.Step.Client, op.Index))
	b.protected(op, before)
	b.arrivals(op)
	b.recovers(op)
	b.refusals(op)
	b.visits(op)
	b.restart(op, before)
	b.back(op, before)
	b.staleForm(op, before)
	b.closedWindow(op)
	b.arrived(op, before)
	b.nextPerson(op)
	b.forged(op, before)
	b.framed(op, before)
	b.tokens(op, before)
	b.refreshed(op, before, revival, because)
	b.singleUse(op)
	b.halfOpen(op, before)
	b.note(op)
	b.staleNote(op)
	b.count(op, before)
	b.panel(op, expects, &row)
	b.res.Timeline = append(b.res.Timeline, row)
	return b.res.Stopped != ""
}

func (b *bench) event(op *history.Op) model.Event {
	outcome := op.Outcome
	if b.play.Generated && unansweredBy(op) != "" {
		outcome = history.Failed
	}
	return model.Event{Op: op.Step.Op, How: op.Step.How, Client: op.Step.Client, User: op.User, Of: op.Step.Of,
		Outcome: outcome, Captured: op.Captured, ByUser: op.Acted,
		Presented: b.presented(op), Wrong: op.Step.Wrong, Unanswered: op.Step.Unanswered, Planted: op.Planted, Times: op.Step.Times, AtOnce: op.Step.AtOnce, To: op.Step.To,
		Spent: op.Step.With == story.Spent,
		Does:  op.Step.Does, Beside: b.beside(op.Step.Client),
		Lost: (op.Step.Op == "restart_browser" || op.Step.Op == "close_private_window") && op.Self != nil && op.Self.State != history.Live}
}

// held returns the values that the acting client already held.
func (b *bench) held(op *history.Op) map[string]bool {
	out := map[string]bool{}
	for _, c := range b.play.Credentials {
		if c.Client == op.Step.Client && c.Op < op.Index {
			for _, v := range c.Carriers {
				out[v.Value] = true
			}
		}
	}
	return out
}

func (b *bench) check(requirement string) { b.res.Checks[requirement]++ }

// found tells whether this play has broken the requirement already.
func (b *bench) found(requirement string) bool {
	return slices.ContainsFunc(b.res.Findings, func(f Finding) bool { return f.Requirement == requirement })
}

func (b *bench) find(f Finding) {
	b.res.Checks[f.Requirement]++
	b.res.Findings = append(b.res.Findings, f)
}

func (b *bench) stop(isError bool, format string, args ...any) {
	if b.res.Stopped == "" {
		b.res.Stopped, b.res.Error = fmt.Sprintf(format, args...), isError
	}
}

// trustControl drops findings that rest on a target which, at the end, could
// not even sign in a newcomer: that is trouble of another kind.
func (b *bench) trustControl() {
	c := b.play.Control
	if c == nil || c.OK() || len(b.res.Findings) == 0 {
		return
	}
	b.res.Stopped, b.res.Error = "the control failed, so nothing of this play counts: "+controlText(c), true
	b.res.Notes = append(b.res.Notes, fmt.Sprintf("%d differences were seen and are not reported", len(b.res.Findings)))
	b.res.Findings = nil
}

func controlText(c *history.Control) string {
	switch {
	case c.Error != "":
		return c.Error
	case c.Fresh.State != history.Live:
		return "a fresh sign-in is not live but " + c.Fresh.State + " " + c.Fresh.Why
	}
	return "a stranger is " + c.Stranger.State
}
