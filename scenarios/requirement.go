package scenarios

import (
	"strings"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Requirement is one duty of a session implementation. Its id is
// "group/kebab-name" and never changes its meaning.
type Requirement struct {
	ID    string `yaml:"-" json:"id"`
	Group string `yaml:"-" json:"group"`
	// Statement is the duty in one sentence, in our words.
	Statement string `yaml:"statement,required" json:"statement"`
	Level     Level  `yaml:"level,required,oneof=must|should|may" json:"level"`
	// Sources are standards and weaknesses in short form ("ASVS 5.0 7.4.1", "CWE-613").
	Sources []string `yaml:"sources" json:"sources"`
	// Derived says that the step from the sources to the statement is ours.
	Derived bool `yaml:"derived" json:"derived"`
	// Channel is "wire", "browser" or "both".
	Channel string `yaml:"channel,required,oneof=wire|browser|both" json:"channel"`
	// Needs names what judging it takes beyond one target and its clients.
	Needs []Means `yaml:"needs" json:"needs,omitempty"`
	// Planned requirements are listed but not judged yet.
	Planned bool `yaml:"planned" json:"planned"`
	// Why names the class of real bug; How, the way it is tested; Wrong, how
	// targets usually fail; Fix, what to do about it.
	Why   string    `yaml:"why" json:"why,omitempty"`
	How   string    `yaml:"how" json:"how,omitempty"`
	Wrong string    `yaml:"wrong" json:"wrong,omitempty"`
	Fix   string    `yaml:"fix" json:"fix,omitempty"`
	Pos   yamlx.Pos `yaml:"-" json:"-"`
}

// Means is something without which a requirement cannot be judged, beyond one
// target and its clients.
type Means string

// What a requirement may need. What a scenario may need is said by Needs().
const (
	Clock        Means = "clock"         // control over the target's clock, or limits of seconds
	SecondSite   Means = "second_site"   // another registrable domain
	PeerStub     Means = "peer_stub"     // a stub identity provider or relying party
	Nodes        Means = "nodes"         // two nodes of the target, or more
	StoreRestart Means = "store_restart" // a target or store that can be stopped and started again
	HeldRequest  Means = "held_request"  // a request that can be held open
	SharedCache  Means = "shared_cache"  // a cache between client and target
	AdminRoute   Means = "admin_route"   // an administrator's way past the target's pages
	SourceIP     Means = "source_ip"     // a second source address
	Declared     Means = "declared"      // a capability or policy in the target's own word
)

var means = []string{string(Clock), string(SecondSite), string(PeerStub), string(Nodes), string(StoreRestart),
	string(HeldRequest), string(SharedCache), string(AdminRoute), string(SourceIP), string(Declared)}

// CheckYAML accepts the words above and no other.
func (m *Means) CheckYAML(n *yamlx.Node) { n.OneOf(string(*m), means) }

// Level is how strongly a requirement binds: must, should or may.
type Level string

// Levels, strongest first.
const (
	Must   Level = "must"
	Should Level = "should"
	May    Level = "may"
)

// Rank orders levels: 0 is the strongest.
func (l Level) Rank() int { return strings.Index("must should may", string(l)) / 5 }

// loadRequirements reads one requirements.yaml: a mapping from name to
// requirement. Next to an error it returns those that have a name, so that
// scenarios which test them are not blamed.
func loadRequirements(file, group string, data []byte) ([]*Requirement, error) {
	root, err := yamlx.Parse(file, data)
	if err != nil {
		return nil, err
	}
	if !kebab.MatchString(group) {
		root.ErrorAt(yamlx.Pos{Line: 1, Col: 1}, "the group comes from the folder: %q is not kebab-case", group)
	}
	if len(root.Entries()) == 0 {
		root.Errorf("expected a mapping from names to requirements")
	}
	var out []*Requirement
	for _, e := range root.Entries() {
		r := &Requirement{ID: group + "/" + e.Key, Group: group}
		e.Value.Decode(r)
		r.Pos = e.KeyAt.Pos()
		if !kebab.MatchString(e.Key) {
			e.KeyAt.Errorf("requirement name %q is not kebab-case", e.Key)
		}
		out = append(out, r)
	}
	return out, root.Err()
}
