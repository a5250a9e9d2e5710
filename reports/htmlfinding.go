package reports

import (
	"fmt"
	"strings"
)

// findingView is a finding with its evidence, and those that say the same of
// other credentials at the same step.
type findingView struct {
	Finding
	Who     string // the credential, where Got does not name it
	Explain link   // the requirement on this page
	Wires   []evidenceView
	Shots   []evidenceView
	More    []Finding
}

func scenarioViewOf(s Scenario, anchor string, explained map[string]link) scenarioView {
	return scenarioView{Scenario: s, Anchor: anchor, Lanes: lanesOf(s.Timeline), Shown: findingViews(s.Findings, explained)}
}

func findingViews(all []Finding, explained map[string]link) (out []findingView) {
	at := map[string]int{}
	for _, f := range all {
		key := fmt.Sprint(f.StepIndex, "\x00", f.key())
		if i, ok := at[key]; ok {
			out[i].More = append(out[i].More, f)
			continue
		}
		x := findingView{Finding: f, Who: f.Credential, Explain: explained[f.Requirement]}
		if strings.Contains(f.Got, f.Credential) {
			x.Who = ""
		}
		at[key] = len(out)
		out = append(out, x)
	}
	return out
}

// show reads the evidence of an unfolded scenario; of others it stays a link.
func (v *scenarioView) show(files *evidenceReader) {
	seen := map[string]bool{}
	for i := range v.Shown {
		x := &v.Shown[i]
		for _, e := range x.Finding.Evidence {
			if !v.Open || seen[e] {
				continue
			}
			seen[e] = true
			switch f := files.view(e); {
			case len(f.Wires) > 0:
				unfoldAt(f.Wires, x.At)
				x.Wires = append(x.Wires, f)
			case f.Image != "":
				x.Shots = append(x.Shots, f)
			}
		}
	}
	v.Story = storyEvidenceOf(v.Scenario.Evidence, files, v.Open)
}
