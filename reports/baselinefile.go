package reports

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Baseline is what is known to fail: a list that people keep beside a target,
// so that a gate can be green without anybody looking away.
type Baseline struct {
	// File is where it was read, as shown to the user.
	File    string
	Entries []BaselineEntry
}

// BaselineEntry excuses the findings about one requirement, or those of one scenario.
type BaselineEntry struct {
	// Expect is the id of a requirement, of a scenario, or of one play of it
	// ("frame/sign-in-keeps-others@web[sign_in=code]").
	Expect string `yaml:"expect,required" json:"expect"`
	// Reason says in a sentence why it may fail.
	Reason string `yaml:"reason,required" json:"reason"`
	// Issue is a link to where it is being worked on.
	Issue string `yaml:"issue" json:"issue,omitempty"`
	// Until is the last day on which the entry holds, "2027-06-30"; "" is for ever.
	Until string `yaml:"until" json:"until,omitempty"`
	// Releases are the target's releases that it is about; none means all.
	Releases []string `yaml:"releases" json:"releases,omitempty"`
	// Intermittent failures come and go: a pass is no surprise then. They need an issue.
	Intermittent bool      `yaml:"intermittent" json:"intermittent,omitempty"`
	Pos          yamlx.Pos `yaml:"-" json:"-"`
}

const day = "2006-01-02"

// CheckYAML asks for a date that is one, and for the issue of what comes and goes.
func (e *BaselineEntry) CheckYAML(n *yamlx.Node) {
	if e.Until != "" {
		if _, err := time.Parse(day, e.Until); err != nil {
			n.Find("until").Errorf("%q is no date; write %s", e.Until, `"2027-06-30"`)
		}
	}
	switch link, err := url.Parse(e.Issue); {
	case !e.Intermittent:
	case e.Issue == "":
		n.Errorf("an intermittent failure needs `issue`, a link to where it is looked into")
	case err != nil, link.Scheme != "https" && link.Scheme != "http", link.Host == "":
		n.Find("issue").Errorf("%q is no link; an intermittent failure needs one to where it is looked into", e.Issue)
	}
	if strings.TrimSpace(e.Reason) == "" {
		n.Errorf("the reason is empty")
	}
}

// ParseBaseline reads a baseline file. ids are the requirements and scenarios
// that there are; an entry about anything else is an error at its place.
func ParseBaseline(file string, data []byte, ids []string) (*Baseline, error) {
	root, err := yamlx.Parse(file, data)
	if err != nil {
		return nil, err
	}
	b := &Baseline{File: file}
	if !root.IsList() && !root.IsNull() {
		root.Errorf("expected a list of entries such as {expect: group/name, reason: ..., until: \"2027-06-30\"}")
		return nil, root.Err()
	}
	known, seen := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	for _, item := range root.Items() {
		var e BaselineEntry
		item.Decode(&e)
		scenario, _, _ := strings.Cut(e.Expect, "@")
		key := e.Expect + " " + strings.Join(e.Releases, ",")
		switch {
		case e.Expect == "":
		case !known[scenario]:
			item.Find("expect").Errorf("there is no requirement or scenario %q%s", e.Expect, words.DidYouMean(scenario, ids))
		case seen[key]:
			item.Errorf("%s has an entry already", e.Expect)
		}
		seen[key] = true
		e.Pos = item.Pos()
		b.Entries = append(b.Entries, e)
	}
	return b, root.Err()
}

// String renders an entry as it stands in a file.
func (e BaselineEntry) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "- expect: %s\n  reason: %q\n", e.Expect, e.Reason)
	if e.Issue != "" {
		fmt.Fprintf(&s, "  issue: %q\n", e.Issue)
	}
	if e.Until != "" {
		fmt.Fprintf(&s, "  until: %q\n", e.Until)
	}
	if len(e.Releases) > 0 {
		fmt.Fprintf(&s, "  releases: [%s]\n", quoted(e.Releases))
	}
	if e.Intermittent {
		s.WriteString("  intermittent: true\n")
	}
	return s.String()
}

func quoted(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(out, ", ")
}
