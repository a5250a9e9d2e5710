package reports

import (
	"fmt"
	"slices"
	"strings"
)

// Standard is a document about sessions, and what this run says about its sections.
type Standard struct {
	Name string `json:"name"`
	// Short is the name for a line of text: "ASVS V7".
	Short    string    `json:"short"`
	Sections []Section `json:"sections"`
}

// Section is one numbered rule of a standard with the requirements that cite it.
// That these pass does not say that the section is met in full: most sections
// ask for more than can be seen from outside.
type Section struct {
	// Source is the section as requirements cite it: "ASVS 5.0 7.4.1".
	Source string `json:"source"`
	// About says in our words what the section is about.
	About string `json:"about"`
	// Requirements cite the section and can be judged; Planned cite it and are not judged yet.
	Requirements []string `json:"requirements"`
	Planned      []string `json:"planned"`
	// Via are requirements that show the section's effects without citing it; Note
	// says why the section has no requirement of its own.
	Via  []string `json:"via,omitempty"`
	Note string   `json:"note,omitempty"`
	// State is the worst verdict of Requirements in this run, or one of the words
	// below. Finish computes it.
	State string `json:"state"`
}

// States of a section that has no verdict.
const (
	NotSelected = "not in this run" // no selected scenario tests its requirements
	Planned     = "planned"         // no requirement that cites it is judged yet
	NotCovered  = "not covered"     // no requirement cites it
)

// settleCoverage gives every section the worst verdict of its requirements.
func (r *Run) settleCoverage() {
	verdicts := map[string]Verdict{}
	for _, q := range r.Requirements {
		verdicts[q.ID] = q.Verdict
	}
	for i := range r.Coverage {
		for j := range r.Coverage[i].Sections {
			s := &r.Coverage[i].Sections[j]
			s.Requirements, s.Planned = notNil(s.Requirements), notNil(s.Planned)
			s.State = sectionState(*s, verdicts)
		}
	}
}

func sectionState(s Section, verdicts map[string]Verdict) string {
	var seen []Verdict
	for _, id := range s.Requirements {
		if v, ok := verdicts[id]; ok {
			seen = append(seen, v)
		}
	}
	switch {
	case len(seen) > 0:
		return string(Worst(seen...))
	case len(s.Requirements) > 0:
		return NotSelected
	case len(s.Planned) > 0:
		return Planned
	}
	return NotCovered
}

// looked tells whether a section's state rests on a judgement of this run.
func (s Section) looked() bool {
	return slices.Contains([]Verdict{Pass, Fail, Warn, ExpectedFail, SurprisePass, Unstable}, Verdict(s.State))
}

// coverageLine is the coverage in a line: "ASVS V7 12/19 sections, ASVS V3.3 5/5, ...".
func (r *Run) coverageLine() string {
	var parts []string
	for _, std := range r.Coverage {
		n := 0
		for _, s := range std.Sections {
			if s.looked() {
				n++
			}
		}
		parts = append(parts, fmt.Sprintf("%s %d/%d", std.Short, n, len(std.Sections)))
	}
	return strings.Join(parts, ", ")
}
