package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/term"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/audit"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/suites"
)

type auditCmd struct {
	Browser []string `default:"chrome" env:"SESSIONSPEC_BROWSER" help:"Browsers to ask, with commas between: chrome, firefox, webkit."`
	Out     string   `help:"Folder for audit.json and audit.html." type:"path"`
	Against string   `help:"An older audit.json: print what has changed, and exit 1 if a behaviour has." type:"existingfile" placeholder:"FILE"`
	Only    []string `help:"Rows to look at: ids or globs, with commas between."`
	List    bool     `help:"Print the ids of all rows, and ask no browser."`
}

// Help says what the verb is for and what its exit codes mean.
func (*auditCmd) Help() string {
	return "Plays small scenes against pages of its own and prints what the browser did with cookies, beside what the specifications expect. " +
		"No target is needed. A difference from a specification is information: exit code 1 comes only of --against, " +
		"3 means that none of the browsers is there or that the audit was interrupted."
}

// Run audits the browsers.
func (c *auditCmd) Run(s streams) error {
	if c.List {
		audit.List(s.out)
		return nil
	}
	o := audit.Options{Only: c.Only, Suite: suites.Version}
	for _, name := range c.Browser {
		engine, err := browsers.Lookup(strings.TrimSpace(name))
		if err != nil {
			return usagef("--browser: %v", err)
		}
		if !slices.ContainsFunc(o.Engines, func(e browsers.Engine) bool { return e.Name() == engine.Name() }) {
			o.Engines = append(o.Engines, engine)
		}
	}
	var old *audit.Audit
	if c.Against != "" {
		var err error
		if old, err = audit.Read(c.Against); err != nil {
			return usagef("--against: %v", err)
		}
	}
	if err := audit.CheckOnly(c.Only); err != nil {
		return usagef("%v", err)
	}
	if f, ok := s.err.(*os.File); ok && terminal(f) {
		o.Progress = func(engine, probe string) { fmt.Fprintf(s.err, "\r\033[K%s: %s", engine, probe) }
		defer fmt.Fprint(s.err, "\r\033[K")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a, err := audit.Run(ctx, o)
	if err != nil {
		return err
	}
	if o.Progress != nil {
		fmt.Fprint(s.err, "\r\033[K")
	}
	a.Text(s.out)
	if c.Out != "" {
		if err := a.Write(c.Out); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "\nwritten: %s, %s\n", filepath.Join(c.Out, audit.FileName), filepath.Join(c.Out, audit.PageName))
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted: %s", a.Gaps())
	case !a.Asked():
		return exitCode(reports.ExitBroken)
	}
	if old != nil {
		changes := audit.Compare(old, a)
		changes.Text(s.out)
		if changes.Behaviour() {
			return exitCode(reports.ExitNotConformant)
		}
	}
	return nil
}

func terminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
