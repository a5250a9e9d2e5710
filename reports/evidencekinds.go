package reports

import "github.com/sessionspec/sessionspec/internal/history"

// Kinds of evidence about a story.
const (
	// KindHAR: every exchange of all clients, browsers included, as an HTTP
	// Archive 1.2, which the developer tools of browsers open.
	KindHAR = "har"
	// KindFilm: what one browser showed after one step, as JPEG; a story has one
	// such entry a step, in the order of time.
	KindFilm = "film"
	// KindConsole: what browsers wrote to their consoles, a JSON list of ConsoleLine.
	KindConsole = "console"
	// KindCookies: what steps did to jars, a JSON list of CookieStep.
	KindCookies = "cookies"
)

// Evidence is one file about a story as a whole.
type Evidence struct {
	Kind string `json:"kind" jsonschema:"enum=har,enum=film,enum=console,enum=cookies"`
	// File is relative to the directory of run.json, with slashes.
	File string `json:"file"`
	// Client, Step and StepIndex (from 1) say, for a film, whose browser showed it after what.
	Client    string `json:"client,omitempty"`
	Step      string `json:"step,omitempty"`
	StepIndex int    `json:"step_index,omitempty"`
}

// ConsoleLine is one message in the console of a browser, and in which step it came.
type ConsoleLine struct {
	Client    string `json:"client"`
	Step      string `json:"step"`
	StepIndex int    `json:"step_index"`
	history.Console
}

// CookieStep is what one step did to the jar of one client. Steps that changed
// nothing are left out. Values are redacted.
type CookieStep struct {
	Client    string                 `json:"client"`
	Step      string                 `json:"step"`
	StepIndex int                    `json:"step_index"`
	Changes   []history.CookieChange `json:"changes"`
}
