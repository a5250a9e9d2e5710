package judge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// tale is a play that never took place. It keeps what whoami would say to every
// credential and asks all of them, and a stranger at each client, after every
// operation. Credentials are called user.client#n, as the player calls them.
type tale struct {
	p        *history.Play
	truth    map[string]history.Answer
	holds    map[string]string // client -> its newest credential
	captures map[string]int
	strange  map[string]history.Answer
}

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// tell starts a tale; the cast reads "laptop=alice". Everybody has an address of their own.
func tell(cast ...string) *tale {
	t := &tale{p: &history.Play{ID: "tale"}, truth: map[string]history.Answer{}, holds: map[string]string{},
		captures: map[string]int{}, strange: map[string]history.Answer{}}
	for i, c := range cast {
		name, user, _ := strings.Cut(c, "=")
		t.p.Clients = append(t.p.Clients, history.Client{Name: name, User: user, Address: fmt.Sprintf("127.64.0.%d", i+1)})
	}
	return t
}

func (t *tale) client(name string) *history.Client {
	for i := range t.p.Clients {
		if t.p.Clients[i].Name == name {
			return &t.p.Clients[i]
		}
	}
	panic("no client " + name)
}

// effect is something that happened in an operation, or because of it.
type effect func(*tale, *history.Op)

// do tells one operation. A sign-in brings a credential and a sign-out ends it,
// unless the effects say otherwise.
func (t *tale) do(op, client string, effects ...effect) *tale {
	o := history.Op{Index: len(t.p.Ops), Step: story.Step{Op: op, Client: client, Expect: "ok", Line: 10 + len(t.p.Ops)}, Outcome: history.OK,
		Start: epoch, End: epoch}
	if client != "" {
		o.User = t.client(client).User
	}
	o.Events = []history.Event{{Exchange: &history.Exchange{Request: history.Request{Method: "POST", URL: "http://127.0.0.1/" + op}, Response: &history.Response{Status: 200}}}}
	if held := t.holds[client]; op == "sign_out" && held != "" {
		t.truth[held] = dead
	}
	for _, e := range effects {
		e(t, &o)
	}
	if op == "sign_in" && o.Outcome == history.OK && o.Captured == "" {
		gets("")(t, &o)
	}
	for _, c := range t.p.Credentials {
		o.Probes = append(o.Probes, history.Probe{Credential: c.ID, Client: c.Client, Answer: t.truth[c.ID]})
	}
	for _, c := range t.p.Clients {
		a, ok := t.strange[c.Name]
		if !ok {
			a = dead
		}
		o.Probes = append(o.Probes, history.Probe{Client: c.Name, Answer: a})
	}
	for id, a := range t.truth { // what an answer hands out it hands out once
		a.Offers = nil
		t.truth[id] = a
	}
	t.p.Ops = append(t.p.Ops, o)
	return t
}

var dead = history.Answer{State: history.Dead}

func liveAs(user string) history.Answer {
	return history.Answer{State: history.Live, Name: user + "-x", User: user}
}

func owner(cred string) string { u, _, _ := strings.Cut(cred, "."); return u }

// gets gives the client a credential; "" makes up a value.
func gets(value string) effect {
	return func(t *tale, o *history.Op) {
		c := o.Step.Client
		t.captures[c]++
		who := o.User // of a sign-in; of anything else it is the user acted on
		if o.Step.Op != "sign_in" {
			who = t.client(c).User
		}
		id := fmt.Sprintf("%s.%s#%d", who, c, t.captures[c])
		v := value
		if v == "" {
			v = "value-" + id
		}
		t.p.Credentials = append(t.p.Credentials, history.Credential{ID: id, Client: c, User: who, Op: o.Index,
			Carriers: []history.Carrier{{Kind: "cookie", Name: "sid", Value: v}}})
		t.truth[id], t.holds[c], o.Captured = liveAs(who), id, id
	}
}

