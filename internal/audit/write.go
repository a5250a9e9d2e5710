package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Write makes the folder and writes audit.json and audit.html into it.
func (a *Audit) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, render := range map[string]func(io.Writer) error{FileName: a.json, PageName: a.HTML} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		err = render(f)
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (a *Audit) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(a)
}

// Asked says whether any browser was there to be asked.
func (a *Audit) Asked() bool {
	return slices.ContainsFunc(a.Engines, func(e Engine) bool { return e.Missing == "" })
}

// Gaps says what an interrupted audit did not come to.
func (a *Audit) Gaps() string {
	var gaps []string
	for _, e := range a.Engines {
		n := 0
		var groups []string
		for _, r := range e.Rows {
			if r.Verdict == NotProbed && r.Reason == errInterrupted.Error() {
				n++
				if group, _, _ := strings.Cut(r.ID, "/"); !slices.Contains(groups, group) {
					groups = append(groups, group)
				}
			}
		}
		if n > 0 {
			gaps = append(gaps, fmt.Sprintf("%s lacks %d rows (%s)", e.Name, n, strings.Join(groups, ", ")))
		}
	}
	if gaps == nil {
		return "nothing is missing but the end"
	}
	return strings.Join(gaps, "; ")
}

// List prints the ids of all rows and what they look at.
func List(w io.Writer) {
	for _, p := range Probes() {
		fmt.Fprintln(w, p.Title)
		for _, e := range p.Rows {
			fmt.Fprintf(w, "  %-30s %s\n", e.id(p), e.What)
		}
	}
	fmt.Fprintf(w, "%s\n  %-30s %s\n", "A second voice", voiceID, "Set-Cookie lines of the http-state working group and of our corpora, beside our own jar")
}
