// Package reports holds the result of a run and everything rendered from it.
//
// Run is the one truth. It is written as run.json; junit.xml, report.html and
// the console are renderings and hold nothing that is not in it. What comes in
// is expected to be redacted already (package reports/redact, Run.Redact), but
// is otherwise taken for what a hostile target may have said.
package reports

import "time"

// SchemaID stands in every run.json; the number changes when a reader would break.
const SchemaID = "sessionspec/run/v1"

// Run is the result of playing scenarios against one target.
type Run struct {
	// Schema is SchemaID.
	Schema string `json:"schema"`
	// SuiteVersion is the release of sessionspec, Commit the source it was built from.
	SuiteVersion string `json:"suite_version"`
	Commit       string `json:"commit,omitempty"`
	// Started and Ended are in UTC, to the millisecond.
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	// Seed makes the run's random choices repeatable.
	Seed int64 `json:"seed"`
	// Command is the command line, redacted.
	Command []string `json:"command,omitempty"`
	Target  Target   `json:"target"`
	// Verdict and ExitCode follow from the rest; Finish computes them.
	Verdict  string `json:"verdict"`
	ExitCode int    `json:"exit_code"`
	// Error says why the run as a whole broke: target unreachable, interrupted.
	Error string `json:"error,omitempty"`
	// Summary counts requirements, ScenarioSummary scenarios; zeros are left out.
	Summary         map[Verdict]int `json:"summary"`
	ScenarioSummary map[Verdict]int `json:"scenario_summary"`
	// Requirements and Scenarios are sorted by id.
	Requirements []Requirement `json:"requirements"`
	Scenarios    []Scenario    `json:"scenarios"`
	// Baseline is what was known to fail, entry by entry, and what became of it.
	Baseline []BaselineResult `json:"baseline,omitempty"`
	// Coverage is by section of the standards; Cost what the run asked of the target.
	Coverage []Standard `json:"coverage,omitempty"`
	Cost     Cost       `json:"cost"`
}

// Target is whom the run was about.
type Target struct {
	// Name is what --target takes, without the release; Title a line for people.
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	// Version is the release of the target.
	Version string `json:"version,omitempty"`
	Base    string `json:"base,omitempty"`
	// StandIn is true for the embedded reference server and its like: the verdict
	// is then about the harness, not about a product.
	StandIn bool `json:"stand_in"`
	// Imitates says what the stand-in was played instead of, and how the real
	// server is given; "" where nothing was replaced.
	Imitates string `json:"imitates,omitempty"`
	// Browser names the browsers used, with their versions; "" for none.
	Browser string `json:"browser,omitempty"`
	// Declares is what the target promises, NotDeclared what it could have said
	// and did not, so that the strict default was applied.
	Declares    any      `json:"declares,omitempty"`
	NotDeclared []string `json:"not_declared,omitempty"`
}

// Requirement is one duty and what became of it.
type Requirement struct {
	// ID is "group/kebab-name" and stable between releases.
	ID    string `json:"id"`
	Level string `json:"level" jsonschema:"enum=MUST,enum=SHOULD,enum=MAY"`
	// Title is the duty as a sentence.
	Title   string  `json:"title"`
	Group   string  `json:"group"`
	Verdict Verdict `json:"verdict"`
	// Reason explains verdicts other than pass.
	Reason string `json:"reason,omitempty"`
	// Sources are the standards behind the duty; Derived says that the step from
	// their text to this sentence is ours.
	Sources []string `json:"sources,omitempty"`
	Derived bool     `json:"derived,omitempty"`
	// Explain is what is known about the duty beyond its sentence.
	Explain *Explanation `json:"explain,omitempty"`
	// Checks counts how often the duty was really looked at.
	Checks int `json:"checks"`
	// Scenarios are the ids of the scenarios that tested it, sorted.
	Scenarios []string `json:"scenarios"`
}

// Explanation is what the verb explain tells about a requirement.
type Explanation struct {
	// Why names the class of real bug; How, the way it is tested; Wrong, how
	// targets usually fail; Fix, what to do about it.
	Why   string `json:"why,omitempty"`
	How   string `json:"how,omitempty"`
	Wrong string `json:"wrong,omitempty"`
	Fix   string `json:"fix,omitempty"`
}

