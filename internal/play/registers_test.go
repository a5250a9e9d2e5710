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

// registering is a service whose sign-in by registration takes no name twice.
func registering(t *testing.T) (*Env, *[]string) {
	s := newService(t)
	var made []string
	mux := s.Config.Handler.(*http.ServeMux)
	mux.HandleFunc("POST /made", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		made = append(made, "provisioned "+r.FormValue("user"))
	})
	mux.HandleFunc("POST /register", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		user := r.FormValue("user")
		if slices.ContainsFunc(made, func(m string) bool { return strings.HasSuffix(m, " "+user) }) {
			w.WriteHeader(http.StatusConflict)
			return
		}
		made = append(made, "registered "+user)
		id := fmt.Sprintf("session-%04d", len(s.sessions))
		s.sessions[id] = user
		w.Header().Add("Set-Cookie", "s="+id+"; Path=/; HttpOnly")
	})
	e := s.env(t, `
provision: [{POST: /made, form: {user: "${user}"}}]
clients: {desktop: {operations: {sign_in: [{POST: /login, form: {user: "${user}"}}, {route: register, registers: true, POST: /register, form: {user: "${user}"}}]}}}
`)
	s.mu.Lock()
	defer s.mu.Unlock()
	made = nil // calibration's
	return e, &made
}

func TestAnAccountThatItsFirstSignInMakes(t *testing.T) {
	ok := func(op, client string) story.Step { return story.Step{Op: op, Client: client, Expect: "ok"} }
	wrong := story.Step{Op: "sign_in", Client: "laptop", Wrong: true, Expect: "refused"}
	for name, c := range map[string]struct {
		steps  []story.Step
		routes []string
		made   []string
	}{
		"first":           {[]story.Step{ok("sign_in", "laptop")}, []string{"register"}, []string{"registered alice"}},
		"second client":   {[]story.Step{ok("sign_in", "laptop"), ok("sign_in", "phone")}, []string{"register", "post"}, []string{"registered alice"}},
		"looked before":   {[]story.Step{ok("whoami", "laptop"), ok("sign_in", "laptop")}, []string{"", "register"}, []string{"registered alice"}},
		"wrong at first":  {[]story.Step{wrong}, []string{"post"}, []string{"provisioned alice"}},
		"several at once": {[]story.Step{{Op: "sign_in", Client: "laptop", Times: 2, Expect: "ok"}}, nil, []string{"provisioned alice"}},
		"no sign-in":      {[]story.Step{ok("whoami", "laptop")}, []string{""}, []string{"provisioned alice"}},
	} {
		t.Run(name, func(t *testing.T) {
			e, made := registering(t)
			p := e.Play(context.Background(), Plan{ID: "x", Routes: map[string]string{"sign_in": "register"}, Story: story.Story{Steps: c.steps,
				Clients: []story.Client{{Name: "laptop", User: "alice", In: "desktop"}, {Name: "phone", User: "alice", In: "desktop"}}}})
			var routes []string
			for _, o := range p.Ops {
				routes = append(routes, o.Route)
			}
			if c.routes != nil && !slices.Equal(routes, c.routes) {
				t.Errorf("routes %q, want %q: %s", routes, c.routes, p.Aborted)
			}
			for i, m := range *made {
				(*made)[i], _, _ = strings.Cut(m, "-")
			}
			if !slices.Equal(*made, c.made) {
				t.Errorf("accounts %q, want %q", *made, c.made)
			}
			if name == "first" && (p.Aborted != "" || p.Ops[0].Outcome != history.OK || p.Ops[0].Probes[0].Answer.User != "alice") {
				t.Errorf("%s %+v", p.Aborted, p.Ops[0])
			}
		})
	}
}
