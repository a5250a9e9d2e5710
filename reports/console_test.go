package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func summary(r *Run, c *Console) string {
	var out bytes.Buffer
	c.W = &out
	c.Summary(r)
	return out.String()
}

func mustContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("lacks %q:\n%s", p, clip(text, 3000))
		}
	}
}

func TestSuccessIsQuiet(t *testing.T) {
	text := summary(healthy(), &Console{Dir: "out"})
	if n := strings.Count(text, "\n"); n > 5 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	mustContain(t, text, "reference 0.3.0", "6 pass", "report  "+filepath.Join("out", "report.html"))
	if !strings.HasSuffix(text, "\nconformant\n") {
		t.Error(text)
	}
}

func TestConformantNamesItsHoles(t *testing.T) {
	r := healthy()
	r.Requirements[0].Verdict = ExpectedFail
	r.Requirements[1].Verdict, r.Requirements[1].Reason = NotJudged, "no browser"
	text := summary(r, &Console{})
	mustContain(t, text, "conformant but for 1 known failure, 1 not judged", "not judged: "+keeps+": no browser")
}

func TestFailureIsAScene(t *testing.T) {
	text := summary(sample(), &Console{Dir: "out", Width: 120})
	if n := strings.Count(text, "FAIL  "+keeps); n != 1 {
		t.Errorf("%d blocks for one cause:\n%s", n, text)
	}
	mustContain(t, text,
		"MUST   ASVS 7.2.1, CWE-613",
		"creating a user must leave every live session live",
		"want  live as bob2", "got   bob.desk#1 dead", // app is the first by id
		"at    step 5, create_user: {by: office, user: carol}   POST /admin/users -> 201",
		"scenarios/"+keeps+".yaml:13",
		"see   "+filepath.Join("out", "evidence/frame/create-user-keeps-sessions@app.http"),
		"try   ./run.sh run --target reference",
		"and 4 more scenarios: "+keeps+"@bearer",
		"dead, want bob2",
		"2 pass   1 FAIL   1 warn   1 not-applicable   1 not-judged",
		"warn  "+attrs,
		"not conformant: 1 MUST failed ("+keeps+")   exit 1\n")
	order := []string{"FAIL", "creating a user", "want ", "got ", "at  ", "see ", "try ", "exit 1"}
	at := 0
	for _, word := range order {
		n := strings.Index(text[at:], word)
		if n < 0 {
			t.Fatalf("%q is out of order:\n%s", word, text)
		}
		at += n
	}
	if strings.Contains(text, "\x1b") {
		t.Error("colour without being asked")
	}
	mustContain(t, summary(sample(), &Console{Color: true}), "\x1b[31mFAIL")
}

func TestDistinctCausesGetTheirOwnBlocks(t *testing.T) {
	r := sample()
	r.Scenarios[3].Findings[0].Got = "live as mallory"
	if n := strings.Count(summary(r, &Console{}), "FAIL  "+keeps); n != 2 {
		t.Errorf("%d blocks", n)
	}
}

func TestABrokenTargetDoesNotFillTheScreen(t *testing.T) {
	r := &Run{}
	for i := range 200 {
		id := fmt.Sprintf("g%d/r", i)
		r.Requirements = append(r.Requirements, Requirement{ID: id, Level: "MUST", Verdict: Fail})
		r.Scenarios = append(r.Scenarios,
			Scenario{ID: id + "@a", Scenario: id, Verdict: Fail, Findings: []Finding{{Requirement: id, Level: "MUST", Want: "a", Got: "b"}}},
			Scenario{ID: id + "@b", Scenario: id, Verdict: Error, Reason: "connection refused"})
	}
	text := summary(r, &Console{})
	if n := strings.Count(text, "\n"); n > 120 {
		t.Errorf("%d lines", n)
	}
	mustContain(t, text, "and 190 findings more in the report", "ERROR g0/r@b, g1/r@b, g10/r@b and 197 more", "connection refused", "exit 1")
}

