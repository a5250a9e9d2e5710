package play

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
)

// needsProcess are the steps for which a window beside others is no place: it
// has no profile that outlives a process; a private window is no window of a
// private one; and how a browser treats third-party cookies, and what it keeps
// of pages that were left, may differ in private.
var needsProcess = []string{"restart_browser", "close_private_window", "forge", "leave", "back", "embed"}

// ownProcess tells whether the browser of a client must have a process to itself.
func ownProcess(s story.Story, client string) bool {
	return slices.ContainsFunc(s.Steps, func(step story.Step) bool {
		return slices.Contains(needsProcess, step.Op) && (step.Client == client || step.Of == client)
	}) || slices.ContainsFunc(s.Clients, func(c story.Client) bool { return c.Private == client })
}

// SharesProcess tells whether a browser of the plan can be a window beside others.
func (p Plan) SharesProcess() bool {
	return slices.ContainsFunc(p.Story.Clients, func(c story.Client) bool {
		return c.In == "browser" && c.Private == "" && !ownProcess(p.Story, c.Name)
	})
}
