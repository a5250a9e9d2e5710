package scenarios

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

func TestTheEmbeddedLibraryLoads(t *testing.T) {
	lib, err := Load(Builtin())
	if err != nil {
		t.Fatal(err)
	}
	if len(lib.Requirements) < 20 || len(lib.Scenarios) < 30 {
		t.Errorf("%d requirements, %d scenarios", len(lib.Requirements), len(lib.Scenarios))
	}
	tested := map[string]bool{}
	for _, s := range lib.Scenarios {
		for _, id := range s.Tests {
			tested[id] = true
		}
		if s.Title == "" || s.Line < 1 || !strings.HasPrefix(s.File, "scenarios/"+s.Group+"/") || s.Source != "builtin" {
			t.Errorf("%s: %+v", s.ID, s)
		}
	}
	for _, r := range lib.Requirements {
		if !r.Planned && !tested[r.ID] {
			t.Errorf("%s: no scenario tests %s", r.Pos, r.ID)
		}
		if got, ok := lib.Requirement(r.ID); !ok || got != r {
			t.Errorf("%s is not found", r.ID)
		}
	}
}

func TestBrokenRequirementsAreRefused(t *testing.T) {
	for _, c := range brokenRequirements {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(map[string]string{"frame/requirements.yaml": c.in})
			var errs yamlx.Errors
			if !errors.As(err, &errs) || !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("want %s\ngot  %v", c.want, err)
			}
		})
	}
}

var brokenRequirements = []broken{
	{"list", "- a\n", "s/frame/requirements.yaml:1:1: expected a mapping from names to requirements", true},
	{"no requirements", "{}\n", "s/frame/requirements.yaml:1:1: expected a mapping from names to requirements", true},
	{"name", "One_two:\n  statement: s\n  level: must\n  channel: wire\n", `s/frame/requirements.yaml:1:1: requirement name "One_two" is not kebab-case`, true},
	{"unknown key", oneRequirement + "  statment: s\n", `s/frame/requirements.yaml:5:3: unknown key "statment" (did you mean "statement"?)`, true},
	{"missing key", "one:\n  level: must\n  channel: wire\n", `s/frame/requirements.yaml:2:3: missing key "statement"`, true},
	{"level", "one:\n  statement: s\n  level: MUST\n  channel: wire\n", `s/frame/requirements.yaml:3:10: unknown value "MUST"`, true},
	{"channel", "one:\n  statement: s\n  level: must\n  channel: wir\n", `s/frame/requirements.yaml:4:12: unknown value "wir" (did you mean "wire"?)`, true},
	{"nothing in it", "one:\n", "s/frame/requirements.yaml:1:5: expected a mapping with statement, ", true},
	{"twice", oneRequirement + oneRequirement, `s/frame/requirements.yaml:5:1: key "one" stands here twice, first in line 1`, false},
}

