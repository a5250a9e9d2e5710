package suites

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// madePasswords is what the harness's own passwords look like.
var madePasswords = regexp.MustCompile(`Aa1-[a-z2-7]{16}`)

// TestNoSecretInAnyArtefact plays everything with a fault that makes evidence,
// then looks for every credential and password of the run, also encoded, in
// every file that was written and on the console.
func TestNoSecretInAnyArtefact(t *testing.T) {
	for _, dialect := range []string{"web", "bearer"} {
		t.Run(dialect, func(t *testing.T) {
			out := t.TempDir()
			lib, err := scenarios.Load(scenarios.Builtin())
			if err != nil {
				t.Fatal(err)
			}
			ts, err := targets.Load("reference-"+dialect, map[string]string{"plant": "terminate/sign-out-kills-server-side,hygiene/no-ghost-on-sign-out"})
			if err != nil {
				t.Fatal(err)
			}
			var console strings.Builder
			s, scs, err := open(Options{Library: lib, Targets: ts, Browser: "none", Workers: 4, Out: filepath.Join(out, "r"), Stdout: &console})
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
			s.console.Summary(s.run)
			if s.run.Summary[reports.Fail] == 0 {
				t.Fatal("no failure, so no evidence to look at")
			}
			secrets := secretsOf(t, s.engine.jobs)
			if len(secrets) < 50 {
				t.Fatalf("only %d secrets in the whole run", len(secrets))
			}
			found := 0
			look := func(where, text string) {
				for secret := range secrets {
					for _, form := range []string{secret, url.QueryEscape(secret), hex.EncodeToString([]byte(secret)),
						base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))} {
						if strings.Contains(text, form) {
							found++
							if found < 5 {
								at := strings.Index(text, form)
								t.Errorf("%s holds a secret: %q", where, text[max(0, at-60):min(len(text), at+len(form)+20)])
							}
						}
					}
				}
			}
			look("the console", console.String())
			files := 0
			err = filepath.WalkDir(out, func(p string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				files++
				b, err := os.ReadFile(p)
				look(p, string(b))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d secrets, %d files, %d hits", len(secrets), files, found)
		})
	}
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
