package suites

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// Config says what to play against whom, for Run and Describe. Who it is played
// against is said by a target file, by a Driver, or by both: the file for what it
// can say, and the driver for its `drive:` steps. Where the service is, the file
// may say itself; otherwise Handler or Base does.
type Config struct {
	// Target is the path of a target file (see docs/targets.md), or the name of a
	// target that ships with sessionspec.
	Target string
	// Set are variables of the target file.
	Set map[string]string
	// Driver performs operations that no target file can describe.
	Driver targets.Driver
	// Declares is what a service promises that only a Driver describes.
	Declares targets.Declares
	// Name is how reports call such a service.
	Name string

	// Handler is the service itself: it is served on a loopback address for as
	// long as it is played against. A target file takes that address as ${url}:
	// `vars: {url: ""}` and `base: ${url}`.
	Handler http.Handler
	// Base is where the service answers already, for instance the URL of an
	// httptest.Server; the file takes it likewise.
	Base string

	// Only selects stories: ids of scenarios or requirements, or globs, with
	// commas between. "" is all.
	Only string
	// Scenarios are stories of one's own, beside those that ship with sessionspec.
	Scenarios []scenarios.Source
	// Level is the weakest level whose breach fails; "" means scenarios.Should.
	Level scenarios.Level
	// Browser names engines, with commas between: "chrome", "firefox", "webkit".
	// Without any, stories that need one are skipped.
	Browser string
	// Baseline is a file with what is known to fail, see docs/baselines.md; ""
	// takes the one that the target file names.
	Baseline string
	// AllowExec lets the target file run commands.
	AllowExec bool
	// Workers is how many stories play at a time; 0 means 8.
	Workers int
	// Seed is the order of the stories; 0 draws one, which the log names.
	Seed int64
	// Out is a folder for the report, the journal and the evidence; "" for none.
	Out string
}

// trial is one run of a Config.
type trial struct {
	*session
	scs    []*scenarios.Scenario
	server *httptest.Server
}

// open makes everything ready that needs no service. An error is a mistake in
// the Config, or in a file that it names.
func (c Config) open(wanted func(*job) bool, again func(requirement string) string) (*trial, error) {
	x := &trial{}
	address := c.Base
	if c.Handler != nil {
		if c.Base != "" {
			return nil, errors.New("suites.Config: Handler beside Base: the service is here or there")
		}
		x.server = httptest.NewServer(c.Handler)
		address = x.server.URL
	}
	if err := x.load(c, address, wanted, again); err != nil {
		x.close()
		return nil, err
	}
	return x, nil
}

func (x *trial) load(c Config, address string, wanted func(*job) bool, again func(string) string) error {
	lib, err := c.library()
	if err != nil {
		return err
	}
	ts, err := c.targets(address)
	if err != nil {
		return err
	}
	o := Options{Library: lib, Targets: ts, Name: c.Name, Only: c.Only, Level: c.Level, Browser: cmp.Or(c.Browser, "none"), Out: c.Out,
		Workers: cmp.Or(c.Workers, 8), AllowExec: c.AllowExec, Seed: c.Seed, Set: c.Set, wanted: wanted, again: again}
	if o.Baseline, err = Known(lib, ts, c.Baseline); err != nil {
		return err
	}
	x.session, x.scs, err = open(o)
	return err
}

func (c Config) library() (*scenarios.Library, error) {
	return scenarios.Load(append([]scenarios.Source{scenarios.Builtin()}, c.Scenarios...)...)
}

func (c Config) targets(address string) ([]*targets.Target, error) {
	if c.Target == "" {
		if c.Driver == nil || address == "" {
			return nil, errors.New("suites.Config: give a Target, or a Driver and with it a Handler or Base")
		}
		t, err := targets.Driven(cmp.Or(c.Name, "service"), address, c.Driver)
		if err != nil {
			return nil, err
		}
		t.Declares = c.Declares
		return []*targets.Target{t}, nil
	}
	set := maps.Clone(c.Set)
	if address != "" {
		if set == nil {
			set = map[string]string{}
		}
		set["url"] = address
	}
	ts, err := targets.Load(c.Target, set)
	if err != nil {
		return nil, err
	}
	for _, t := range ts {
		t.Driver = c.Driver
		if t.UsesSelf() && os.Getenv(selfVariable) == "" {
			return nil, fmt.Errorf("target %s starts sessionspec itself (${self}), which this test is not: say in %s where it is", t.Name, selfVariable)
		}
	}
	return ts, nil
}

// selfVariable names the binary of sessionspec to a program that is another one.
const selfVariable = "SESSIONSPEC_SELF"

// playAll starts, plays and judges. An error is trouble before the first story.
func (x *trial) playAll(ctx context.Context) error {
	if err := x.start(ctx, x.scs); err != nil {
		x.run.Error = x.red.String(err.Error())
		return errors.New(x.red.String(errors.Join(err, x.write()).Error()))
	}
	if x.journal != nil {
		x.journal.head(x.session)
	}
	x.engine.shuffle(x.Seed)
	x.engine.run(ctx)
	return x.conclude(ctx)
}

// requirement is what became of a duty; nil where nothing was played that tests it.
func (x *trial) requirement(id string) *reports.Requirement {
	for i := range x.run.Requirements {
		if x.run.Requirements[i].ID == id {
			return &x.run.Requirements[i]
		}
	}
	return nil
}

func (x *trial) scenarioRun(id string) *reports.Scenario {
	for i := range x.run.Scenarios {
		if x.run.Scenarios[i].ID == id {
			return &x.run.Scenarios[i]
		}
	}
	return nil
}

func (x *trial) close() {
	if x.session != nil {
		x.stop()
	}
	if x.server != nil {
		x.server.Close()
	}
}
