package audit

import "time"

// SchemaID names the form of audit.json; it changes when readers must.
const SchemaID = "sessionspec/audit/v1"

// FileName is the file that Write makes in its folder.
const FileName = "audit.json"

// Audit is what audit.json holds.
type Audit struct {
	Schema  string    `json:"schema"`
	Suite   string    `json:"suite"`   // version of the program that made it
	Started time.Time `json:"started"` // UTC
	Took    float64   `json:"took"`    // seconds
	Engines []Engine  `json:"engines"`
}

// Engine is what one browser did.
type Engine struct {
	Name string `json:"name"`
	// Version is what the browser says of itself.
	Version string `json:"version,omitempty"`
	// Missing says why the browser was not asked at all.
	Missing string `json:"missing,omitempty"`
	// Stopped says why not every probe was played.
	Stopped string  `json:"stopped,omitempty"`
	Took    float64 `json:"took"` // seconds
	Rows    []Row   `json:"rows"`
	// Voice is the comparison with this project's own cookie jar.
	Voice *Voice `json:"voice,omitempty"`
}

// Verdict is what a row is beside its specification.
type Verdict string

// The verdicts. A difference is information, not a failure.
const (
	Same      Verdict = "same"
	Differs   Verdict = "differs"
	Open      Verdict = "open"       // the specification leaves it to the browser
	NotProbed Verdict = "not probed" // nothing was seen; Reason says why
)

// Row is one behaviour.
type Row struct {
	ID      string  `json:"id"`
	Group   string  `json:"group"`
	What    string  `json:"what"`
	Did     string  `json:"did,omitempty"` // what the browser did
	Want    string  `json:"want"`          // what the specification expects
	Verdict Verdict `json:"verdict"`
	Source  string  `json:"source"`
	Reason  string  `json:"reason,omitempty"` // why nothing was seen
}

// Voice is the browser as a second voice beside our own parser and jar.
type Voice struct {
	Cases int `json:"cases"`
	Same  int `json:"same"`
	// NotPlayed says why not all cases were played.
	NotPlayed string `json:"not_played,omitempty"`
	// Jar tells whether the browser's jar was compared too, or why not.
	Jar           string         `json:"jar"`
	Disagreements []Disagreement `json:"disagreements"`
}

// Disagreement is one case in which browser and jar are not of one mind.
type Disagreement struct {
	ID   string   `json:"id"`
	Set  []string `json:"set"` // the Set-Cookie lines
	Ours string   `json:"ours"`
	Its  string   `json:"its"`
	// Why explains it; "" when nobody has yet.
	Why string `json:"why,omitempty"`
}