func TestNamesComeFromFiles(t *testing.T) {
	for file, want := range map[string]string{
		"frame/Foo_bar.yaml":    `s/frame/Foo_bar.yaml:1:1: the scenario's name comes from its file: "Foo_bar" is not kebab-case`,
		"My-Group/x.yaml":       `s/My-Group/x.yaml:1:1: the scenario's name comes from its file: "My-Group" is not kebab-case`,
		"requirements.yaml":     `s/requirements.yaml:1:1: the group comes from the folder: "." is not kebab-case`,
		"A b/requirements.yaml": `s/A b/requirements.yaml:1:1: the group comes from the folder: "A b" is not kebab-case`,
	} {
		text := minimal
		if strings.HasSuffix(file, "requirements.yaml") {
			text = oneRequirement
		}
		_, err := load(map[string]string{"frame/requirements.yaml": oneRequirement, file: text})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
	lib, err := load(map[string]string{"frame/requirements.yaml": oneRequirement, "mine.yaml": minimal})
	if err != nil || lib.Scenarios[0].ID != "mine" {
		t.Errorf("a scenario beside the groups: %v", err)
	}
}

func TestIDsAreGlobal(t *testing.T) {
	source := func(name string, files map[string]string) Source {
		m := fstest.MapFS{}
		for f, text := range files {
			m[f] = &fstest.MapFile{Data: []byte(text)}
		}
		return Source{name, m}
	}
	a := source("a", map[string]string{"frame/requirements.yaml": oneRequirement, "frame/x.yaml": "# comment\n" + minimal})
	b := source("b", map[string]string{"frame/requirements.yaml": "# comment\n" + oneRequirement, "frame/x.yaml": "# comment\n" + minimal})
	for _, order := range [][]Source{{a, b}, {b, a}} {
		_, err := Load(order...)
		first, second := order[0].Name, order[1].Name
		line := map[string]string{"a": "1", "b": "2"}
		want := second + "/frame/requirements.yaml:" + line[second] + ":1: requirement frame/one is defined a second time, first at " + first + "/frame/requirements.yaml:" + line[first] + ":1\n" +
			second + "/frame/x.yaml:2:1: scenario frame/x is defined a second time, first in " + first + "/frame/x.yaml"
		if err == nil || err.Error() != want {
			t.Errorf("want %s\ngot  %v", want, err)
		}
	}
	more := source("c", map[string]string{"frame/y.yaml": minimal})
	if lib, err := Load(a, more); err != nil || len(lib.Scenarios) != 2 || lib.Scenarios[1].Source != "c" {
		t.Errorf("a scenario of one source may test a requirement of another: %v", err)
	}
	if _, err := Load(a, source("d", nil)); err == nil || err.Error() != "d: no scenario files (*.yaml) in it" {
		t.Errorf("%v", err)
	}
}

// A mistake in requirements.yaml is one complaint, not one more for each scenario.
func TestABrokenRequirementIsNotUnknownToo(t *testing.T) {
	_, err := load(map[string]string{"frame/requirements.yaml": strings.Replace(oneRequirement, "must", "msut", 1), "frame/x.yaml": minimal})
	if err == nil || strings.Contains(err.Error(), "unknown requirement") || !strings.Contains(err.Error(), `unknown value "msut" (did you mean "must"?)`) {
		t.Errorf("%v", err)
	}
}

func TestAllComplaintsOfAllFilesComeAtOnce(t *testing.T) {
	_, err := load(map[string]string{"frame/requirements.yaml": oneRequirement, "frame/a.yaml": minimal + "  - sign_of: desk\n  - visti: desk\n", "frame/b.yaml": "a: 1\n"})
	for _, want := range []string{"s/frame/a.yaml:9:5: ", "s/frame/a.yaml:10:5: ", `s/frame/b.yaml:1:1: unknown key "a"`, `s/frame/b.yaml:1:1: missing key "story"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %s in %v", want, err)
		}
	}
}

func TestSelect(t *testing.T) {
	lib, err := load(map[string]string{"frame/requirements.yaml": oneRequirement + "two:\n  statement: s\n  level: may\n  channel: both\n",
		"frame/a.yaml": minimal, "frame/b.yaml": strings.Replace(minimal, "frame/one", "frame/two", 1), "other/c.yaml": minimal})
	if err != nil {
		t.Fatal(err)
	}
	for glob, want := range map[string]string{
		"": "frame/a frame/b other/c", "**": "frame/a frame/b other/c", "frame/*": "frame/a frame/b other/c", "other/*": "other/c",
		"frame/one": "frame/a other/c", "frame/two": "frame/b", "frame/b, other/c": "frame/b other/c", "frame/b,frame/two": "frame/b", "*/b": "frame/b",
	} {
		got, err := lib.Select(glob)
		var ids []string
		for _, s := range got {
			ids = append(ids, s.ID)
		}
		if err != nil || strings.Join(ids, " ") != want {
			t.Errorf("%q: %v %v, want %s", glob, ids, err, want)
		}
	}
	for glob, want := range map[string]string{
		"nosuch/thing": `--only "nosuch/thing" matches no scenario and no requirement`,
		"frame/onee":   `--only "frame/onee" matches no scenario and no requirement (did you mean "frame/one"?)`,
		"frame/a,x[":   `--only "x[": syntax error in pattern`,
		",":            `--only "" matches no scenario`,
	} {
		if _, err := lib.Select(glob); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", glob, err)
		}
	}
}

// The player looks for each need by a word of its own: a word that one side
// alone knows is a scenario that is never played, or a check that never runs.
func TestNeedsAreThoseOfThePlayer(t *testing.T) {
	text, err := os.ReadFile("../internal/play/gap.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, ok := strings.Cut(string(text), "func (e *Env) needs(")
	if !ok {
		t.Fatal("the player's check of needs has moved; mend this test")
	}
	body, _, _ = strings.Cut(body, "\n}\n")
	var words []string
	for _, m := range regexp.MustCompile(`(?m)^\tcase (".*"):$`).FindAllStringSubmatch(body, -1) {
		for _, w := range strings.Split(m[1], ", ") {
			words = append(words, strings.Trim(w, `"`))
		}
	}
	want := needWords()
	slices.Sort(words)
	slices.Sort(want)
	if !slices.Equal(words, want) {
		t.Errorf("the player knows %v, the loader %v", words, want)
	}
}
