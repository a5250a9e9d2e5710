package scenarios

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/words"
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
	// Needs are capabilities beyond the operations of the story: "connection".
	Needs []string
	// Serial stories look at the whole target (session counts) and run alone.
	Serial bool
	Story  story.Story
	// Source says where it came from ("builtin" or the user's folder).
	Source string
	File   string
	Line   int
}

var (
	kebab    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	roleName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
)

type scenarioFile struct {
	Title   string   `yaml:"title,required"`
	Tests   []string `yaml:"tests,required"`
	Needs   []string `yaml:"needs"`
	Serial  bool     `yaml:"serial"`
	Clients cast     `yaml:"clients,required"`
	Story   steps    `yaml:"story,required"`
}

// CheckYAML sees to it that every name used is a member of the cast.
func (f *scenarioFile) CheckYAML(n *yamlx.Node) {
	var names []string
	for _, c := range f.Clients {
		names = append(names, c.Name)
	}
	known := func(at *yamlx.Node, name string) {
		if name != "" && !slices.Contains(names, name) {
			at.Errorf("no client %q in this scenario%s; there are %s", name, words.DidYouMean(name, names), strings.Join(names, ", "))
		}
	}
	for i, c := range f.Clients {
		if c.Address != "" {
			if ip, err := netip.ParseAddr(c.Address); err != nil || !ip.IsLoopback() {
				if !slices.Contains(names, c.Address) {
					f.Clients[i].node.Errorf("address %q is neither a loopback address (127.0.0.0/8) nor the name of a client", c.Address)
				}
			}
		}
		switch c.Connection {
		case "", "missing", "empty", "null":
		default:
			known(f.Clients[i].node, c.Connection)
		}
	}
	for _, s := range f.Story {
		known(s.node, s.Client)
		known(s.node, s.Of)
	}
}

type member struct {
	story.Client
	node *yamlx.Node
}

type cast []member

// DecodeYAML reads `name: user` or `name: {user: u, in: kind, ...}`.
func (c *cast) DecodeYAML(n *yamlx.Node) {
	if !n.IsMap() {
		n.Errorf("expected a mapping from client names to users")
		return
	}
	for _, e := range n.Entries() {
		m := member{story.Client{Name: e.Key, In: "wire"}, e.KeyAt}
		if !roleName.MatchString(e.Key) {
			e.KeyAt.Errorf("client name %q: small letters and digits only", e.Key)
		}
		if e.Value.IsScalar() {
			m.User = e.Value.Text()
		} else {
			var long struct {
				User       string            `yaml:"user"`
				In         string            `yaml:"in"`
				Address    string            `yaml:"address"`
				Connection connection        `yaml:"connection"`
				Strip      []string          `yaml:"strip"`
				Headers    map[string]string `yaml:"headers"`
			}
			e.Value.Decode(&long)
			m.User, m.Address, m.Connection, m.Strip, m.Headers = long.User, long.Address, string(long.Connection), long.Strip, long.Headers
			if long.In != "" {
				m.In = long.In
			}
		}
		if m.User != "" && !roleName.MatchString(m.User) {
			e.Value.Errorf("user name %q: small letters and digits only", m.User)
		}
		*c = append(*c, m)
	}
}

// connection is a text in which YAML's null is a word like any other.
type connection string

// DecodeYAML reads missing, empty, null or a client's name.
func (c *connection) DecodeYAML(n *yamlx.Node) {
	if !n.IsScalar() && !n.IsNull() {
		n.Errorf("expected missing, empty, null or the name of a client")
		return
	}
	*c = connection(n.Text())
}

type step struct {
	story.Step
	node *yamlx.Node
}

type steps []step

// DecodeYAML reads a list of `op: client` or `op: {by: client, ...}`.
func (s *steps) DecodeYAML(n *yamlx.Node) {
	if !n.IsList() || len(n.Items()) == 0 {
		n.Errorf("expected a list of steps such as `- sign_in: laptop`")
		return
	}
	for _, it := range n.Items() {
		if st, ok := decodeStep(it); ok {
			*s = append(*s, st)
		}
	}
}

func decodeStep(it *yamlx.Node) (step, bool) {
	entries := it.Entries()
	if len(entries) != 1 {
		it.Errorf("expected one operation, such as `sign_in: laptop`")
		return step{}, false
	}
	e := entries[0]
	op, ok := story.Lookup(e.Key)
	if !ok {
		e.KeyAt.Errorf("unknown operation %q%s; operations are %s", e.Key,
			words.DidYouMean(e.Key, story.Names()), strings.Join(story.Names(), ", "))
		return step{}, false
	}
	st := step{story.Step{Op: op.Name, Expect: "ok", File: e.KeyAt.Pos().File, Line: e.KeyAt.Pos().Line}, e.KeyAt}
	switch {
	case e.Value.IsScalar():
		st.Client = e.Value.Text()
	case e.Value.IsNull():
	default:
		var long struct {
			By       string `yaml:"by"`
			User     string `yaml:"user"`
			Of       string `yaml:"of"`
			Route    string `yaml:"route"`
			Expect   string `yaml:"expect,oneof=ok|refused|any"`
			Wrong    bool   `yaml:"wrong"`
			Restore  bool   `yaml:"restore"`
			Optional bool   `yaml:"optional"`
		}
		e.Value.Decode(&long)
		st.Client, st.User, st.Of, st.Route = long.By, long.User, long.Of, long.Route
		st.Wrong, st.Restore, st.Optional = long.Wrong, long.Restore, long.Optional
		if long.Expect != "" {
			st.Expect = long.Expect
		}
	}
	if st.Client == "" && op.Name != "count_sessions" {
		e.KeyAt.Errorf("%s: who does it? Write `%s: client` or `%s: {by: client, ...}`", op.Name, op.Name, op.Name)
	}
	if op.Of != (st.Of != "") && op.Name != "move" {
		if op.Of {
			e.KeyAt.Errorf("%s needs `of: client`", op.Name)
		} else {
			e.KeyAt.Errorf("%s takes no `of`", op.Name)
		}
	}
	return st, true
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
	sc := &Scenario{ID: id, Title: f.Title, Tests: f.Tests, Needs: f.Needs, Serial: f.Serial, File: file, Line: root.Pos().Line}
	sc.Group, _, _ = strings.Cut(id, "/")
	for _, c := range f.Clients {
		sc.Story.Clients = append(sc.Story.Clients, c.Client)
	}
	for _, s := range f.Story {
		sc.Story.Steps = append(sc.Story.Steps, s.Step)
	}
	return sc, root, nil
}