func TestOtherEndings(t *testing.T) {
	mustContain(t, summary(&Run{}, &Console{}), "nothing was judged   exit 4")
	mustContain(t, summary(&Run{Error: "target unreachable\x1b[2J"}, &Console{}), `error: target unreachable\x1b[2J   exit 3`)
	mustContain(t, summary(&Run{Requirements: []Requirement{{ID: "g/r", Verdict: Error}}, Scenarios: []Scenario{{ID: "g/r@x", Verdict: Error, Reason: "died midway"}}},
		&Console{}), "ERROR g/r@x", "died midway", "error: 1 scenario could not be judged   exit 3")
	mustContain(t, summary(&Run{Requirements: []Requirement{{ID: "g/r", Level: "MUST", Verdict: SurprisePass, Reason: "baseline line 3 says it fails"}}}, &Console{}),
		"SURPRISE-PASS g/r", "baseline line 3", "not conformant: 1 surprise-pass (g/r)   exit 1")
}

func TestHostileTextCannotDriveTheTerminal(t *testing.T) {
	c := &Console{TTY: true}
	var out bytes.Buffer
	c.W = &out
	for _, o := range []Output{OutputNormal, OutputVerbose, OutputJSON} {
		c.Output = o
		c.Progress(Progress{Done: 1, Total: 2, Story: StoryResult{ID: "x\x1b[2J\n", Verdict: Fail, Reason: hostile}})
	}
	text := strings.ReplaceAll(out.String(), "\r", "")
	text = strings.ReplaceAll(text, "\x1b[K", "") // ours
	text += summary(poisoned(), &Console{})
	if i := max(strings.IndexAny(text, "\x00\x1b\u202e"), strings.IndexByte(text, 0xff)); i >= 0 {
		t.Errorf("control characters reach the terminal: %q", text[max(0, i-40):i+40])
	}
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	c := &Console{W: &out, TTY: true, Width: 200}
	c.Progress(Progress{Done: 3, Total: 80, Playing: 16, Findings: 1, Left: 90 * time.Second, Story: StoryResult{ID: "frame/x@web", Verdict: Pass}})
	if text := out.String(); text != "\r3/80 scenarios, 16 playing, 61 waiting, 1 finding, about 90 s left  frame/x@web\x1b[K" {
		t.Errorf("%q", text)
	}
	c.Width = 40
	c.Progress(Progress{Done: 3, Total: 80, Playing: 16, Findings: 1})
	if text := out.String(); width(text[strings.LastIndex(text, "\r"):]) > 45 {
		t.Errorf("%q", text)
	}

	plain := func(total int, every time.Duration) string {
		out.Reset()
		c := &Console{W: &out}
		for i := range total + 1 {
			c.Progress(Progress{Done: i, Total: total, Elapsed: time.Duration(i) * every})
		}
		return out.String()
	}
	if got := plain(100, 0); got != "25/100 scenarios\n50/100 scenarios\n75/100 scenarios\n" {
		t.Errorf("%q", got)
	}
	if got := plain(8, 0); got != "" {
		t.Errorf("%q", got)
	}
	if got := plain(8, 25*time.Second); got != "3/8 scenarios\n6/8 scenarios\n" {
		t.Errorf("a slow run: %q", got)
	}
}

func TestQuietSaysTheVerdict(t *testing.T) {
	c := &Console{Output: OutputQuiet, TTY: true}
	var out bytes.Buffer
	c.W = &out
	c.Progress(Progress{Done: 1, Total: 2})
	r := sample()
	r.Target.Imitates = "nothing"
	c.Opening(r)
	c.Summary(r)
	if got := out.String(); got != "not conformant: 1 MUST failed ("+keeps+")   exit 1\n" {
		t.Errorf("%q", got)
	}
}

func TestVerboseLeavesNothingOut(t *testing.T) {
	r := &Run{}
	for i := range 20 {
		id := fmt.Sprintf("g%d/r", i)
		r.Requirements = append(r.Requirements, Requirement{ID: id, Level: "MUST", Verdict: Fail}, Requirement{ID: id + "x", Verdict: NotJudged, Reason: "reason " + fmt.Sprint(i)})
		r.Scenarios = append(r.Scenarios, Scenario{ID: id + "@a", Scenario: id, Verdict: Fail, Findings: []Finding{{Requirement: id, Level: "MUST", Want: "a", Got: "b"}}},
			Scenario{ID: id + "@b", Scenario: id, Verdict: Error, Reason: "refused"})
	}
	c := &Console{Output: OutputVerbose}
	var out bytes.Buffer
	c.W = &out
	c.Progress(Progress{Done: 1, Total: 2, Story: StoryResult{ID: "g1/r@a", Verdict: Fail, Seconds: 0.31, Requests: 12, Reason: "g1/r: b"}})
	c.Summary(r)
	text := out.String()
	mustContain(t, text, "FAIL           g1/r@a   0.31 s   12 requests   g1/r: b\n", "FAIL  g19/r", "g19/r@b", "reason 19")
	if strings.Contains(text, "more in the report") || strings.Contains(before(text, "not conformant"), "and 17 more") {
		t.Errorf("something is left out:\n%s", text)
	}
}

