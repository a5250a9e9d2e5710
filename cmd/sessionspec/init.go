package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/sessionspec/sessionspec/internal/survey"
	"github.com/sessionspec/sessionspec/targets"
)

type initCmd struct {
	URL   string `arg:"" help:"Where the service answers."`
	Out   string `default:"sessions.yaml" help:"File to write; - writes to the standard output." placeholder:"FILE"`
	User  string `help:"An account that exists: sign in and look behind it. Its password is read from SESSIONSPEC_PASSWORD." placeholder:"NAME"`
	Force bool   `help:"Write over a file that is there."`
}

// Help says what is looked at, and what is not.
func (*initCmd) Help() string {
	return "Looks at a running service and writes a first target file: forms with a password, hidden fields that vary, places that send strangers away, " +
		"methods that well-known places allow. It reads (GET and OPTIONS) and submits nothing, but for one sign-in with --user. What it could not see is a TODO in the file. " +
		"Exit code 3 when the service does not answer."
}

// Run looks and writes.
func (c *initCmd) Run(s streams) error {
	var account *survey.Account
	if c.User != "" {
		account = &survey.Account{User: c.User, Password: os.Getenv("SESSIONSPEC_PASSWORD")}
		if account.Password == "" {
			return usagef("--user %s: the password is read from SESSIONSPEC_PASSWORD, which is empty", c.User)
		}
	}
	if _, err := os.Stat(c.Out); c.Out != "-" && !c.Force && !errors.Is(err, fs.ErrNotExist) {
		return usagef("%s is there already; --force writes over it, --out says another place", c.Out)
	}
	address := c.URL
	if !strings.Contains(address, "://") {
		return usagef("%q is no address: begin it with http:// or https://", address)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	seen, err := survey.Look(ctx, address, account)
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	text := seen.Target()
	if _, err := targets.Parse(c.Out, []byte(text)); err != nil {
		return fmt.Errorf("init wrote a file that it cannot read itself, which is a mistake of sessionspec:\n%w\n%s", err, text)
	}
	why := ""
	if account != nil && !seen.SignedIn {
		why = fmt.Sprintf("could not sign in as %s: %s", c.User, seen.WhyNot)
	}
	if c.Out == "-" {
		fmt.Fprint(s.out, text)
		if why != "" {
			fmt.Fprintln(s.err, "sessionspec:", why)
		}
		return nil
	}
	if err := os.WriteFile(c.Out, []byte(text), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %d places looked at, %d lines with TODO in the file\n", c.Out, len(seen.Pages), strings.Count(text, "TODO"))
	if why != "" {
		fmt.Fprintln(s.out, why)
	}
	return nil
}
