package play

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// extended is the small service with refresh values and a code that is good once.
func extended(t *testing.T) (*Env, *[]string) {
	s := newService(t)
	var seen []string
	used := false
	mux := http.NewServeMux()
	mux.Handle("/", s.Config.Handler)
	in := func(w http.ResponseWriter, user string) {
		id := fmt.Sprintf("session-%04d", len(s.sessions))
		s.sessions[id] = user
		w.Header().Add("Set-Cookie", "s="+id+"; Path=/")
	}
	handle := func(path string, do func(http.ResponseWriter, *http.Request)) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			defer s.mu.Unlock()
			do(w, r)
		})
	}
	handle("/enter", func(w http.ResponseWriter, r *http.Request) {
		in(w, r.FormValue("user"))
		w.Header().Add("Set-Cookie", "t=dark; Path=/")
		fmt.Fprint(w, `{"refresh":"r0"}`)
	})
	handle("/refresh", func(w http.ResponseWriter, r *http.Request) {
		c, _ := r.Cookie("s")
		value := ""
		if c != nil {
			value = c.Value
		}
		seen = append(seen, r.FormValue("refresh")+" with "+value)
		fmt.Fprintf(w, `{"refresh":"r%d"}`, len(seen))
	})
	handle("/leave", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", "s=; Path=/; Max-Age=0")
	})
	handle("/ask", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"code":"abc"}`) })
	handle("/code", func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.FormValue("code"))
		if used || r.FormValue("code") != "abc" {
			w.WriteHeader(http.StatusConflict)
			return
		}
		used = true
		in(w, r.FormValue("user"))
	})
	s.Config.Handler = mux
	e := s.env(t, `
  refresh: [{POST: /refresh, form: {refresh: "${refresh}"}, keep: {refresh: $.refresh}}]
  sign_out: [{POST: /leave}]
  request_link: [{POST: /ask, keep: {artefact: $.code}}]
  redeem: [{POST: /code, form: {code: "${artefact}", user: "${user}"}}]
`)
	in2 := e.Target.Operations["sign_in"][0]
	in2.Steps = slices.Clone(in2.Steps)
	in2.Steps[0].Path.Text = "/enter"
	in2.Steps[0].Keep = e.Target.Operations["refresh"][0].Steps[0].Keep
	e.Target.Operations["sign_in"][0] = in2
	return e, &seen
}

func play(e *Env, steps ...story.Step) *history.Play {
	for i := range steps {
		steps[i].Expect = "any"
	}
	return e.Play(context.Background(), Plan{Story: story.Story{Steps: steps,
		Clients: []story.Client{{Name: "laptop", User: "alice"}, {Name: "phone", User: "bob"}}}})
}

func TestRefreshSendsWhatWasHeld(t *testing.T) {
	e, seen := extended(t)
	p := play(e, story.Step{Op: "sign_in", Client: "laptop"}, story.Step{Op: "refresh", Client: "laptop"},
		story.Step{Op: "refresh", Client: "laptop", With: story.Spent}, story.Step{Op: "refresh", Client: "laptop"},
		story.Step{Op: "sign_out", Client: "laptop"}, story.Step{Op: "refresh", Client: "laptop", With: story.Copied})
	if p.Aborted != "" || len(p.Ops) != 6 {
		t.Fatalf("%d operations, %q", len(p.Ops), p.Aborted)
	}
	s := p.Credentials[0].Carriers[0].Value
	if got, want := strings.Join(*seen, ", "), fmt.Sprintf("r0 with %s, r0 with %s, r1 with %s, r3 with %s", s, s, s, s); got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	p = play(e, story.Step{Op: "sign_in", Client: "laptop"}, story.Step{Op: "refresh", Client: "laptop", With: story.Spent})
	if !strings.Contains(p.Aborted, "has made no refresh before") {
		t.Errorf("aborted %q", p.Aborted)
	}
}

func TestRedeemAtOnceAndByAnother(t *testing.T) {
	e, seen := extended(t)
	p := play(e, story.Step{Op: "request_link", Client: "laptop"}, story.Step{Op: "redeem", Client: "laptop", Times: 5},
		story.Step{Op: "redeem", Client: "phone", Of: "laptop"})
	if p.Aborted != "" || len(*seen) != 6 {
		t.Fatalf("%d redeemed, %q", len(*seen), p.Aborted)
	}
	if op := p.Ops[1]; op.Outcome != history.OK || op.Captured == "" || len(op.Shown) != 1 || op.Shown[0].Answer.State != history.Live {
		t.Errorf("at once: %s, captured %q, shown %+v", op.Outcome, op.Captured, op.Shown)
	}
	if op := p.Ops[2]; op.User != "alice" || op.Outcome != history.Refused || op.Captured != "" {
		t.Errorf("by another: for %s, %s, captured %q", op.User, op.Outcome, op.Captured)
	}
}

func TestArtefactsAreAllButTheCredential(t *testing.T) {
	e, _ := extended(t)
	p := play(e, story.Step{Op: "sign_in", Client: "laptop"}, story.Step{Op: "present", Client: "laptop", How: story.Artefacts})
	var cases []string
	for _, s := range p.Ops[1].Shown {
		cases = append(cases, s.Case+" "+s.Answer.State)
	}
	if got := strings.Join(cases, ", "); got != "cookie t dead, refresh dead" {
		t.Errorf("shown: %s", got)
	}
}