// A program reads one object a line, whatever the target says, and nothing else.
func TestJSONIsALineForEachEvent(t *testing.T) {
	r := poisoned()
	r.Error = ""
	c := &Console{Output: OutputJSON, TTY: true, Color: true, Dir: "out"}
	var out bytes.Buffer
	c.W = &out
	c.Opening(r)
	c.Progress(Progress{Done: 1, Total: 8, Findings: 1, Story: StoryResult{ID: "a@b", Verdict: Fail, Reason: hostile}})
	c.Summary(r)
	var events []string
	for line := range strings.Lines(out.String()) {
		var e struct {
			Event, Verdict, Requirement, Scenario, Run string
			Others                                     []string
			ExitCode                                   int `json:"exit_code"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		events = append(events, e.Event+" "+e.Verdict)
		if e.Event == "finding" && e.Verdict == "fail" && (e.Requirement != keeps || len(e.Others) != 4 || !strings.HasPrefix(e.Scenario, keeps)) {
			t.Errorf("%+v", e)
		}
		if e.Event == "end" && (e.ExitCode != 1 || e.Run != filepath.Join("out", RunJSON)) {
			t.Errorf("%+v", e)
		}
	}
	if got := strings.Join(events, ", "); got != "start , story fail, finding fail, finding warn, end not conformant" {
		t.Error(got)
	}
}

func TestNewConsoleOnAFileIsPlain(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if c := NewConsole(f); c.TTY || c.Color {
		t.Errorf("%+v", c)
	}
}

func TestTimelineText(t *testing.T) {
	rows := timelineSample("bob")
	text := TimelineText(rows, 100, 12)
	if len(text) != len(rows)+1 {
		t.Fatalf("%d lines:\n%s", len(text), strings.Join(text, "\n"))
	}
	if strings.Index(text[0], "bob.desk#1") > strings.Index(text[0], "alice.laptop#1") || !strings.Contains(text[0], "1 lane not shown") {
		t.Errorf("the lane that differs comes first: %s", text[0])
	}
	if !strings.Contains(text[5], "dead, want bob") || !strings.Contains(text[2], "·") {
		t.Error(strings.Join(text, "\n"))
	}
	var long []Row
	for range 30 {
		long = append(long, timelineSample("bob")[:4]...)
	}
	long = append(long, rows...)
	for _, columns := range []int{20, 40, 60, 100} {
		text := TimelineText(long, columns, 12)
		if len(text) > 12 || !strings.Contains(strings.Join(text, "\n"), "dead") {
			t.Errorf("%d columns:\n%s", columns, strings.Join(text, "\n"))
		}
		for _, l := range text {
			if width(l) > max(columns, 30) {
				t.Errorf("%d columns: %q is wider", columns, l)
			}
		}
	}
	if TimelineText(rows[:3], 100, 12) != nil {
		t.Error("a timeline without a difference is no picture")
	}
}

func TestOpeningSaysThatAStandInIsPlayed(t *testing.T) {
	var b bytes.Buffer
	c := &Console{W: &b}
	r := sample()
	c.Opening(r)
	if b.Len() != 0 {
		t.Errorf("a line for nothing: %s", &b)
	}
	r.Target.Imitates = "no server was\x1b[2J given"
	c.Opening(r)
	if got := b.String(); !strings.HasPrefix(got, "reference (stand-in): no server was") || strings.Contains(got, "\x1b") || strings.Count(got, "\n") != 1 {
		t.Errorf("%q", got)
	}
}

// before is the text up to a mark, all of it where there is none.
func before(text, mark string) string {
	head, _, _ := strings.Cut(text, mark)
	return head
}
