package cookie

import (
	"strings"
	"testing"
	"time"
)

// Whatever the line, parsing and storing hold their promises.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "a=b", "=abc", "abc", "a=b; Path=/; Domain=.app.test; Secure; HttpOnly; SameSite=None; Partitioned",
		"a=b; Max-Age=-99999999999999999999; Expires=Sun Nov  6 08:49:37 1994", "__Host-a=b; Secure; Path=/",
		"a=\xff; Domain=\xff; Expires=\xff:1:2", "a=b;;=;;Max-Age=007", "a=b\x00", " = ;\t; = ",
	} {
		f.Add(seed)
	}
	u := at("https://www.app.test/dir/page")
	f.Fuzz(func(t *testing.T, line string) {
		c, problems := Parse(line, now, time.Time{})
		if strings.ContainsAny(c.Name, "=;") || strings.ContainsRune(c.Value, ';') || trim(c.Name) != c.Name || trim(c.Value) != c.Value {
			t.Errorf("pair %q %q", c.Name, c.Value)
		}
		if len(c.Attributes) != strings.Count(line, ";") {
			t.Errorf("%d attributes", len(c.Attributes))
		}
		persistent, end, deletion := Lifetime(c, now)
		if persistent && end.After(now.Add(MaxLife)) || deletion && !persistent {
			t.Errorf("lifetime %v %v %v", persistent, end, deletion)
		}
		// A line without problems is one that says what it means.
		if len(problems) == 0 && (c.Refused != "" || c.Name == "") {
			t.Errorf("no problem seen, but %q", c.Refused)
		}

		var j Jar
		switch out := j.Set(u, line, now); out.Result {
		case Rejected, Deleted:
			if len(j.All()) != 0 || (out.Result == Rejected) != (out.Reason != "") {
				t.Errorf("%+v", out)
			}
		case Stored:
			// What is stored for this URL and sent there comes back as the same pair.
			if header := j.Header(u, now); header != "" && header != out.Cookie.Pair() {
				t.Errorf("header %q, pair %q", header, out.Cookie.Pair())
			}
			if hasControl(out.Cookie.Pair()) || !DomainMatch("www.app.test", out.Cookie.Domain) || out.Cookie.Path[0] != '/' {
				t.Errorf("%+v", out.Cookie)
			}
		default:
			t.Errorf("%+v", out)
		}
	})
}