func answer(cred string, a history.Answer) effect {
	return func(t *tale, _ *history.Op) { t.truth[cred] = a }
}
func dies(creds ...string) effect {
	return func(t *tale, o *history.Op) {
		for _, c := range creds {
			t.truth[c] = dead
		}
	}
}
func lives(cred string) effect           { return answer(cred, liveAs(owner(cred))) }
func answersAs(cred, user string) effect { return answer(cred, liveAs(user)) }
func waits(cred string) effect           { return answer(cred, history.Answer{State: history.HalfLive}) }
func mute(cred string) effect {
	return answer(cred, history.Answer{State: history.NoVerdict, Why: "whoami answered 500"})
}
func unknown(cred string) effect {
	return answer(cred, history.Answer{State: history.Live, Name: "zoe"})
}

// offersWhenDead: the answer that says a credential is over hands out a value.
func offersWhenDead(cred string, values ...string) effect {
	return func(t *tale, _ *history.Op) {
		a := dead
		for _, v := range values {
			a.Offers = append(a.Offers, history.Offer{Kind: "cookie", Name: "sid", Value: v})
		}
		t.truth[cred] = a
	}
}

func strangerIs(client string, a history.Answer) effect {
	return func(t *tale, _ *history.Op) { t.strange[client] = a }
}

// set changes the record of the operation itself.
func set(f func(o *history.Op)) effect { return func(_ *tale, o *history.Op) { f(o) } }

func user(u string) effect { return set(func(o *history.Op) { o.User, o.Step.User = u, u }) }
func of(c string) effect   { return set(func(o *history.Op) { o.Step.Of = c }) }
func outcome(s string) effect {
	return set(func(o *history.Op) { o.Outcome, o.Why = s, "POST /x -> 403" })
}

var (
	refused = outcome(history.Refused)
	pending = outcome(history.Pending)
	failed  = outcome(history.Failed)
	acted   = set(func(o *history.Op) { o.Acted = true })
	restore = set(func(o *history.Op) { o.Step.Restore = true })
)

func offers(values ...string) effect {
	return set(func(o *history.Op) {
		for _, v := range values {
			o.Offers = append(o.Offers, history.Offer{Kind: "cookie", Name: "sid", Value: v, Event: len(o.Events) - 1})
		}
	})
}
func wrote(text string) effect { return set(func(o *history.Op) { o.Note = text }) }
func read(text string) effect  { return set(func(o *history.Op) { o.Read, o.Found = text, text != "" }) }
func counted(n int) effect     { return set(func(o *history.Op) { o.Count = &n }) }
func claims(s string) effect   { return set(func(o *history.Op) { o.Claim = s }) }
func self(a history.Answer) effect {
	return set(func(o *history.Op) { o.Self = &a })
}
func stored(holds bool) effect {
	return set(func(o *history.Op) { o.Storage = &history.Storage{File: "~/token", Holds: holds, Value: "old"} })
}
func page(path, claim string, signOut bool) effect {
	return set(func(o *history.Op) {
		o.Visits = append(o.Visits, history.Visit{Path: path, Claim: claim, SignOut: signOut, CanSignOut: true})
	})
}
func jar(cs ...history.JarCookie) effect { return set(func(o *history.Op) { o.Jar = cs }) }

// when keeps effects for the faulty play only.
func when(bad bool, effects ...effect) effect {
	return func(t *tale, o *history.Op) {
		for _, e := range effects {
			if bad {
				e(t, o)
			}
		}
	}
}

// all renders findings for a failing test.
func all(r *Result) string {
	out := fmt.Sprintf("stopped %q error %v checks %v", r.Stopped, r.Error, r.Checks)
	for _, f := range r.Findings {
		out += fmt.Sprintf("\n  %s op %d probe %d rank %d %q: want %s; got %s", f.Requirement, f.Op, f.Probe, f.Rank, f.Credential, f.Want, f.Got)
	}
	return out
}

// silent fails unless nothing was found and the play counts.
func silent(t *testing.T, r *Result) {
	t.Helper()
	if len(r.Findings) > 0 || r.Stopped != "" || r.Error {
		t.Fatalf("not clean: %s", all(r))
	}
}

// only fails unless exactly these requirements were found broken, in this order.
func only(t *testing.T, r *Result, ids ...string) {
	t.Helper()
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Requirement)
	}
	if strings.Join(got, " ") != strings.Join(ids, " ") {
		t.Fatalf("want %v: %s", ids, all(r))
	}
}