// Channel says through what a scenario spoke to the target.
const (
	ChannelWire    = "wire"
	ChannelBrowser = "browser"
	ChannelCLI     = "cli"
)

// Scenario is one story as played on one variant of the target.
type Scenario struct {
	// ID is unique in the run: "frame/create-user-keeps-sessions@web[create_user=cli]".
	ID string `json:"id"`
	// Scenario is the id of the file, shared by all its variants.
	Scenario string `json:"scenario"`
	Title    string `json:"title,omitempty"`
	File     string `json:"file"`
	Line     int    `json:"line,omitempty"`
	// Variant is the target file played against; Routes the routes chosen for
	// operations that have several.
	Variant string            `json:"variant,omitempty"`
	Routes  map[string]string `json:"routes,omitempty"`
	Channel string            `json:"channel" jsonschema:"enum=wire,enum=browser,enum=cli"`
	Verdict Verdict           `json:"verdict"`
	Reason  string            `json:"reason,omitempty"`
	// Duration is in seconds, to the millisecond.
	Duration float64 `json:"duration"`
	Requests int     `json:"requests"`
	SignIns  int     `json:"sign_ins"`
	// Tests are the ids of the requirements the story tests.
	Tests    []string  `json:"tests,omitempty"`
	Findings []Finding `json:"findings"`
	Notes    []string  `json:"notes,omitempty"`
	// Timeline is what the panel answered after each step, expected beside observed.
	Timeline []Row `json:"timeline,omitempty"`
	// Evidence is about the story as a whole, for stories that did not pass; that
	// of a single finding is in Finding.Evidence.
	Evidence []Evidence `json:"evidence,omitempty"`
}

// Finding is one difference between what had to happen and what did.
type Finding struct {
	Requirement string `json:"requirement"`
	Level       string `json:"level" jsonschema:"enum=MUST,enum=SHOULD,enum=MAY"`
	// Duty is the requirement as a sentence.
	Duty string `json:"duty"`
	Want string `json:"want"`
	Got  string `json:"got"`
	// Step is the text of the story step, StepIndex its place counted from 1
	// (0: before the first step), File and Line where it is written.
	Step      string `json:"step,omitempty"`
	StepIndex int    `json:"step_index"`
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	// At is the exchange that did it: "POST /admin/users -> 201".
	At string `json:"at,omitempty"`
	// Credential is the tag of the credential concerned: "bob.desk#1".
	Credential string `json:"credential,omitempty"`
	// Evidence are files, relative to the directory of run.json, with slashes.
	Evidence []string `json:"evidence,omitempty"`
	// Advice says what to do about it, Try is a command line to run next.
	Advice string `json:"advice,omitempty"`
	Try    string `json:"try,omitempty"`
	// Kind names the sort of difference: "died", "lives", "wrong-name", "minted".
	Kind string `json:"kind,omitempty"`
}

// Row is one step of a timeline: the lanes are credentials, time runs downwards.
type Row struct {
	// Step is the text of the step, Line its line in the scenario file.
	Step string `json:"step"`
	Line int    `json:"line,omitempty"`
	// Outcome is what the operation itself came to: "ok", "refused", "pending".
	Outcome string `json:"outcome,omitempty"`
	// By is the client that acted: "office", "" for none.
	By string `json:"by,omitempty"`
	// Cells holds, by credential tag ("alice.laptop#1"), who answered. A
	// credential that does not exist yet, or was not asked, has no cell.
	Cells map[string]Cell `json:"cells"`
}

// Cell is one answer to "is this credential live, and as whom?".
type Cell struct {
	// Want and Got are "live as NAME" (see LiveAs), "dead", "pending", or free
	// text such as an error.
	Want string `json:"want,omitempty"`
	Got  string `json:"got"`
	// Bad marks the difference that became a finding.
	Bad bool `json:"bad,omitempty"`
}

// States of a credential in a Cell.
const (
	Dead    = "dead"
	Pending = "pending"
)

// LiveAs is the state of a credential that answers as name.
func LiveAs(name string) string { return livePrefix + name }

const livePrefix = "live as "
