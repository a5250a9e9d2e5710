package suites

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/sessionspec/sessionspec/examples/shop"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// childVariable makes a test binary the user's own tests, one of several.
const childVariable = "SESSIONSPEC_TEST_CHILD"

const shopFile = "../examples/shop/sessions.yaml"

// forgetful is a shop whose sign-out deletes the cookie and nothing else.
func forgetful() http.Handler {
	good := shop.New()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/logout" {
			http.SetCookie(w, &http.Cookie{Name: "shop", Path: "/", MaxAge: -1})
			w.WriteHeader(http.StatusNoContent)
			return
		}
		good.ServeHTTP(w, r)
	})
}

const signOut = "frame/sign-out-keeps-others" // tests sign-out-kills-server-side too

var children = map[string]Config{
	"clean":     {Target: shopFile, Handler: shop.New(), Only: signOut},
	"breach":    {Target: shopFile, Handler: forgetful(), Only: signOut},
	"known":     {Target: shopFile, Handler: forgetful(), Only: signOut, Baseline: os.Getenv("BASELINE")},
	"surprise":  {Target: shopFile, Handler: shop.New(), Only: signOut, Baseline: os.Getenv("BASELINE")},
	"nothing":   {Target: shopFile, Handler: shop.New(), Only: "terminate/sign-out-after-expiry"},
	"some":      {Target: shopFile, Handler: shop.New(), Only: "frame/sign-out-keeps-others,frame/create-user-keeps-sessions"},
	"away":      {Target: shopFile, Base: "http://127.0.0.1:1", Only: signOut},
	"no target": {Handler: shop.New()},
	"both":      {Target: shopFile, Handler: shop.New(), Base: "http://127.0.0.1:1"},
	"no such":   {Target: shopFile, Handler: shop.New(), Only: "frame/sign-out-keep-others"},
	"self":      {Target: "reference-app", Only: signOut},
	"no url":    {Target: "testdata/fixed.yaml", Handler: shop.New(), Only: signOut},
	"warns":     {Target: shopFile, Handler: forgetful(), Only: signOut, Level: scenarios.May},
}

// TestSessions is the user's own test, in a child.
func TestSessions(t *testing.T) {
	c, ok := children[os.Getenv(childVariable)]
	if !ok {
		t.Skip("played by TestRun in a process of its own")
	}
	Run(t, c)
}

// TestGinkgoSuite is the user's own suite, in a child.
func TestGinkgoSuite(t *testing.T) {
	c, ok := children[os.Getenv(childVariable)]
	if !ok {
		t.Skip("played by TestDescribe in a process of its own")
	}
	handler := c.Handler
	c.Handler = nil
	gomega.RegisterFailHandler(ginkgo.Fail)
	ginkgo.BeforeSuite(func() { c.Handler = handler }) // what BeforeSuite says counts
	Describe("sessions", &c, ginkgo.Label("mine"))
	ginkgo.RunSpecs(t, "a suite of mine")
}

// child runs one test of this binary as a user would, and says whether it passed.
func child(t *testing.T, which, test string, more ...string) (text string, passed bool) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], append([]string{"-test.v", "-test.run", test}, more...)...)
	cmd.Env = append(os.Environ(), childVariable+"="+which, "SESSIONSPEC_SELF=", "NO_COLOR=1")
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func wants(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if not, ok := strings.CutPrefix(w, "! "); ok == strings.Contains(text, strings.TrimPrefix(w, "! ")) {
			t.Errorf("want %q%s in\n%s", w, map[bool]string{true: " (not " + not + ")"}[ok], text)
		}
	}
}

const killed = "TestSessions/terminate/sign-out-kills-server-side"

