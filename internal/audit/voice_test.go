package audit

import (
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/cookie"
)

func TestVoiceCases(t *testing.T) {
	all, err := voiceCases(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	groups := map[string]int{}
	for _, c := range all {
		if seen[c.id] {
			t.Errorf("%s is there twice", c.id)
		}
		seen[c.id] = true
		group, _, _ := strings.Cut(c.id, "/")
		groups[group]++
		text := strings.ToLower(strings.Join(c.on("c1.voice1.test").set, " ") + c.on("c1.voice1.test").to)
		if strings.Contains(text, "$host") || strings.Contains(text, "example.org") {
			t.Errorf("%s: %s", c.id, text)
		}
	}
	if groups["http-state"] != 222 {
		t.Errorf("%d vectors", groups["http-state"])
	}
	for _, group := range []string{"malformed", "injection", "neighbours", "lookalike", "expiry", "prefix", "none", "scope", "characters"} {
		if groups[group] < 4 {
			t.Errorf("%s: %d cases", group, groups[group])
		}
	}
	for engine := range map[string]bool{"chrome": true, "firefox": true, "webkit": true} {
		why, err := reasons(engine)
		if err != nil {
			t.Fatal(err)
		}
		for id := range why {
			if !seen[id] {
				t.Errorf("disagreements.yaml: %s: there is no case %s", engine, id)
			}
		}
	}
}

func TestMoved(t *testing.T) {
	for in, want := range map[string]string{
		"a=1; domain=.example.org":       "a=1; domain=.$host",
		"a=1; domain=home.eXaMpLe.org":   "a=1; domain=home.$HOST",
		"a=1; domain=.org.":              "a=1; domain=.test.",
		"a=1; domain=home.example.com":   "a=1; domain=home.example.com",
		"http://home.example.org:8888/x": "http://home.$host:8888/x",
		"organ=1":                        "organ=1",
	} {
		if got := moved(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	c := voiceCase{set: []string{"a=1; Domain=$HOST"}, to: "//www.$host/x"}.on("c1.v.test")
	if c.set[0] != "a=1; Domain=C1.V.TEST" || c.to != "//www.c1.v.test/x" || off("C1.V.TEST c1.v.test", "c1.v.test") != "$HOST $host" {
		t.Errorf("%+v", c)
	}
}

func TestUnlike(t *testing.T) {
	now := time.Now()
	yes, no := true, false
	ours := cookie.Cookie{Name: "a", Value: "1", Domain: "x.test", HostOnly: true, Path: "/", SameSite: cookie.SameSiteDefault}
	its := browsers.Cookie{Name: "a", Value: "1", Domain: "x.test", HostOnly: &yes, Path: "/", Session: true}
	dated, itsDated := ours, its
	dated.Persistent, dated.Expires = true, now.Add(400*24*time.Hour)
	itsDated.Session, itsDated.Expires = false, now.Add(400*24*time.Hour-time.Minute)
	for name, c := range map[string]struct {
		ours []cookie.Cookie
		its  []browsers.Cookie
		same bool
	}{
		"alike":         {[]cookie.Cookie{ours}, []browsers.Cookie{its}, true},
		"another site":  {[]cookie.Cookie{ours}, []browsers.Cookie{its, {Name: "b", Domain: "y.test"}}, true},
		"none":          {nil, nil, true},
		"one more":      {nil, []browsers.Cookie{its}, false},
		"one fewer":     {[]cookie.Cookie{ours}, nil, false},
		"not host-only": {[]cookie.Cookie{ours}, []browsers.Cookie{func() browsers.Cookie { k := its; k.HostOnly = &no; return k }()}, false},
		"not told":      {[]cookie.Cookie{ours}, []browsers.Cookie{func() browsers.Cookie { k := its; k.HostOnly = nil; return k }()}, true},
		"secure":        {[]cookie.Cookie{ours}, []browsers.Cookie{func() browsers.Cookie { k := its; k.Secure = true; return k }()}, false},
		"strict":        {[]cookie.Cookie{ours}, []browsers.Cookie{func() browsers.Cookie { k := its; k.SameSite = "Strict"; return k }()}, false},
		"minutes":       {[]cookie.Cookie{dated}, []browsers.Cookie{itsDated}, true},
		"days":          {[]cookie.Cookie{dated}, []browsers.Cookie{func() browsers.Cookie { k := itsDated; k.Expires = now; return k }()}, false},
		"dated":         {[]cookie.Cookie{dated}, []browsers.Cookie{its}, false},
	} {
		if a, b := unlike(c.ours, c.its, "x.test"); (a == b) != c.same {
			t.Errorf("%s: %q and %q", name, a, b)
		}
	}
}
