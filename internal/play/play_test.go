package play

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// service is a small target: cookie `s` presents the session, `t` is noise.
type service struct {
	*httptest.Server
	mu       sync.Mutex
	sessions map[string]string
	seen     []*http.Request
}

func newService(t *testing.T) *service {
	s := &service{sessions: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /users", func(w http.ResponseWriter, r *http.Request) {})
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		id := fmt.Sprintf("session-%04d", len(s.sessions))
		s.sessions[id] = r.FormValue("user")
		w.Header().Add("Set-Cookie", "s="+id+"; Path=/; HttpOnly")
		w.Header().Add("Set-Cookie", "t=dark; Path=/")
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.seen = append(s.seen, r)
		if c, err := r.Cookie("s"); err == nil && s.sessions[c.Value] != "" {
			fmt.Fprintf(w, `{"name":%q}`, s.sessions[c.Value])
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	// Two lines of one name in one answer: the first is good as well, and the last is what a jar keeps.
	mux.HandleFunc("POST /twice", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, id := range []string{"first", "second"} {
			s.sessions[id] = r.FormValue("user")
			w.Header().Add("Set-Cookie", "s="+id+"; Path=/; HttpOnly")
		}
	})
	mux.HandleFunc("POST /twice-out", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sessions["fleeting"] = s.sessions["second"]
		delete(s.sessions, "second")
		w.Header().Add("Set-Cookie", "s=fleeting; Path=/; HttpOnly")
		w.Header().Add("Set-Cookie", "s=; Path=/; Max-Age=0")
	})
	for code, path := range map[int]string{500: "/oops", 429: "/limit", 404: "/away"} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) })
	}
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// env parses a target file against the service and calibrates.
func (s *service) env(t *testing.T, more string) *Env {
	t.Helper()
	tg, err := targets.Parse("t.yaml", []byte(`
name: t
base: `+s.URL+`
operations:
  create_user: [{POST: /users, by: nobody}]
  sign_in: [{POST: /login, form: {user: "${user}", password: "${password}"}}]
  whoami: [{GET: /me, live: status == 200, name: $.name, headers: {X-Connection: "${connection}", X-Forwarded-By: proxy}}]
`+more))
	if err != nil {
		t.Fatal(err)
	}
	tg.Vars = map[string]string{"work": t.TempDir()}
	e, err := NewEnv(tg, true, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Calibrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestCalibrationFindsTheSessionCookieAndOnlyThat(t *testing.T) {
	e := newService(t).env(t, "")
	if !e.Cal.Session["s"] || len(e.Cal.Session) != 1 || len(e.Cal.Others) != 1 || e.Cal.Others[0] != "t" {
		t.Fatalf("%+v", e.Cal)
	}
}

func TestCalibrationRefusesATargetThatKnowsEverybody(t *testing.T) {
	s := newService(t)
	s.sessions[""] = "x"
	tg, err := targets.Parse("t.yaml", []byte("name: t\nbase: "+s.URL+"\noperations:\n  create_user: [{POST: /users, by: nobody}]\n  sign_in: [{POST: /login}]\n  whoami: [{GET: /me, live: status > 0}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEnv(tg, false, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Calibrate(context.Background()); err == nil || !strings.Contains(err.Error(), "whoami for a stranger must be dead") {
		t.Fatalf("%v", err)
	}
}

func TestPlayRecordsThePanelFromCleanClients(t *testing.T) {
	s := newService(t)
	e := s.env(t, "")
	p := e.Play(context.Background(), Plan{ID: "x", Story: story.Story{
		Clients: []story.Client{
			{Name: "laptop", User: "alice"},
			{Name: "desk", User: "bob", Address: "laptop", Connection: "missing", Strip: []string{"X-Forwarded-By"},
				Headers: map[string]string{"X-Forwarded-For": "${laptop.address}"}},
		},
		Steps: []story.Step{
			{Op: "sign_in", Client: "laptop", Expect: "ok"},
			{Op: "sign_in", Client: "desk", Expect: "ok"},
		}}})
	if p.Aborted != "" || len(p.Credentials) != 2 || p.Credentials[1].ID != "bob.desk#1" {
		t.Fatalf("%q %+v", p.Aborted, p.Credentials)
	}
	if len(p.Credentials[0].Carriers) != 1 || p.Credentials[0].Carriers[0].Name != "s" {
		t.Errorf("the credential is %+v, want the session cookie alone", p.Credentials[0].Carriers)
	}
	live := map[string]string{}
	for _, pr := range p.Ops[1].Probes {
		live[pr.Credential] += pr.Answer.State + " " + pr.Answer.User + ";"
	}
	if live["alice.laptop#1"] != "live alice;" || live["bob.desk#1"] != "live bob;" || !strings.HasPrefix(live[""], "dead ;") {
		t.Errorf("panel: %v", live)
	}
	if p.Clients[0].Address != p.Clients[1].Address {
		t.Error("desk does not share laptop's address")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.seen {
		desk := strings.Contains(r.UserAgent(), "/desk-")
		if got := r.Header.Get("X-Connection") != ""; got == desk {
			t.Errorf("%s: connection header %v", r.UserAgent(), got)
		}
		if got := r.Header.Get("X-Forwarded-By") != ""; got == desk {
			t.Errorf("%s: header that a proxy strips: %v", r.UserAgent(), got)
		}
		if got := r.Header.Get("X-Forwarded-For"); desk && got != p.Clients[0].Address {
			t.Errorf("forged header is %q", got)
		}
		if strings.Contains(r.Header.Get("Cookie"), "t=dark") && !strings.Contains(r.UserAgent(), "/first-") {
			t.Error("a clean client sends more than the credential")
		}
	}
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct{ route, want, why string }{
		{"POST: /away", history.Refused, "404"},
		{"POST: /oops", history.Refused, "500"},
		{"POST: /limit", history.Failed, "too many requests"},
		{"POST: /away, ok: status == 404", history.OK, ""},
		{`exec: [sh, -c, "exit 3"]`, history.Refused, "exit 3"},
		{`exec: [/no/such/program]`, history.Failed, "no such file"},
		{`POST: "http://127.0.0.1:1/x"`, history.Failed, "refused"},
	} {
		e := newService(t).env(t, "  sign_out: [{"+c.route+"}]\n")
		p := e.Play(context.Background(), Plan{Story: story.Story{Clients: []story.Client{{Name: "laptop", User: "alice"}},
			Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok"}, {Op: "sign_out", Client: "laptop", Expect: "ok"}}}})
		op := p.Ops[1]
		if op.Outcome != c.want || !strings.Contains(op.Why, c.why) {
			t.Errorf("%s: %s (%s), want %s (%s)", c.route, op.Outcome, op.Why, c.want, c.why)
		}
		if stopped := p.Aborted != ""; stopped != (c.want == history.Failed) {
			t.Errorf("%s: aborted %q", c.route, p.Aborted)
		}
	}
}

func TestAStoryStopsWhereItsPrerequisiteFails(t *testing.T) {
	e := newService(t).env(t, "  change_password: [{POST: /away}]\n")
	p := e.Play(context.Background(), Plan{Story: story.Story{Clients: []story.Client{{Name: "laptop", User: "alice"}},
		Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok"}, {Op: "change_password", Client: "laptop", Expect: "ok"},
			{Op: "sign_in", Client: "laptop", Expect: "ok"}}}})
	if len(p.Ops) != 2 || !strings.Contains(p.Aborted, "step 2 (change_password: laptop) was refused") {
		t.Fatalf("%d operations, %q", len(p.Ops), p.Aborted)
	}
}

func TestInterruptedPlaySaysSo(t *testing.T) {
	e := newService(t).env(t, "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := e.Play(ctx, Plan{Story: story.Story{Clients: []story.Client{{Name: "laptop", User: "alice"}}, Steps: []story.Step{{Op: "sign_in", Client: "laptop"}}}})
	if p.Aborted == "" {
		t.Fatal("a cancelled play looks whole")
	}
}
