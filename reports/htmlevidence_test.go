package reports

import (
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
		Response: &history.Response{Status: 201, Header: history.Lines{{Name: "Set-Cookie", Value: "sid=</pre><script>alert(1)</script>"}}, Body: hostile}}
	for i := range r.Scenarios {
		for j := range r.Scenarios[i].Findings {
			f := &r.Scenarios[i].Findings[j]
			rel, err := WriteEvidence(dir, r.Scenarios[i].ID, []Exhibit{{Exchange: x}})
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
	if err := os.Symlink(filepath.Join(dir, "..", "outside.http"), filepath.Join(dir, "evidence/link.http")); err != nil {
		t.Fatal(err)
	}
	return r, dir
}

func TestEvidenceIsInThePage(t *testing.T) {
	r, dir := withEvidence(t)
	text, doc := htmlIn(t, r, dir)
	mustContain(t, content(doc), "> POST http://127.0.0.1:1/users", "> Cookie: sid=‹alice.laptop#1›", "< HTTP 201",
		`# curl -i -X POST --interface 127.0.0.9 -H 'Cookie: sid=‹alice.laptop#1›' --data-raw 'name=it'\''s' http://127.0.0.1:1/users`)
	carriers := 0
	for _, n := range elements(doc, "span") {
		if attr(n, "class") == "carrier" {
			carriers++
		}
	}
	wires := len(elements(doc, "pre"))
	if carriers == 0 || wires < 2 || wires > 6 {
		t.Errorf("%d lines with credentials in %d blocks", carriers, wires)
	}
	images := elements(doc, "img")
	for _, n := range images {
		if !strings.HasPrefix(attr(n, "src"), "data:image/png;base64,") {
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
	if n := strings.Count(text, "POST http://127.0.0.1:1/users</span>"); n != 1 {
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
