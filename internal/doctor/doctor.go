// Package doctor learns by playing what a target's operations do to sessions:
// which end, which go on, whose credential is renewed, what is handed out. It
// puts that beside what the target file declares. It judges nothing: whether
// an end is right is for a run to say.
package doctor

import (
	"context"
	"slices"

	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/reports/redact"
	"github.com/sessionspec/sessionspec/targets"
)

// Report is what was learnt of one target.
type Report struct {
	Target  string `json:"target"`
	Title   string `json:"title,omitempty"`
	Release string `json:"release,omitempty"`
	// SessionCookies present the session: without one of them whoami is dead.
	SessionCookies []string `json:"session_cookies"`
	// OtherCookies come with a sign-in, and whoami does not need them.
	OtherCookies []string `json:"other_cookies"`
	// Value tells that a kept value, such as a header token, presents the session.
	Value bool `json:"value"`
	// Signal is the cookie by which a client believes to be signed in, SignalSeen
	// whether a sign-in really brings it.
	Signal     string `json:"signal,omitempty"`
	SignalSeen bool   `json:"signal_seen,omitempty"`
	// Pages say whether somebody is signed in; Clients are the kinds besides wire.
	Pages   []string `json:"pages"`
	Clients []string `json:"clients"`
	// Lasting tells whether the session's cookies outlive the browser: browser,
	// persistent, both, or "" where no cookie presents it.
	Lasting string `json:"lasting,omitempty"`
	// Strangers tells that whoami hands credentials to strangers.
	Strangers bool `json:"strangers"`
	// Missing operations are neither offered nor declared as absent; Without are declared as absent.
	Missing []string `json:"missing"`
	Without []string `json:"without"`
	// NotDeclared are promises about operations offered here that the file leaves open.
	NotDeclared []string `json:"not_declared"`
	Rows        []Row    `json:"rows"`
	// Contradictions are declarations that the plays do not bear out.
	Contradictions []string `json:"contradictions"`
	// Requests is what all of it cost the target.
	Requests int `json:"requests"`
}

// Words that a cell may hold besides "as NAME".
const (
	Lives   = "lives"   // the session goes on by the same credential
	Ends    = "ends"    // it is over
	Rotates = "rotates" // it goes on by a new credential, the old one is dead
	Adds    = "adds"    // there is a new credential, and the old one goes on
	Orphan  = "orphan"  // its client lost it, and yet it lives
	New     = "new"     // it has just begun
	Pending = "pending" // a factor is missing
	Revives = "revives" // it was dead before and lives again
	Dead    = "dead"    // it was dead before and is
	Nobody  = "nobody"  // a stranger stays one
	None    = "none"    // there is no such session in this row
	Mixed   = "mixed"   // some so, some otherwise: see the note
	Absent  = "-"       // the target does not offer the operation
	Unknown = "?"       // not learnt: see the note
)

// Row is what one operation did by one route.
type Row struct {
	Operation string `json:"operation"`
	// Case tells plays of one operation apart: "again", "wrong password".
	Case  string `json:"case,omitempty"`
	Route string `json:"route,omitempty"`
	// Client is the kind of client, "" for plain HTTP.
	Client  string `json:"client,omitempty"`
	Outcome string `json:"outcome,omitempty"`
	// This is the acting session, SameUser the other ones of the account acted on,
	// OtherUser everybody else's, Anonymous a client without a credential.
	This      string `json:"this_session"`
	SameUser  string `json:"same_user"`
	OtherUser string `json:"other_user"`
	Anonymous string `json:"anonymous"`
	// Mints names the credentials handed out: cookies by name, "value" for others.
	Mints []string `json:"mints,omitempty"`
	// Declared has the promises about this row by the column that they are about.
	Declared map[string]string `json:"declared,omitempty"`
	// Contradicts names the columns in which the promise is not what was learnt.
	Contradicts []string `json:"contradicts,omitempty"`
	// Note says why a cell is unknown or mixed.
	Note string `json:"note,omitempty"`
}

// Options of an examination.
type Options struct {
	Start targets.StartOptions
	// AllowExec permits routes that run commands; targets that ship with sessionspec may anyway.
	AllowExec bool
}

// Examine starts a target, plays its operations one at a time and ends it
// again. Errors are those of starting and calibrating it; what goes wrong later
// stands in the rows.
func Examine(ctx context.Context, t *targets.Target, o Options) (*Report, error) {
	o.Start.AllowExec = o.AllowExec
	p, err := t.Start(ctx, o.Start)
	if err != nil {
		return nil, err
	}
	defer p.Stop()
	red := redact.New()
	env, err := play.NewEnv(t, o.AllowExec || t.Trusted, nil, red)
	if err != nil {
		return nil, err
	}
	if err := env.Preflight(ctx); err != nil {
		return nil, err
	}
	if err := env.Calibrate(ctx); err != nil {
		return nil, err
	}
	r := describe(t, env)
	for _, c := range cases(t) {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if c.why != "" || c.route.Steps.Exec() && !env.Exec {
			r.Rows = append(r.Rows, c.unplayed())
			continue
		}
		h := env.Play(ctx, c.plan(t)) // one at a time: what ends whose session must have one author
		row := c.learn(h)
		row.Note = red.String(row.Note)
		r.Rows = append(r.Rows, row)
		r.Requests += h.Requests
		r.observe(h)
	}
	r.compare(t)
	return r, nil
}

// describe fills in what calibration and the target file say.
func describe(t *targets.Target, env *play.Env) *Report {
	r := &Report{Target: t.Name, Title: t.Title, Release: t.Release, Value: env.Cal.Value, SignalSeen: env.Cal.Claim,
		SessionCookies: []string{}, OtherCookies: []string{}, Pages: []string{}, Clients: []string{},
		Missing: []string{}, Without: append([]string{}, t.Declares.Without...), NotDeclared: []string{}, Contradictions: []string{}}
	for name := range env.Cal.Session {
		r.SessionCookies = append(r.SessionCookies, name)
	}
	r.OtherCookies = append(r.OtherCookies, env.Cal.Others...)
	if t.Claim != nil {
		r.Signal = t.Claim.Cookie
	}
	for _, p := range t.Pages {
		r.Pages = append(r.Pages, p.Path.Text)
	}
	for kind := range t.Clients {
		r.Clients = append(r.Clients, kind)
	}
	for _, op := range story.Ops() {
		if _, ok := t.Operations[op.Name]; !ok && !op.Local && !t.Without(op.Name) {
			r.Missing = append(r.Missing, op.Name)
		}
	}
	slices.Sort(r.SessionCookies)
	slices.Sort(r.Clients)
	return r
}

// Learnt tells whether any row has an answer.
func (r *Report) Learnt() bool {
	return slices.ContainsFunc(r.Rows, func(row Row) bool { return row.This != Unknown && row.This != Absent })
}
