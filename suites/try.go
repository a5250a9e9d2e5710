package suites

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
)

// try is the command line that plays a job's scenario again, as a shell reads it.
func (s *session) try(j *job) string {
	words := []string{"./run.sh", "run", "--target", s.tryTarget(j), "--only", j.sc.ID}
	for _, dir := range s.folders() {
		words = append(words, "--scenarios", typed(dir))
	}
	for _, k := range slices.Sorted(maps.Keys(s.Set)) {
		words = append(words, "--set", k+"="+s.Set[k])
	}
	if s.Plant != "" {
		words = append(words, "--plant", s.Plant)
	}
	if b := cmp.Or(j.plan.Browser, s.Browser, play.DefaultBrowser); b != play.DefaultBrowser {
		words = append(words, "--browser", b)
	}
	if s.InBrowser {
		words = append(words, "--in-browser")
	}
	if s.Level != "" && s.Level != scenarios.Should {
		words = append(words, "--level", string(s.Level))
	}
	if s.AllowExec && !j.env.Target.Trusted {
		words = append(words, "--allow-exec")
	}
	for i, w := range words {
		words[i] = reports.ShellWord(w)
	}
	return strings.Join(words, " ")
}

func (s *session) tryTarget(j *job) string {
	name := j.env.Target.Name
	if !j.env.Target.Trusted {
		name = j.env.Target.File
	}
	if j.env.Target.Release != "" {
		name += "@" + j.env.Target.Release
	}
	return name
}

// folders are those of scenarios besides the embedded ones.
func (s *session) folders() (out []string) {
	for _, sc := range s.Library.Scenarios {
		if sc.Source != scenarios.Builtin().Name && !slices.Contains(out, sc.Source) {
			out = append(out, sc.Source)
		}
	}
	return out
}

// typed is a path as somebody in this folder would type it.
func typed(path string) string {
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, path); err == nil && !strings.HasPrefix(rel, "..") {
			return rel
		}
	}
	return path
}
