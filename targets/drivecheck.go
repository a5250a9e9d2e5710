package targets

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// driven tells whether it is a driver that says what the route came to.
func (r Route) driven() bool { return len(r.Steps) > 0 && r.Steps[len(r.Steps)-1].Drive != "" }

// checkDriven complains about conditions on an answer that there is not.
func (r Route) checkDriven(n *yamlx.Node) {
	if !r.driven() {
		return
	}
	for key, e := range map[string]*Expr{"ok": r.OK, "pending": r.Pending, "live": r.Live} {
		if e != nil {
			n.ErrorAt(e.Pos, "`%s` beside `drive`: the driver says what it came to", key)
		}
	}
	if r.User != nil {
		n.ErrorAt(r.User.Pos, "`name` beside `drive`: the driver says who it is")
	}
}

// checkDrive complains about words that no driver can know.
func (s *Step) checkDrive(n *yamlx.Node) {
	op, _ := s.driven()
	known := append(operationNames(), Provision)
	if n.IsScalar() && !slices.Contains(known, op) {
		n.Errorf("drive: %q is no operation%s; write an operation, or operation/route", op, words.DidYouMean(op, known))
	}
}

// checkDriver sees to it that who drives is said where something is to be driven,
// and the other way round.
func (t *Target) checkDriver(n *yamlx.Node) {
	var drives *Step
	t.EachStep(func(_ string, s *Step) {
		if s.Drive != "" && drives == nil {
			drives = s
		}
	})
	switch {
	case drives != nil && t.DrivenBy == nil:
		n.ErrorAt(drives.Pos, "`drive` needs `driver:` in the file, with a command, or empty ({}) where a program in Go brings the driver")
	case drives == nil && t.DrivenBy != nil && len(t.DrivenBy.Command) > 0:
		n.Find("driver").Errorf("there is a driver, and no step has it `drive` anything")
	}
}

// startsDriver tells whether a process has to be started for the steps that are driven.
func (t *Target) startsDriver() bool {
	return t.Driver == nil && t.DrivenBy != nil && len(t.DrivenBy.Command) > 0
}

// drivable adds what a driver in Go offers, and complains where nobody drives.
func (t *Target) drivable() error {
	if t.Driver != nil && t.DrivenBy != nil {
		if err := t.offered(); err != nil {
			return err
		}
	}
	if t.Driver != nil || t.startsDriver() {
		return nil
	}
	var drives *Step
	t.EachStep(func(_ string, s *Step) {
		if s.Drive != "" && drives == nil {
			drives = s
		}
	})
	if drives != nil {
		return usage("%s: a driver is needed that is written in Go: `driver:` names no command; see suites.Config", drives.Pos)
	}
	return nil
}

// asCommand is the driver as any command of the target, nil for none.
func (d *DriverCommand) asCommand() *Command {
	if d == nil || len(d.Command) == 0 {
		return nil
	}
	return &Command{Command: d.Command, Env: d.Env}
}
