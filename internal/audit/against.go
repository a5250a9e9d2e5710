package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Read reads an audit.json.
func Read(name string) (*Audit, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	a := &Audit{}
	if err := json.Unmarshal(text, a); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if a.Schema != SchemaID {
		return nil, fmt.Errorf("%s: not a %s file", name, SchemaID)
	}
	return a, nil
}

// Change is one row or case that is not as it was.
type Change struct {
	Engine, ID, What string
	Was, Is          string
	// Compared is false where one of the two was not observed: no behaviour
	// is known to have changed.
	Compared bool
}

// Changes are the differences of two audits.
type Changes struct {
	Rows []Change
	// Versions tells of browsers whose version is another one.
	Versions []string
	// Alone names browsers that only one of the audits has.
	Alone []string
	// Compared counts the rows that both have observed.
	Compared int
}

// Behaviour says whether one that both audits observed has changed.
func (c Changes) Behaviour() bool {
	return slices.ContainsFunc(c.Rows, func(r Change) bool { return r.Compared })
}

// Compare lays the audit is beside the older one was. A row that only one of
// them has is not compared: it may have been left out by --only.
func Compare(was, is *Audit) Changes {
	var out Changes
	for _, now := range is.Engines {
		i := slices.IndexFunc(was.Engines, func(e Engine) bool { return e.Name == now.Name })
		switch {
		case now.Missing != "":
			continue
		case i < 0 || was.Engines[i].Missing != "":
			out.Alone = append(out.Alone, now.Name+": not in the older audit")
			continue
		}
		then := was.Engines[i]
		if then.Version != now.Version {
			out.Versions = append(out.Versions, fmt.Sprintf("%s: %s, was %s", now.Name, now.Version, then.Version))
		}
		for _, r := range now.Rows {
			j := slices.IndexFunc(then.Rows, func(o Row) bool { return o.ID == r.ID })
			if j < 0 {
				continue
			}
			old := then.Rows[j]
			compared := old.Verdict != NotProbed && r.Verdict != NotProbed
			if compared {
				out.Compared++
			}
			if compared && old.Did != r.Did || (old.Verdict == NotProbed) != (r.Verdict == NotProbed) {
				out.Rows = append(out.Rows, Change{now.Name, r.ID, r.What, old.outcome(), r.outcome(), compared})
			}
		}
		out.voices(now.Name, then.Voice, now.Voice)
	}
	return out
}

// voices compares what was found beside our own jar.
func (c *Changes) voices(engine string, was, is *Voice) {
	if was == nil || is == nil || was.NotPlayed != "" || is.NotPlayed != "" {
		return
	}
	c.Compared++
	find := func(v *Voice, id string) string {
		for _, d := range v.Disagreements {
			if d.ID == id {
				return d.Its
			}
		}
		return "as our own jar"
	}
	for _, v := range []*Voice{is, was} {
		for _, d := range v.Disagreements {
			before, after := find(was, d.ID), find(is, d.ID)
			known := slices.ContainsFunc(c.Rows, func(r Change) bool { return r.Engine == engine && r.ID == voiceID+"/"+d.ID })
			if before != after && !known {
				c.Rows = append(c.Rows, Change{engine, voiceID + "/" + d.ID, strings.Join(d.Set, " and "), before, after, true})
			}
		}
	}
}

// outcome words a row for a comparison.
func (r Row) outcome() string {
	if r.Verdict == NotProbed {
		return "not probed: " + r.Reason
	}
	return r.Did
}

// Text prints the changes.
func (c Changes) Text(w io.Writer) {
	fmt.Fprintf(w, "\nbeside the older audit: %d compared", c.Compared)
	if len(c.Rows) == 0 {
		fmt.Fprint(w, ", nothing has changed")
	}
	fmt.Fprintln(w)
	for _, line := range append(slices.Clone(c.Versions), c.Alone...) {
		fmt.Fprintf(w, "  %s\n", clean(line))
	}
	for _, r := range c.Rows {
		fmt.Fprintf(w, "  %s %s  %s\n    was  %s\n    is   %s\n", r.Engine, r.ID, visibleLine(r.What), clean(r.Was), clean(r.Is))
	}
}
