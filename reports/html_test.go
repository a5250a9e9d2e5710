package reports

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func htmlFile(t *testing.T, r *Run) (string, *html.Node) {
	t.Helper()
	return htmlIn(t, r, t.TempDir())
}

func htmlIn(t *testing.T, r *Run, folder string) (string, *html.Node) {
	t.Helper()
	path := filepath.Join(t.TempDir(), ReportHTML)
	if err := WriteHTML(r, path, folder); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b), doc
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func elements(doc *html.Node, tag string) []*html.Node {
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag {
			out = append(out, n)
		}
	}
	return out
}

func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(" " + d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestHTMLTellsTheFailure(t *testing.T) {
	text, doc := htmlFile(t, sample())
	h1 := elements(doc, "h1")
	if len(h1) != 1 || !strings.Contains(content(h1[0]), "not conformant: 1 MUST failed ("+keeps+")") {
		t.Fatal("no verdict on top")
	}
	mustContain(t, content(elements(doc, "main")[0]), "want live as bob0", "got bob.desk#1 dead", "POST /admin/users -> 201", "scenarios/"+keeps+".yaml:13",
		"./run.sh run --target reference --only", "✗ dead expected bob2 ended by create_user", "laptop alice", "the same in 4 other plays", "why this is a duty", "not declared", "chrome 140")
	open, folded := 0, 0
	for _, d := range elements(doc, "details") {
		isOpen := false
		for _, a := range d.Attr {
			isOpen = isOpen || a.Key == "open"
		}
		bad := strings.Contains(attr(d, "class"), "scenario fail")
		same := attr(d.Parent, "class") == "same"
		if (bad && !same) != isOpen {
			t.Errorf("%s is folded the wrong way", attr(d, "class"))
		}
		if isOpen {
			open++
		} else {
			folded++
		}
	}
	if open != 1 || folded != 4+1+3+3+6+1 { // plays of one cause and their fold, other stories and groups, requirements, what is declared
		t.Errorf("%d open, %d folded", open, folded)
	}
	if strings.Contains(text, "ZgotmplZ") {
		t.Error("html/template refused a value")
	}
}

func TestHTMLLinksLeadSomewhere(t *testing.T) {
	_, doc := htmlFile(t, sample())
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %s twice", id)
			}
			ids[id] = true
		}
	}
	evidence := 0
	for _, a := range elements(doc, "a") {
		href := attr(a, "href")
		if target, ok := strings.CutPrefix(href, "#"); ok {
			if !ids[target] {
				t.Errorf("%s leads nowhere", href)
			}
		} else if strings.HasPrefix(href, "evidence/") {
			evidence++
		} else {
			t.Errorf("unexpected link %s", href)
		}
	}
	if evidence != 5 {
		t.Errorf("%d links to evidence", evidence)
	}
}

func TestHTMLHasNoScriptAndNoNetwork(t *testing.T) {
	for name, r := range map[string]*Run{"sample": sample(), "poisoned": poisoned()} {
		text, doc := htmlFile(t, r)
		for _, tag := range []string{"script", "img", "link", "iframe", "object", "form", "base"} {
			if len(elements(doc, tag)) > 0 {
				t.Errorf("%s: there is a <%s>", name, tag)
			}
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
					t.Errorf("%s: attribute %s=%q", name, a.Key, a.Val)
				}
			}
		}
		if strings.Contains(text, "url(") || strings.Contains(text, "@import") {
			t.Errorf("%s: the style reaches out", name)
		}
		if strings.ContainsAny(text, "\x00\x1b\u202e") {
			t.Errorf("%s: control characters", name)
		}
		policy := ""
		for _, m := range elements(doc, "meta") {
			if strings.EqualFold(attr(m, "http-equiv"), "content-security-policy") {
				policy = attr(m, "content")
			}
		}
		if policy != "default-src 'none'; style-src 'unsafe-inline'; img-src data:" {
			t.Errorf("%s: policy %q", name, policy)
		}
	}
}

func TestHTMLOfHappyAndEmptyRuns(t *testing.T) {
	_, doc := htmlFile(t, healthy())
	mustContain(t, content(elements(doc, "h1")[0]), "conformant")
	if strings.Contains(content(doc), "What went wrong") {
		t.Error("a good run has no section of failures")
	}
	_, doc = htmlFile(t, &Run{Error: "target unreachable"})
	mustContain(t, content(elements(doc, "h1")[0]), "error: target unreachable")
}
