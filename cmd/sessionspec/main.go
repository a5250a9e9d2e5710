// Command sessionspec points a suite of session stories at a target and says
// which requirements it breaks, with evidence.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

type cli struct {
	Run     runCmd     `cmd:"" help:"Play the scenarios against a target and judge it."`
	Init    initCmd    `cmd:"" help:"Look at a running service and write a first target file."`
	Doctor  doctorCmd  `cmd:"" help:"Learn by playing what ends, rotates and mints sessions at a target, beside what it declares."`
	Fuzz    fuzzCmd    `cmd:"" help:"Look for the bug whose story nobody has written, and hand it over as a scenario file."`
	Audit   auditCmd   `cmd:"" help:"Ask installed browsers how they treat cookies, and lay it beside the specifications."`
	Report  reportCmd  `cmd:"" help:"Render a run once more, in any format, or compare it with an older one."`
	Recheck recheckCmd `cmd:"" help:"Judge the recorded plays of a run with the requirements of this version."`
	Merge   mergeCmd   `cmd:"" help:"Put the shards of one suite together."`
	Bench   benchCmd   `cmd:"" help:"Measure what things cost, side by side in one run."`
	List    listCmd    `cmd:"" help:"List requirements, scenarios and targets."`
	Explain explainCmd `cmd:"" help:"Explain one requirement: the duty, the bug behind it, how it is tested, how to mend it."`
	Schema  schemaCmd  `cmd:"" help:"Print the JSON Schema of target files, scenario files, run.json or audit.json."`
	Faults  faultsCmd  `cmd:"" help:"List the faults that the reference server can be given."`
	Serve   serveCmd   `cmd:"" help:"Run the reference server."`
	Version versionCmd `cmd:"" help:"Print the version of the suite."`
}

// streams are where a verb writes.
type streams struct{ out, err io.Writer }

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // runs are short: CPU is scarcer than memory
	}
	os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
}

// Main runs one command line and returns its exit code: 0 conformant, 1 not
// conformant, 2 usage or configuration, 3 target or harness failed, 4 nothing judged.
func Main(args []string, stdout, stderr io.Writer) int {
	if exit, mine := reference.Command(args, stdout, stderr); mine {
		return exit
	}
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("sessionspec"),
		kong.Description("Conformance stories for web sessions. Without arguments in a checkout: ./run.sh plays them against the embedded reference target."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exit = code }), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(stderr, "sessionspec:", err)
		return reports.ExitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	ctx, err := parser.Parse(joinNegative(args))
	if exit >= 0 {
		return exit // help was printed
	}
	if err != nil {
		fmt.Fprintln(stderr, "sessionspec:", nearest(err, parser.Model))
		return reports.ExitUsage
	}
	err = ctx.Run(streams{stdout, stderr})
	var code exitCode
	var coded interface{ ExitCode() int }
	var usage *targets.UsageError
	switch {
	case err == nil:
		return reports.ExitConformant
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &coded):
		fmt.Fprintln(stderr, "sessionspec:", err)
		return coded.ExitCode()
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "sessionspec:", err)
		return reports.ExitUsage
	}
	fmt.Fprintln(stderr, "sessionspec:", err)
	return reports.ExitBroken
}

var negative = regexp.MustCompile(`^-\.?[0-9]`)

// joinNegative writes `--rate -1` as `--rate=-1`, which else is taken for a short
// option: the verb says better what is wrong with it.
func joinNegative(args []string) (out []string) {
	for _, a := range args {
		if n := len(out); n > 0 && negative.MatchString(a) && strings.HasPrefix(out[n-1], "--") && !strings.Contains(out[n-1], "=") {
			out[n-1] += "=" + a
			continue
		}
		out = append(out, a)
	}
	return out
}

// exitCode ends a verb that has said all there is to say.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func usagef(format string, args ...any) error {
	return &targets.UsageError{Err: fmt.Errorf(format, args...)}
}

// nearest adds the valid verb closest to a misspelt one.
func nearest(err error, app *kong.Application) string {
	msg := err.Error()
	if word, ok := strings.CutPrefix(msg, "unexpected argument "); ok && !strings.Contains(msg, "did you mean") {
		var names []string
		for _, n := range app.Children {
			names = append(names, n.Name)
		}
		if os.Getenv("SESSIONSPEC_RUNSH") != "" {
			names = append(names, "test", "test-real", "lint", "help") // run.sh's own
		}
		word, _, _ = strings.Cut(word, ",")
		msg += suggest(strings.Trim(word, `"`), names) + "; verbs are " + strings.Join(names, ", ")
	}
	return msg
}
