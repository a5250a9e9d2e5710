package reports

import (
	"fmt"
	"strings"
)

// findingView is a finding with its evidence, and those that say the same of
// other credentials at the same step.
type findingView struct {
	Finding
	Who      string // the credential, where Got does not name it
	Evidence []evidenceView
	More     []Finding
}

func findingViews(all []Finding) (out []findingView) {
	at := map[string]int{}
	for _, f := range all {
		key := fmt.Sprint(f.StepIndex, "\x00", f.key())
		if i, ok := at[key]; ok {
			out[i].More = append(out[i].More, f)
			continue
		}
		x := findingView{Finding: f, Who: f.Credential}
		if strings.Contains(f.Got, f.Credential) {
			x.Who = ""
		}
		for _, e := range f.Evidence {
			x.Evidence = append(x.Evidence, evidenceView{Link: e})
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
		for j, e := range v.Shown[i].Evidence {
			if v.Open && !seen[e.Link] {
				seen[e.Link] = true
				v.Shown[i].Evidence[j] = files.view(e.Link)
			}
		}
	}
}
