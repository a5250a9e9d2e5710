package suites

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

// madePasswords is what the harness's own passwords look like.
var madePasswords = regexp.MustCompile(`Aa1-[a-z2-7]{16}`)

// TestNoSecretInAnyArtefact plays everything with a fault that makes evidence,
// renders every format there is, and looks for every credential and password of
// the run in every file and on the console: as it is, in each derived form, and
// in what the artefact decodes to.
func TestNoSecretInAnyArtefact(t *testing.T) {
	for _, dialect := range []string{"web", "bearer"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			ts, err := targets.Load("reference-"+dialect, map[string]string{"plant": "terminate/sign-out-kills-server-side,hygiene/no-ghost-on-sign-out"})
			if err != nil {
				t.Fatal(err)
			}
			searched(t, Options{Targets: ts}, 50)
		})
	}
	// A target that says every secret it is told in every form it can think of.
	t.Run("gossip", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(gossip(forgetful()))
		defer srv.Close()
		ts, err := targets.Load(shopFile, map[string]string{"url": srv.URL})
		if err != nil {
			t.Fatal(err)
		}
		searched(t, Options{Targets: ts, Only: "frame/**,terminate/**"}, 20)
	})
}

// searched plays, renders everything, and searches it.
func searched(t *testing.T, o Options, least int) {
	t.Helper()
	out := t.TempDir()
	lib, err := library()
	if err != nil {
		t.Fatal(err)
	}
	var console strings.Builder
	o.Library, o.Browser, o.Workers, o.Out, o.Stdout = lib, "none", 4, filepath.Join(out, "r"), &console
	s, scs, err := open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	if err := s.start(t.Context(), scs); err != nil {
		t.Fatal(err)
	}
	s.journal.head(s)
	s.engine.run(t.Context())
	if err := s.conclude(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.console.Summary(s.run)
	if s.run.Summary[reports.Fail] == 0 {
		t.Fatal("no failure, so no evidence to look at")
	}
	secrets := secretsOf(t, s.engine.jobs)
	if len(secrets) < least {
		t.Fatalf("only %d secrets in the whole run", len(secrets))
	}
	search := searchFor(secrets)
	search.look(t, "the console", console.String())
	for name, text := range renderings(t, s.run, s.Out) {
		search.look(t, name, text)
	}
	files := map[string]int{}
	err = filepath.WalkDir(out, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[filepath.Ext(p)]++
		b, err := os.ReadFile(p)
		search.look(t, strings.TrimPrefix(p, out), string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{".json", ".jsonl", ".html", ".xml", ".sarif", ".md", ".svg", ".http"} {
		if files[kind] == 0 {
			t.Errorf("no %s file was searched", kind)
		}
	}
	t.Logf("%d secrets in %d forms, files %v, %d hits", len(secrets), search.forms, files, search.hits)
	// Tags keep equality visible: a credential is the same in all exchanges of a play.
	if b, err := os.ReadFile(filepath.Join(s.Out, reports.JournalFile)); err != nil || !strings.Contains(string(b), "‹alice.laptop#1›") {
		t.Errorf("the journal has no tag: %v", err)
	}
}

// renderings writes every format into the folder, and returns what is only
// printed: also the comparison, and what recheck makes of the journal.
func renderings(t *testing.T, r *reports.Run, dir string) map[string]string {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := reports.Render(r, dir, dir, reports.Formats()...)
	check(err)
	lib, err := library()
	check(err)
	again := filepath.Join(filepath.Dir(dir), "again")
	check(reports.Prepare(again, *r))
	rechecked, err := Again(lib, again, dir)
	check(err)
	check(reports.WriteAll(rechecked, again))
	for i, q := range rechecked.Requirements { // equality is still there, or it would be judged otherwise
		if q.ID == "establish/entropy-floor" && q.Verdict == reports.NotJudged {
			continue // what it measures is hidden
		}
		if q.ID != r.Requirements[i].ID || q.Verdict != r.Requirements[i].Verdict {
			t.Errorf("judged again by the tags, %s is %s, and was %s", q.ID, q.Verdict, r.Requirements[i].Verdict)
		}
	}
	out := map[string]string{}
	for name, show := range map[string]func(w io.Writer) error{
		"github":  func(w io.Writer) error { return reports.Annotations(r, w) },
		"text":    func(w io.Writer) error { Summarize(r, w, dir, 0); return nil },
		"against": func(w io.Writer) error { return reports.Compare(&reports.Run{}, r).WriteText(w) },
	} {
		var b strings.Builder
		check(show(&b))
		out[name] = b.String()
	}
	var known strings.Builder
	for _, e := range (&reports.Baseline{}).Update(r, r.Ended).Entries {
		known.WriteString(e.String())
	}
	out["baseline"] = known.String()
	return out
}

func secretsOf(t *testing.T, jobs []*job) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, j := range jobs {
		if j.final == nil {
			continue
		}
		for _, c := range j.final.Credentials {
			if j.final.Ops[c.Op].Step.How == story.Malformed {
				continue // a broken value out of a corpus, such as "1", is nobody's secret
			}
			for _, v := range c.Carriers {
				out[v.Value] = true
			}
		}
		b, err := json.Marshal(j.final)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range madePasswords.FindAllString(string(b), -1) {
			out[p] = true
		}
	}
	return out
}
