package scenarios

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Scenario is one story with the requirements it is there to judge.
type Scenario struct {
	// ID is the file's path below the source, without its ending.
	ID    string
	Group string
	Title string
	// Tests are ids of requirements that this story must be able to judge.
	Tests []string
	// Needs are capabilities beyond the operations of the story, see Needs.
	Needs []string
	// Serial stories look at the whole target (session counts) and run alone.
	Serial bool
	// Once stories are about the browser more than about the target: of the variants in a
	// folder of targets the first that can play one does.
	Once  bool
	Story story.Story
	// Generate continues the story at random, nil for one that is written out.
	Generate *Generation
	// Unscripted stories were drawn, not written: any outcome of a step is
	// expected, and the story goes on after trouble.
	Unscripted bool
	// Source says where it came from ("builtin" or the user's folder).
	Source string
	File   string
	Line   int
}

var (
	kebab    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	roleName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
)

// A Need is a capability that a scenario may ask for in `needs`.
type Need struct{ Name, Doc string }

// Needs lists the words that `needs` may hold. The player knows how to look for
// each of them.
func Needs() []Need { return slices.Clone(needs) }

var needs = []Need{
	{"cookies", "a cookie presents the session"},
	{"cookie_set", "two cookies or more present or signal the session"},
	{"several_cookies", "a sign-in leaves two cookies or more"},
	{"https", "the target's base is an https address"},
	{"claim", "the target file names a signal cookie"},
	{"claims", "the target file names a signal cookie, or a page that works without scripts"},
	{"pages", "the target file describes pages that the story's clients can read"},
	{"connection", "the target tells connections apart"},
	{"no_anonymous_sessions", "the target does not declare that strangers have sessions: there a new one proves nothing"},
	{"handles", "sign-ins keep what names their session, or there is a list of sessions"},
	{"relogin", "signing in again in one client is not declared to add a session"},
	{"remember", "the target declares a sign-in that is remembered; the story's sign-ins go that way"},
	{"refresh_reuse", "a refresh credential is good for one refresh: the target declares no other, and no long grace"},
	{"user_switch", "signing in where somebody else is signed in is not declared to be refused"},
	{"embedding", "the target declares that it has sessions in frames of other sites"},
	{"no_embedding", "the target does not declare that it works in frames of other sites"},
	{"rotation", "the target declares that a password change rotates the credential"},
	{"revoke_password", "the target declares that ending a session from the list asks for the password"},
	{"session_limit", "the target declares how many sessions an account may have"},
	{"admin_creation", "create_user has a route that is open to administrators only"},
	{"acting_creation", "create_user has a route through the session of its client"},
}

func needWords() []string {
	out := make([]string, len(needs))
	for i, n := range needs {
		out[i] = n.Name
	}
	return out
}

// scenarioFile is one story with the requirements it is there to judge.
type scenarioFile struct {
	// Title is the story in one line.
	Title string `yaml:"title,required"`
	// Tests are the requirements that the story must be able to judge.
	Tests []string `yaml:"tests,required"`
	// Needs are capabilities of the target beyond the operations of the story.
	Needs []string `yaml:"needs"`
	// Serial stories look at the whole target and run alone.
	Serial bool `yaml:"serial"`
	// Once stories are played by one of a folder's target files, the first that can.
	Once bool `yaml:"once"`
	// Clients are the cast: one user agent each, with a jar and an address of its own.
	Clients cast `yaml:"clients,required"`
	// Story is what they do, in order.
	Story steps `yaml:"story,required"`
	// Generate continues the story at random, in several ways.
	Generate *Generation `yaml:"generate"`
	// Unscripted stories were found by the fuzzer: any outcome of a step is expected, and the story goes on after trouble.
	Unscripted bool `yaml:"unscripted"`
}

// Generation says how many stories are made of one beginning.
type Generation struct {
	// Stories is how many there are.
	Stories int `yaml:"stories,required"`
	// Steps is how long each goes on.
	Steps int `yaml:"steps,required"`
	// Seed chooses them: the same seed, the same stories.
	Seed int `yaml:"seed,required"`
}

// Bounds of a Generation.
const (
	mostStories = 200
	mostSteps   = 100
)

// CheckYAML sees to it that a generation ends.
func (g *Generation) CheckYAML(n *yamlx.Node) {
	if g.Stories < 1 || g.Stories > mostStories {
		n.Find("stories").Errorf("stories: expected a number from 1 to %d", mostStories)
	}
	if g.Steps < 1 || g.Steps > mostSteps {
		n.Find("steps").Errorf("steps: expected a number from 1 to %d", mostSteps)
	}
	if g.Seed < 0 {
		n.Find("seed").Errorf("seed: expected a number that is not negative")
	}
}

// loadScenario reads one scenario file. Tests are checked by the caller, who
// knows all requirements.
func loadScenario(file, id string, data []byte) (*Scenario, *yamlx.Node, error) {
	root, err := yamlx.Parse(file, data)
	if err != nil {
		return nil, nil, err
	}
	var f scenarioFile
	root.Decode(&f)
	for _, part := range strings.Split(id, "/") {
		if !kebab.MatchString(part) {
			root.ErrorAt(yamlx.Pos{Line: 1, Col: 1}, "the scenario's name comes from its file: %q is not kebab-case", part)
		}
	}
	sc := &Scenario{ID: id, Title: f.Title, Tests: f.Tests, Needs: f.Needs, Serial: f.Serial, Once: f.Once, Generate: f.Generate, Unscripted: f.Unscripted, File: file, Line: root.Pos().Line}
	sc.Group, _, _ = strings.Cut(id, "/")
	for _, c := range f.Clients {
		sc.Story.Clients = append(sc.Story.Clients, c.Client)
	}
	for _, s := range f.Story {
		sc.Story.Steps = append(sc.Story.Steps, s.Step)
	}
	return sc, root, nil
}
