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
