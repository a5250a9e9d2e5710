package audit

import (
	_ "embed"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

//go:embed disagreements.yaml
var disagreementsFile []byte

// known explains disagreements of an engine with our own jar.
type known struct {
	Engine string   `yaml:"engine,required"`
	Why    string   `yaml:"why,required"`
	Cases  []string `yaml:"cases,required"`
}

// reasons returns what is known of an engine, by case.
func reasons(engine string) (map[string]string, error) {
	n, err := yamlx.Parse("disagreements.yaml", disagreementsFile)
	if err != nil {
		return nil, err
	}
	var all []known
	n.Decode(&all)
	out := map[string]string{}
	for _, k := range all {
		if k.Engine != engine {
			continue
		}
		for _, id := range k.Cases {
			if out[id] != "" {
				n.Errorf("%s: %s stands here twice", engine, id)
			}
			out[id] = k.Why
		}
	}
	return out, n.Err()
}
