package suites

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	check "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

// evidenceOf plays one story with a fault and returns the story and its folder.
func evidenceOf(t *testing.T, target, plant, only, browser string) (reports.Scenario, string) {
	t.Helper()
	lib, err := library()
	if err != nil {
		t.Fatal(err)
	}
	ts, err := targets.Load(target, map[string]string{"plant": plant})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	s, scs, err := open(Options{Library: lib, Targets: ts, Browser: browser, Only: only, Workers: 1, Out: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	if err := s.start(context.Background(), scs); err != nil {
		t.Fatal(err)
	}
	s.engine.run(context.Background())
	s.collect()
	if err := s.write(); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(s.run.Scenarios, func(x reports.Scenario) bool { return x.Verdict == reports.Fail })
	if i < 0 {
		t.Fatalf("nothing fails\n%s", notPassed(s.run))
	}
	return s.run.Scenarios[i], dir
}

func kinds(sc reports.Scenario) (out []string) {
	for _, e := range sc.Evidence {
		if !slices.Contains(out, e.Kind) {
			out = append(out, e.Kind)
		}
	}
	return out
}

// read decodes the evidence of a kind and returns its raw text.
func read(t *testing.T, sc reports.Scenario, dir, kind string, into any) string {
	t.Helper()
	i := slices.IndexFunc(sc.Evidence, func(e reports.Evidence) bool { return e.Kind == kind })
	if i < 0 {
		t.Fatalf("no %s among %+v", kind, sc.Evidence)
	}
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(sc.Evidence[i].File)))
	if err != nil {
		t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
	}
	return string(data)
}

// A story on the wire leaves an archive and what became of jars.
func TestEvidenceOfTheWire(t *testing.T) {
	t.Parallel()
	sc, dir := evidenceOf(t, "reference-two-cookie", "cookieset/same-life", "cookieset/same-life", "none")
	if got := kinds(sc); !slices.Equal(got, []string{reports.KindHAR, reports.KindCookies}) {
		t.Errorf("evidence: %v", got)
	}
	schema, err := check.NewCompiler().Compile("../reports/testdata/har-1.2.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, sc, dir, reports.KindHAR, nil)
	v, err := check.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("no HTTP Archive 1.2: %v", err)
	}
	for _, want := range []string{`"title": "sign_in: laptop"`, `"comment": "panel: alice.laptop#1"`, "session_id=‹"} {
		if !strings.Contains(text, want) {
			t.Errorf("the archive lacks %s", want)
		}
	}
	var steps []reports.CookieStep
	read(t, sc, dir, reports.KindCookies, &steps)
	if len(steps) == 0 || steps[0].StepIndex != 1 || steps[0].Client != "laptop" || len(steps[0].Changes) != 2 {
		t.Fatalf("%+v", steps)
	}
	for _, c := range steps[0].Changes {
		if c.Change != "added" || c.After == nil || c.After.SameSite != "Lax" || !strings.Contains(c.After.Value, "‹") {
			t.Errorf("%+v", c)
		}
	}
}

// A story in a browser leaves its console and a picture of every step besides.
func TestEvidenceOfABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	t.Parallel()
	sc, dir := evidenceOf(t, "reference-two-cookie", "browser/restart-without-restore", "browser/restart-without-restore", "chrome")
	if got := kinds(sc); !slices.Equal(got, []string{reports.KindHAR, reports.KindCookies, reports.KindConsole, reports.KindFilm}) {
		t.Errorf("evidence: %v", got)
	}
	if text := read(t, sc, dir, reports.KindHAR, nil); !strings.Contains(text, `"comment": "laptop (browser)"`) {
		t.Error("nothing of the browser in the archive")
	}
	var lines []reports.ConsoleLine
	read(t, sc, dir, reports.KindConsole, &lines)
	if !slices.ContainsFunc(lines, func(l reports.ConsoleLine) bool {
		return l.Kind == "error" && strings.Contains(l.Text, "404") && l.Step == "visit: laptop"
	}) {
		t.Errorf("no news of the page that is not there: %+v", lines)
	}
	var steps []string
	for _, e := range sc.Evidence {
		if e.Kind == reports.KindFilm {
			steps = append(steps, e.Step)
			if data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(e.File))); err != nil || !strings.HasPrefix(string(data), "\xff\xd8\xff") {
				t.Errorf("%s is no JPEG: %v", e.File, err)
			}
		}
	}
	if want := []string{"sign_in: laptop", "visit: laptop", "restart_browser: laptop", "visit: laptop"}; !slices.Equal(steps, want) {
		t.Errorf("the film shows %v, want %v", steps, want)
	}
}
