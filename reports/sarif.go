package reports

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
)

// The part of SARIF 2.1.0 that a run needs (OASIS, section numbers beside each).
type (
	sarifLog struct { // 3.13
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct { // 3.14
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
		Properties  map[string]any    `json:"properties,omitempty"`
	}
	sarifTool struct { // 3.18
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct { // 3.19
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct { // 3.49
		ID         string         `json:"id"`
		Short      sarifText      `json:"shortDescription"`
		Default    sarifLevel     `json:"defaultConfiguration"`
		Properties map[string]any `json:"properties,omitempty"`
	}
	sarifLevel struct { // 3.50
		Level string `json:"level"`
	}
	sarifText struct { // 3.11, 3.12
		Text string `json:"text"`
	}
	sarifInvocation struct { // 3.20
		Successful    bool                `json:"executionSuccessful"`
		ExitCode      int                 `json:"exitCode"`
		CommandLine   string              `json:"commandLine,omitempty"`
		Start         string              `json:"startTimeUtc"`
		End           string              `json:"endTimeUtc"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct { // 3.58
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct { // 3.27
		RuleID       string             `json:"ruleId"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   map[string]any     `json:"properties,omitempty"`
	}
	sarifLocation struct { // 3.28, 3.29, 3.30
		ID       int `json:"id,omitempty"`
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region *sarifRegion `json:"region,omitempty"`
		} `json:"physicalLocation"`
		Message *sarifText `json:"message,omitempty"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifSuppression struct { // 3.35
		Kind          string `json:"kind"`
		Justification string `json:"justification,omitempty"`
	}
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// WriteSARIF writes r as a SARIF 2.1.0 log, which code-scanning pages read: a
// rule for each requirement, a result for each cause of findings, with the line
// of the story that shows it. What the baseline expects is there as suppressed.
// It finishes r.
func WriteSARIF(r *Run, path string) error {
	r.Finish()
	return writeFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(sarifOf(r))
	})
}

func sarifOf(r *Run) sarifLog {
	run := sarifRun{Results: []sarifResult{}, Properties: map[string]any{"target": oneLine(r.Target.Name), "verdict": r.Verdict}}
	run.Tool.Driver = sarifDriver{Name: "sessionspec", Version: r.SuiteVersion, Rules: []sarifRule{}}
	for _, q := range r.Requirements {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{ID: q.ID, Short: sarifText{q.Title}, Default: sarifLevel{sarifLevelOf(q.Level)},
			Properties: map[string]any{"tags": append([]string{q.Level, q.Group}, q.Sources...), "verdict": q.Verdict}})
	}
	inv := sarifInvocation{Successful: r.ExitCode != ExitBroken, ExitCode: r.ExitCode, CommandLine: oneLine(strings.Join(r.Command, " ")),
		Start: r.Started.Format("2006-01-02T15:04:05.000Z"), End: r.Ended.Format("2006-01-02T15:04:05.000Z")}
	note := func(level, text string) {
		inv.Notifications = append(inv.Notifications, sarifNotification{level, sarifText{oneLine(text)}})
	}
	if r.Error != "" {
		note("error", r.Error)
	}
	for _, q := range r.Requirements {
		if q.Verdict == NotJudged || q.Verdict == Error || q.Verdict == SurprisePass {
			note("warning", fmt.Sprintf("%s: %s: %s", q.ID, q.Verdict, q.Reason))
		}
	}
	for _, b := range r.Baseline {
		if b.bad() {
			note("error", fmt.Sprintf("%s: baseline entry %s: %s", b.At, b.Expect, b.State))
		}
	}
	run.Invocations = []sarifInvocation{inv}
	for _, c := range allCauses(r) {
		run.Results = append(run.Results, sarifResultOf(c))
	}
	return sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}
}

func sarifResultOf(c *cause) sarifResult {
	h := fnv.New64a()
	h.Write([]byte(c.key()))
	out := sarifResult{RuleID: c.Requirement, Level: sarifLevelOf(c.Level),
		Message:      sarifText{fmt.Sprintf("%s Want: %s. Got: %s. Where: %s", c.Duty, oneLine(c.Want), oneLine(c.Got), oneLine(c.Step+"  "+c.At))},
		Locations:    []sarifLocation{sarifLocationOf(c.File, c.Line, "")},
		Fingerprints: map[string]string{"sessionspecCause/v1": fmt.Sprintf("%016x", h.Sum64())},
		Properties:   map[string]any{"scenario": c.Scenario.ID, "verdict": c.Verdict, "try": oneLine(c.Try), "evidence": notNil(c.Evidence)}}
	if c.Verdict == Warn {
		out.Level = "warning"
	}
	for i, s := range c.Others {
		l := sarifLocationOf(s.File, s.Line, s.ID)
		l.ID = i + 1
		out.Related = append(out.Related, l)
	}
	if c.Verdict == ExpectedFail {
		out.Suppressions = []sarifSuppression{{Kind: "external", Justification: oneLine(c.Scenario.Reason)}}
	}
	return out
}

func sarifLocationOf(file string, line int, message string) (l sarifLocation) {
	l.Physical.Artifact.URI = strings.ReplaceAll(file, " ", "%20")
	if line > 0 {
		l.Physical.Region = &sarifRegion{line}
	}
	if message != "" {
		l.Message = &sarifText{message}
	}
	return l
}

func sarifLevelOf(level string) string {
	return [...]string{"error", "warning", "note"}[levelRank(level)]
}
