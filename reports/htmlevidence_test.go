package reports

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

const png = "\x89PNG\r\n\x1a\nnot really a picture"

// withEvidence is the sample with files of evidence in a folder.
func withEvidence(t *testing.T) (*Run, string) {
	t.Helper()
	r, dir := sample(), t.TempDir()
	x := history.Exchange{Request: history.Request{Method: "POST", URL: "http://127.0.0.1:1/users", Source: "127.0.0.9", Body: "name=it's",
		Header: history.Lines{{Name: "Host", Value: "x"}, {Name: "Cookie", Value: "sid=‹alice.laptop#1›"}}},
		Response: &history.Response{Status: 201, Header: history.Lines{{Name: "Set-Cookie", Value: "sid=</pre><script>alert(1)</script>; Path=/<b>"}}, Body: hostile}}
	for i := range r.Scenarios {
		for j := range r.Scenarios[i].Findings {
			f := &r.Scenarios[i].Findings[j]
			rel, err := WriteEvidence(dir, r.Scenarios[i].ID, []Exhibit{{Exchange: x, Title: "step <5>", Marks: []Mark{{Header: 0, Part: "Path=/<b>", Note: "half of it"}}}})
			if err != nil {
				t.Fatal(err)
			}
			f.Evidence = []string{rel, "evidence/shot.png", "evidence/fake.png", "../outside.http", "evidence/link.http", "evidence/gone.http"}
		}
	}
	for name, text := range map[string]string{"evidence/shot.png": png, "evidence/fake.png": "<svg onload=alert(1)>", "../outside.http": "> secret of the machine"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	storyOf(t, r, dir)
	if err := os.Symlink(filepath.Join(dir, "..", "outside.http"), filepath.Join(dir, "evidence/link.http")); err != nil {
		t.Fatal(err)
	}
	return r, dir
}

// storyOf gives the failing stories evidence of every kind.
func storyOf(t *testing.T, r *Run, dir string) {
	t.Helper()
	var shot bytes.Buffer
	if err := jpeg.Encode(&shot, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	jar := func(value string, secure bool) *history.JarCookie {
		return &history.JarCookie{Name: "sid" + hostile, Value: value, Domain: "127.0.0.1", Path: "/", HTTPOnly: true, Secure: secure, SameSite: "Lax", Session: true}
	}
	cookies := []CookieStep{{Client: "laptop", Step: "sign_in: laptop", StepIndex: 1, Changes: []history.CookieChange{{Change: history.CookieAdded, After: jar("‹alice.laptop#1›", false)}}},
		{Client: "laptop", Step: "refresh: laptop" + hostile, StepIndex: 2, Changes: []history.CookieChange{
			{Change: history.CookieChanged, Before: jar("‹alice.laptop#1›", false), After: jar("‹alice.laptop#2›", true), Differs: []string{"value", "secure"}},
			{Change: history.CookieRemoved, Before: jar("gone", false)}}}}
	console := []ConsoleLine{{Client: "laptop", Step: "visit: laptop", StepIndex: 3, Console: history.Console{Kind: "error", Text: hostile, URL: "http://127.0.0.1/app.js", Line: 7}}}
	for name, v := range map[string]any{"jar.cookies.json": cookies, "page.console.json": console, "all.har": map[string]string{"log": hostile}, "shot-1.jpg": nil} {
		data, err := json.Marshal(v)
		if v == nil {
			data = shot.Bytes()
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "evidence", name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range r.Scenarios {
		if s := &r.Scenarios[i]; s.Verdict == Fail {
			s.Evidence = []Evidence{{Kind: KindHAR, File: "evidence/all.har"}, {Kind: KindCookies, File: "evidence/jar.cookies.json"}, {Kind: KindConsole, File: "evidence/page.console.json"},
				{Kind: KindFilm, File: "evidence/shot-1.jpg", Client: "laptop", Step: "visit: laptop", StepIndex: 3}, {Kind: KindFilm, File: "evidence/missing.jpg", Client: "laptop", Step: "back: laptop", StepIndex: 4},
				{Kind: KindConsole, File: "../outside.json"}}
		}
	}
}

func TestEvidenceOfTheStoryIsInThePage(t *testing.T) {
	r, dir := withEvidence(t)
	text, doc := htmlIn(t, r, dir)
	mustContain(t, content(elements(doc, "main")[0]), "What became of the cookies", "added sid", "carries the session", "value ‹alice.laptop#1›", "changed sid", "value ‹alice.laptop#2›",
		"secure no", "secure yes", "removed sid", "What the browsers showed", "What the browsers' consoles said", "error step 3, laptop", "http://127.0.0.1/app.js:7", "all.har")
	for _, del := range elements(doc, "del") {
		if content(del) != "‹alice.laptop#1›" && content(del) != "no" && content(del) != "gone" {
			t.Errorf("before: %q", content(del))
		}
	}
	if !strings.Contains(text, "data:image/jpeg;base64,") || !strings.Contains(text, `href="evidence/missing.jpg"`) {
		t.Error("the film is not shown, or a missing frame is no link")
	}
	if strings.Contains(text, "outside.json") {
		t.Error("a file outside of the run is named")
	}
}

func TestEvidenceIsInThePage(t *testing.T) {
	r, dir := withEvidence(t)
	text, doc := htmlIn(t, r, dir)
	mustContain(t, content(doc), "> POST http://127.0.0.1:1/users", "> Cookie: sid=‹alice.laptop#1›", "< HTTP 201",
		`# once more, by hand curl -i -X POST --interface 127.0.0.9 -H 'Cookie: sid=‹alice.laptop#1›' --data-raw 'name=it'\''s' http://127.0.0.1:1/users`)
	carriers := 0
	for _, n := range elements(doc, "span") {
		if attr(n, "class") == "carrier" {
			carriers++
		}
	}
	if carriers == 0 {
		t.Error("no line with a credential stands out")
	}
	marks := elements(doc, "mark")
	if len(marks) != 1 || content(marks[0]) != "Path=/<b>" || !strings.Contains(content(marks[0].Parent), "◀ half of it") {
		t.Errorf("%d marks", len(marks))
	}
	for n := marks[0].Parent; n.Data != "details" || attr(n, "class") != "wire"; n = n.Parent {
		if n.Data == "body" {
			t.Fatal("the mark is not in an exchange")
		}
	}
	images := elements(doc, "img")
	for _, n := range images {
		if !strings.HasPrefix(attr(n, "src"), "data:image/png;base64,") && !strings.HasPrefix(attr(n, "src"), "data:image/jpeg;base64,") {
			t.Errorf("an image from %s", attr(n, "src"))
		}
	}
	if len(images) == 0 {
		t.Error("no screenshot")
	}
	for _, bad := range []string{"<script>alert", "secret of the machine", "svg onload"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
}

// Of five stories with one cause, one is unfolded: its evidence is in the page,
// that of the others stays a link.
func TestEvidenceOfFoldedStoriesStaysALink(t *testing.T) {
	r, dir := withEvidence(t)
	text, _ := htmlIn(t, r, dir)
	if n := strings.Count(text, "&gt; POST http://127.0.0.1:1/users</span>"); n != 1 {
		t.Errorf("the exchange is shown %d times", n)
	}
}

func TestCurlLines(t *testing.T) {
	for want, q := range map[string]history.Request{
		"curl -i http://127.0.0.1/":                {Method: "GET", URL: "http://127.0.0.1/"},
		`curl -i -X PUT 'https://127.0.0.1/?a=$b'`: {Method: "PUT", URL: "https://127.0.0.1/?a=$b"},
		"": {Method: "GET", URL: "ws://127.0.0.1/"},
	} {
		if got := curlOf(q); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := curlOf(history.Request{Method: "POST", URL: "http://x/", Body: "a\x00b"}); got != "" {
		t.Error(got)
	}
}