func TestRun(t *testing.T) {
	baseline := filepath.Join(t.TempDir(), "known.yaml")
	entry := "- expect: terminate/sign-out-kills-server-side\n  reason: nobody has had the time\n  until: \"2999-12-31\"\n"
	if err := os.WriteFile(baseline, []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BASELINE", baseline)
	for which, c := range map[string]struct {
		passes bool
		want   []string
	}{
		"clean": {true, []string{"--- PASS: " + killed, "--- PASS: " + killed + "/frame.sign-out-keeps-others@shop", ": conformant"}},
		"breach": {false, []string{"--- FAIL: " + killed, "--- PASS: TestSessions/frame/sign-out-keeps-others", "want  alice.laptop#1 is dead", "got   alice.laptop#1",
			"at    step ", "try   go test -run '^TestSessions$/^terminate$/^sign-out-kills-server-side$'", "not conformant: 1 MUST failed"}},
		"known":     {true, []string{"--- SKIP: " + killed, "expected-fail: nobody has had the time", "conformant but for 1 known failure"}},
		"surprise":  {false, []string{"--- FAIL: " + killed, "surprise-pass"}},
		"nothing":   {false, []string{"--- SKIP: TestSessions/terminate", "not-judged: the target file has no operation expire", "nothing was judged"}},
		"away":      {false, []string{"target unreachable"}},
		"no target": {false, []string{"give a Target, or a Driver"}},
		"both":      {false, []string{"Handler beside Base"}},
		"no such":   {false, []string{`did you mean "frame/sign-out-keeps-others"`}},
		"self":      {false, []string{"say in SESSIONSPEC_SELF where it is"}},
		"no url":    {false, []string{"no such variable"}},
		"warns":     {false, []string{"--- FAIL: " + killed}},
	} {
		t.Run(which, func(t *testing.T) {
			text, passed := child(t, which, "^TestSessions$")
			if passed != c.passes {
				t.Errorf("passed: %v\n%s", passed, text)
			}
			wants(t, text, c.want...)
		})
	}
	t.Run("only what is asked for is played", func(t *testing.T) {
		text, passed := child(t, "some", "TestSessions/frame/create-user-keeps-sessions")
		if !passed {
			t.Error(text)
		}
		wants(t, text, "--- PASS: TestSessions/frame/create-user-keeps-sessions", "! sign-out-keeps-others", "1 pass")
	})
}

func TestDescribe(t *testing.T) {
	baseline := filepath.Join(t.TempDir(), "known.yaml")
	entry := "- expect: terminate/sign-out-kills-server-side\n  reason: nobody has had the time\n  until: \"2999-12-31\"\n"
	if err := os.WriteFile(baseline, []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BASELINE", baseline)
	for which, c := range map[string]struct {
		passes bool
		want   []string
	}{
		"clean":    {true, []string{"Ran 3 of 3 Specs", "3 Passed"}},
		"breach":   {false, []string{"[FAIL] sessions [It] terminate/sign-out-kills-server-side", "want  alice.laptop#1 is dead", "ginkgo --focus 'terminate/sign-out-kills-server-side'", "2 Passed"}},
		"known":    {true, []string{"1 Skipped", "expected-fail", "0 Failed"}},
		"surprise": {false, []string{"surprise-pass"}},
		"nothing":  {false, []string{"nothing was judged"}},
		"away":     {false, []string{"target unreachable"}},
		"both":     {false, []string{"Handler beside Base"}},
	} {
		t.Run(which, func(t *testing.T) {
			text, passed := child(t, which, "^TestGinkgoSuite$", "-ginkgo.v", "-ginkgo.no-color")
			if passed != c.passes {
				t.Errorf("passed: %v\n%s", passed, text)
			}
			wants(t, text, c.want...)
		})
	}
	for filter, value := range map[string]string{"-ginkgo.focus": "frame/sign-out-keeps-others", "-ginkgo.label-filter": "group:frame && mine"} {
		t.Run(filter, func(t *testing.T) {
			text, passed := child(t, "breach", "^TestGinkgoSuite$", "-ginkgo.v", "-ginkgo.no-color", filter, value)
			if !passed {
				t.Error(text)
			}
			wants(t, text, "1 Passed", "Skipped")
		})
	}
	t.Run("a filter on the suite's name", func(t *testing.T) {
		text, passed := child(t, "breach", "^TestGinkgoSuite$", "-ginkgo.v", "-ginkgo.no-color", "-ginkgo.focus", "of mine")
		if passed {
			t.Error(text)
		}
		wants(t, text, "[FAIL] sessions [It] terminate/sign-out-kills-server-side")
	})
}

// TestConfigTargets: who is played against is said by a file, a driver, or both.
func TestConfigTargets(t *testing.T) {
	ts, err := Config{Target: shopFile, Driver: appDriver{}}.targets("http://127.0.0.1:1")
	if err != nil || ts[0].Driver == nil || ts[0].Vars["url"] != "http://127.0.0.1:1" {
		t.Errorf("%+v %v", ts, err)
	}
	ts, err = Config{Name: "mine", Driver: appDriver{}, Declares: targets.Declares{Persistence: "browser"}}.targets("http://127.0.0.1:1")
	if err != nil || ts[0].Name != "mine" || ts[0].Base != "http://127.0.0.1:1" || ts[0].Declares.Persistence != "browser" {
		t.Errorf("%+v %v", ts, err)
	}
}
