package targets

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

const plainSample = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Sign in</title>
<script src="/back.js" defer></script>
</head>
<body data-standing="none">
<nav><a href="/">Home</a> <a href="/help">Help</a></nav>
<main><h1>Sign in</h1><p id="error">No <b>such</b> user</p>
<form id="login" method="post"><input type="hidden" name="csrf" value="0a1b">
<label>Name <input name="user"></label><ul><li class="a">x</li><li><button>Go</button></li></ul></form></main>
</body>
</html>
`

// sameTree says where two trees differ, "" if they do not.
func sameTree(a, b *html.Node) string {
	if a.Type != b.Type || a.Data != b.Data || a.DataAtom != b.DataAtom || a.Namespace != b.Namespace || !slices.Equal(a.Attr, b.Attr) {
		return fmt.Sprintf("%v %q %v and %v %q %v", a.Type, a.Data, a.Attr, b.Type, b.Data, b.Attr)
	}
	x, y := a.FirstChild, b.FirstChild
	for ; x != nil && y != nil; x, y = x.NextSibling, y.NextSibling {
		if d := sameTree(x, y); d != "" {
			return a.Data + " > " + d
		}
	}
	if x != nil || y != nil {
		return a.Data + ": another number of children"
	}
	return ""
}

func TestPlainPage(t *testing.T) {
	if plainPage(plainSample) == nil {
		t.Error("the sample is not plain")
	}
	for _, odd := range []string{"", "<p>x", strings.Replace(plainSample, "<ul>", "<table>", 1), strings.Replace(plainSample, "</li>", "", 1),
		strings.Replace(plainSample, "such", "s&uuml;ch", 1), strings.Replace(plainSample, "<b>such", "<div>such", 1), plainSample[:200]} {
		if plainPage(odd) != nil {
			t.Errorf("plain is %s", odd)
		}
	}
}

// FuzzPlainPage compares with the parser that knows all of HTML.
func FuzzPlainPage(f *testing.F) {
	f.Add(plainSample)
	for _, inner := range []string{"<p>a</p>b", "<b><i>x</i></b>", "<a><div>x</div></a>", "<form><p><a>1</a></p></form>", "<ul>\n<li>x<ul><li>y</li></ul></li></ul>",
		"<button><p>x</p></button>", "<h1><span>x</span></h1>", "<script>x</script>", "<p><button><div></div></button></p>", "<h1><h2></h2></h1>",
		"<style>x</style><br>", "<label><input><img></label>", "<li>x</li>", "<p><ul></ul></p>", "<b><p>x</p></b>", "<code><div><code>x</code></div></code>"} {
		f.Add("<!doctype html><html><head></head><body>" + inner + "</body></html>")
	}
	for _, s := range []string{"<!doctype html> <html> <head> </head> <body> </body> </html> ", "<!doctype html><html><head><title>\nx</title></head>\n<body x>a</body>\n</html>\n",
		"<!doctype html><html><head><style> </style></head><body><script></script></body></html>"} {
		f.Add(s)
	}
	pages, _ := filepath.Glob("../internal/reference/pages/*.html")
	for _, file := range pages {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, body string) {
		got := plainPage(body)
		if got == nil {
			return
		}
		want, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if d := sameTree(got, want); d != "" {
			t.Errorf("%s\nof %q", d, body)
		}
	})
}

// Pages whose elements end in order, whatever they are in: half of them are plain.
func TestPlainPageTrees(t *testing.T) {
	names := append(slices.Sorted(maps.Keys(plainElements)), "table", "td", "select", "option", "textarea", "body", "h4", "dd")
	r := rand.New(rand.NewPCG(1, 2))
	plain := 0
	for range 20000 {
		var grow func(deep int) string
		grow = func(deep int) (out string) {
			for range r.IntN(4) {
				name := names[r.IntN(len(names)-r.IntN(2)*8)]
				out += []string{"", " ", "x", "\n"}[r.IntN(4)] + "<" + name + []string{"", ` id="a"`, " defer"}[r.IntN(3)] + ">"
				switch kind := plainElements[name]; {
				case kind&plainVoid != 0:
				case kind&plainText != 0 || deep == 0:
					out += "y</" + name + ">"
				default:
					out += grow(deep-1) + "</" + name + ">"
				}
			}
			return out
		}
		body := "<!doctype html><html><head>\n<title>t</title></head>\n<body>" + grow(1+r.IntN(6)) + "</body></html>\n"
		if got := plainPage(body); got != nil {
			plain++
			want, _ := html.Parse(strings.NewReader(body))
			if d := sameTree(got, want); d != "" {
				t.Fatalf("%s\nof %q", d, body)
			}
		}
	}
	if plain < 2000 {
		t.Errorf("only %d of them are plain", plain)
	}
}
