package targets

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/schemagen"
)

// Whatever the bytes are: no panic, and an error has a place in the file.
func FuzzParseTarget(f *testing.F) {
	for _, data := range schemagen.Files(f, builtin) {
		f.Add(data)
	}
	for _, c := range append(brokenTargets, brokenValues...) {
		f.Add([]byte(c.in))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := Parse("f.yaml", data)
		if err == nil {
			if len(x.Operations["whoami"]) == 0 || x.Operations["whoami"][0].Live == nil || x.Base == "" {
				t.Errorf("accepted without whoami or base: %+v", x)
			}
			for _, rs := range x.Operations {
				for _, r := range rs {
					if len(r.Steps) == 0 {
						t.Error("accepted a route without steps")
					}
					for _, s := range r.Steps {
						if s.Exec != nil && len(s.Exec) == 0 {
							t.Error("accepted an empty command")
						}
					}
				}
			}
			return
		}
		schemagen.Placed(t, err, "f.yaml")
	})
}

// Whatever a target answers, and wherever a file looks in it: no panic.
func FuzzAnswer(f *testing.F) {
	for _, where := range []string{"$.a", "$..a[?(@.b == 'c')].d", "$.a[-1:]", "$[*]['x','y']", "li.x > a[href]", `(?m)^x(\S+)$`, "$.a[?(@.b =~ /x/)]"} {
		for _, body := range []string{`{"a":[{"b":"c","d":1}]}`, "<ul><li class=x><a href=y>z</ul>", "", "x1\nx2", "[[[", `{"a":1e999}`} {
			f.Add(where, body)
		}
	}
	f.Fuzz(func(t *testing.T, where, body string) {
		a := &Answer{Body: body, Stdout: body}
		for _, e := range []Extractor{{JSON: where}, {StdoutJSON: where}, {CSS: where}, {CSS: where, Attr: "href"}, {Regex: where}, {StdoutRegex: where}} {
			_, found, err := e.From(a, Vars{"user": "ann", "gone": Missing{}})
			if found && err != nil {
				t.Errorf("found and failed: %v", err)
			}
		}
		_, _ = a.JSON(where)
		_, _ = a.CSS(where)
	})
}
