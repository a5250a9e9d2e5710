package reports

import (
	"fmt"
	"strings"
	"time"
)

const (
	keeps  = "frame/create-user-keeps-sessions"
	actor  = "frame/create-user-keeps-actor"
	ghost  = "hygiene/no-ghost-on-sign-out"
	attrs  = "cookieset/same-life"
	second = "terminate/sign-out-partly"
	chrome = "browser/restart-without-restore"
)

// hostile is what a target may say to hurt a report.
const hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&]]>\x00\x1b[31m\u202e\xff\ufffe ‹alice›"

// sample is a run with one of everything. It is not finished.
func sample() *Run {
	start := time.Date(2026, 7, 1, 12, 0, 0, 123456789, time.UTC)
	duty := "creating a user must leave every live session live"
	r := &Run{
		SuiteVersion: "0.3.0", Commit: "abc1234", Started: start, Ended: start.Add(12300 * time.Millisecond), Seed: 42,
		Command: []string{"sessionspec", "run", "--target", "reference"},
		Target: Target{Name: "reference", Title: "the embedded reference server", Version: "0.3.0", Base: "http://127.0.0.1:4100", StandIn: true,
			Browser: "chrome 140", Declares: map[string]any{"change_password": map[string]any{"others": "end"}}, NotDeclared: []string{"reset_password", "disable"}},
		Requirements: []Requirement{
			{ID: ghost, Level: "MUST", Title: "signing out must not mint a credential", Group: "hygiene", Verdict: Pass, Checks: 5, Sources: []string{"ASVS 7.4.1"}, Derived: true},
			{ID: keeps, Level: "MUST", Title: duty, Group: "frame", Verdict: Fail, Reason: "3 findings", Checks: 12, Sources: []string{"ASVS 7.2.1", "CWE-613"}},
			{ID: actor, Level: "MUST", Title: "creating a user must leave the creator signed in", Group: "frame", Verdict: Pass, Checks: 4},
			{ID: attrs, Level: "SHOULD", Title: "cookies that belong together should live equally long", Group: "cookieset", Verdict: Warn, Reason: "one differs", Checks: 2},
			{ID: second, Level: "MUST", Title: "signing out must end a partly signed-in session", Group: "terminate", Verdict: NotApplicable, Reason: "no second factor; the probe agrees"},
			{ID: chrome, Level: "MUST", Title: "a session cookie must not survive the browser", Group: "browser", Verdict: NotJudged, Reason: "no browser"},
		},
	}
	for i, variant := range []string{"web", "two-cookie", "app", "bearer", "realtime"} {
		s := scenarioOf(keeps, variant)
		s.Routes = map[string]string{"create_user": "cli"}
		s.Tests = []string{keeps, actor}
		s.Verdict = Fail
		who := fmt.Sprintf("bob%d", i)
		s.Findings = []Finding{{
			Requirement: keeps, Level: "MUST", Duty: duty, Want: LiveAs(who), Got: Dead, Step: "create_user: {by: office, user: carol}", StepIndex: 5,
			File: s.File, Line: 13, At: "POST /admin/users -> 201", Credential: "bob.desk#1", Kind: "died",
			Evidence: []string{"evidence/frame/create-user-keeps-sessions@" + variant + ".http"},
			Try:      "./run.sh run --target reference --only " + keeps + " --keep",
		}}
		s.Timeline = timelineSample(who)
		r.Scenarios = append(r.Scenarios, s)
	}
	warned := scenarioOf(attrs, "web")
	warned.Verdict = Warn
	warned.Tests = []string{attrs}
	warned.Findings = []Finding{{Requirement: attrs, Level: "SHOULD", Duty: "cookies that belong together should live equally long", Want: "Max-Age=3600 on both", Got: "none on signed_in", Kind: "attribute"}}
	fine := scenarioOf(ghost, "web")
	fine.Tests = []string{ghost}
	unjudged := scenarioOf(chrome, "web")
	unjudged.Channel, unjudged.Verdict, unjudged.Reason = ChannelBrowser, NotJudged, "no browser"
	r.Scenarios = append(r.Scenarios, warned, fine, unjudged)
	for i := range r.Requirements {
		for _, s := range r.Scenarios {
			if s.Scenario == r.Requirements[i].ID {
				r.Requirements[i].Scenarios = append(r.Requirements[i].Scenarios, s.ID)
			}
		}
	}
	return r
}

func scenarioOf(file, variant string) Scenario {
	return Scenario{
		ID: file + "@" + variant, Scenario: file, Title: strings.ReplaceAll(file, "-", " "), File: "scenarios/" + file + ".yaml", Line: 2,
		Variant: variant, Channel: ChannelWire, Verdict: Pass, Duration: 0.3104, Requests: 31, SignIns: 4,
	}
}

func timelineSample(who string) []Row {
	live := func(name string) Cell { return Cell{Want: LiveAs(name), Got: LiveAs(name)} }
	cells := map[string]Cell{}
	step := func(line int, text, outcome string, change map[string]Cell) Row {
		for k, v := range change {
			cells[k] = v
		}
		now := map[string]Cell{}
		for k, v := range cells {
			now[k] = v
		}
		return Row{Step: text, Line: line, Outcome: outcome, Cells: now}
	}
	return []Row{
		step(9, "sign_in: laptop", "ok", map[string]Cell{"alice.laptop#1": live("alice")}),
		step(10, "sign_in: phone", "ok", map[string]Cell{"alice.phone#1": live("alice")}),
		step(11, "sign_in: desk", "pending", map[string]Cell{"bob.desk#1": {Want: Pending, Got: Pending}}),
		step(12, "sign_in: office", "ok", map[string]Cell{"root.office#1": live("root"), "bob.desk#1": live(who)}),
		step(13, "create_user: {by: office, user: carol}", "ok", map[string]Cell{"bob.desk#1": {Want: LiveAs(who), Got: Dead, Bad: true}}),
		step(14, "sign_out: phone", "ok", map[string]Cell{"alice.phone#1": {Want: Dead, Got: Dead}, "bob.desk#1": {Want: Dead, Got: Dead}}),
		step(15, "create_user: {by: office, user: carol, expect: refused}", "refused", nil),
	}
}

// healthy is a run in which all is well.
func healthy() *Run {
	r := sample()
	for i := range r.Requirements {
		r.Requirements[i].Verdict, r.Requirements[i].Reason = Pass, ""
	}
	for i := range r.Scenarios {
		r.Scenarios[i].Verdict, r.Scenarios[i].Findings, r.Scenarios[i].Timeline = Pass, nil, nil
	}
	return r
}

// poisoned is sample with hostile text wherever a target can put some.
func poisoned() *Run {
	r := sample()
	r.Redact(func(s string) string { return s + hostile })
	r.Target.Declares = map[string]any{hostile: hostile}
	for i := range r.Scenarios {
		for j, row := range r.Scenarios[i].Timeline {
			row.Cells[hostile] = Cell{Got: hostile, Want: hostile, Bad: j == 2}
		}
		r.Scenarios[i].Title = hostile
		for j := range r.Scenarios[i].Findings {
			f := &r.Scenarios[i].Findings[j]
			f.Credential, f.Kind, f.Evidence = hostile, hostile, append(f.Evidence, "javascript:alert(3)")
		}
	}
	return r
}
