package reports

import "fmt"

// groupsOf relies on the requirements being sorted by id, group first.
func groupsOf(r *Run) []groupView {
	var out []groupView
	at := map[string]int{}
	group := func(name string) *groupView {
		n, ok := at[name]
		if !ok {
			n = len(out)
			at[name] = n
			out = append(out, groupView{Name: name, Class: fmt.Sprintf("g%d", n)})
		}
		return &out[n]
	}
	summaries := map[string]map[Verdict]int{}
	for i, q := range r.Requirements {
		g := group(q.Group)
		g.Requirements = append(g.Requirements, requirementView{Requirement: q, Anchor: fmt.Sprintf("r%d", i+1)})
		if summaries[q.Group] == nil {
			summaries[q.Group] = map[Verdict]int{}
		}
		summaries[q.Group][q.Verdict]++
	}
	for _, s := range r.Scenarios { // a folder of stories may have no requirements of its own
		group(groupOf(s.Scenario))
	}
	for i := range out {
		out[i].Counts = counts(summaries[out[i].Name])
	}
	return out
}

// requirementLinks lead to the explanation of each requirement.
func requirementLinks(groups []groupView) map[string]link {
	out := map[string]link{}
	for _, g := range groups {
		for _, q := range g.Requirements {
			out[q.ID] = link{q.ID, q.Anchor, q.Verdict}
		}
	}
	return out
}

// addStories puts the stories that did not fail into their groups, and links each
// requirement to all that bear on it.
func (p *page) addStories(links map[string]link, other []scenarioView) {
	for i := range p.Groups {
		g := &p.Groups[i]
		summary := map[Verdict]int{}
		for _, v := range other {
			if v.Class == g.Class {
				g.Stories = append(g.Stories, v)
				summary[v.Verdict]++
			}
		}
		g.StoryCounts = counts(summary)
		for j := range g.Requirements {
			q := &g.Requirements[j]
			for _, id := range q.Scenarios {
				if l, ok := links[id]; ok {
					q.Links = append(q.Links, l)
				}
			}
		}
	}
}
