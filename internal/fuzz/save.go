package fuzz

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
)

// Save writes a finding as a scenario file into dir, named after its key, and
// returns the file's name. A file of that name is left as it is: it shows the same.
func (x *Finding) Save(dir string, seed uint64, target string) (string, error) {
	if x.How == Quarantine {
		dir = filepath.Join(dir, "quarantine")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(dir, x.Name+".yaml")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	return path, os.WriteFile(path, []byte(x.scenario(seed, target)), 0o644)
}

// scenario is the finding as a scenario file.
func (x *Finding) scenario(seed uint64, target string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Found by sessionspec fuzz at %s: seed %d, %s %d; %s, %d of %d replays.\n", target, seed, x.Found.Kind, x.Found.Index, x.How, x.Hits, x.Tries)
	fmt.Fprintf(&b, "# %d steps, made %d in %d plays.\n", x.StepsFound, x.StepsShrunk, x.ShrinkRuns)
	fmt.Fprintf(&b, "# want: %s\n# got:  %s\n", x.Want, x.Got)
	fmt.Fprintf(&b, "title: %s\n", x.title())
	fmt.Fprintf(&b, "tests: [%s]\nunscripted: true\nclients:\n", x.Key.Requirement)
	for _, c := range x.trace.Clients {
		switch {
		case c.World != "":
			fmt.Fprintf(&b, "  %s: {user: %s, world: %s}\n", c.Name, c.User, c.World)
		case c.User == "":
			fmt.Fprintf(&b, "  %s: {in: %s}\n", c.Name, c.In)
		case c.In != "" && c.In != "wire":
			fmt.Fprintf(&b, "  %s: {user: %s, in: %s}\n", c.Name, c.User, c.In)
		default:
			fmt.Fprintf(&b, "  %s: %s\n", c.Name, c.User)
		}
	}
	b.WriteString("story:\n")
	for i, s := range x.trace.Steps {
		line := x.line(s)
		if i == len(x.trace.Steps)-1 && x.Rounds > 1 {
			line = strings.Replace(line, "parallel: ", fmt.Sprintf("parallel: {times: %d, branches: ", x.Rounds), 1) + "}"
		}
		fmt.Fprintf(&b, "  - %s\n", line)
	}
	return b.String()
}

func (x *Finding) title() string {
	what := map[string]string{WrongIdentity: "a session answers for somebody else", DeadAlive: "a session that is over is alive", LiveDead: "a session that must live is dead",
		ClaimDiffers: "a page says something else than the server"}[x.Key.Class]
	if what == "" {
		what = "a duty is broken"
	}
	whose := map[string]string{"same-device": " on the same device", "same-user": " on another device of the user", "other-user": " of another user"}[x.Key.Relation]
	return fmt.Sprintf("%s after %s%s", what, x.Key.Operation, whose)
}

// line is a step without "expect: any", which an unscripted story implies, and
// with the route of the whole story where it has one.
func (x *Finding) line(s story.Step) string {
	s.Expect = "ok"
	if r := x.trace.Routes[s.Op]; r != "" && s.Route == "" {
		s.Route = r
	}
	return s.Text()
}
