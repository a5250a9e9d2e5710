package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// greets is alice's page with these Cache-Control directives.
func greets(control string) effect {
	return func(t *tale, o *history.Op) {
		get("http://127.0.0.1/me")(t, o)
		body("Hello Alice-X")(t, o)
		if control != "" {
			says("Cache-Control", control)(t, o)
		}
	}
}

// walked adds an answer through a cache, of the client named from ("" is the target).
func walked(client, from, text string, direct ...string) effect {
	return set(func(o *history.Op) {
		answer := func(text string) *history.Exchange {
			return &history.Exchange{Request: history.Request{Method: "GET", URL: "http://127.0.0.1/me/x.css"}, Response: &history.Response{Status: 200, Body: text}}
		}
		w := history.Walk{Client: client, From: from, Exchange: answer(text)}
		for _, d := range direct {
			w.Direct = answer(d)
		}
		o.Walks = append(o.Walks, w)
	})
}

func storedDuties() []duty {
	control := func(faulty, got string) duty {
		return duty{id: notStored, name: faulty, op: 1, rank: 4, want: "the name of the account", got: got,
			tale: func(bad bool) *tale { return known().do("visit", "laptop", greets(pick(bad, "no-store", faulty))) }}
	}
	return []duty{
		control("", "no Cache-Control (GET /me, 200)"),
		control("private", "Cache-Control: private"),
		control("no-cache, max-age=0, must-revalidate", "no-cache"),
		{id: notStored, name: "a credential", op: 1, rank: 4, want: "a credential", got: "private", tale: func(bad bool) *tale {
			return known().do("whoami", "laptop", get("http://127.0.0.1/in"), setsCookies(tokenLine), says("Cache-Control", pick(bad, "no-store", "private")))
		}},
		{id: sharedCache, name: "a cookie for everybody", op: 1, rank: 1, want: "sets no session cookie", got: "public, max-age=60, and Set-Cookie: sid=...", tale: func(bad bool) *tale {
			return known().do("whoami", "laptop", get("http://127.0.0.1/"), setsCookies(tokenLine), says("Cache-Control", pick(bad, "no-store", "public, max-age=60")))
		}},
		{id: sharedCache, name: "a name out of the cache", op: 1, want: "desk gets nothing of laptop", got: "the name of laptop, asked for at /me/x.css", tale: func(bad bool) *tale {
			return known().do("through_cache", "laptop", of("desk"), walked("laptop", "", "Hello alice-x"), walked("desk", pick(bad, "", "laptop"), pick(bad, "Hello bob-x", "Hello alice-x")))
		}},
		{id: sharedCache, name: "a credential out of the cache", op: 1, want: "stranger gets nothing of laptop", got: "the credential of laptop", tale: func(bad bool) *tale {
			return known().do("through_cache", "laptop", of("desk"), walked("laptop", "", "You are alice-x by "+token), walked("stranger", pick(bad, "", "laptop"), pick(bad, "Who?", token)))
		}},
	}
}

func TestWhatMayBeKept(t *testing.T) {
	for name, p := range map[string]*tale{
		"a refusal":                known().do("visit", "laptop", greets("private"), set(func(o *history.Op) { o.Events[0].Exchange.Response.Status = 403 })),
		"the answer to a POST":     known().do("visit", "laptop", greets("private"), set(func(o *history.Op) { o.Events[0].Exchange.Request.Method = "POST" })),
		"a step of a route":        known().do("note", "laptop", greets("private")),
		"a page without the name":  known().do("visit", "laptop", greets(""), body("Hello")),
		"a name seen by strangers": known().do("visit", "laptop", greets(""), set(func(o *history.Op) { o.Events[0].Exchange.Request.Header = nil })),
		"everybody sees the name": known().do("through_cache", "laptop", of("desk"), walked("laptop", "", "alice-x is here"),
			walked("desk", "laptop", "alice-x is here", "alice-x and bob-x are here")),
		"the same for everybody": known().do("through_cache", "laptop", of("desk"), walked("laptop", "", "Welcome"), walked("desk", "laptop", "Welcome")),
		"without the line of the cookie": known().do("whoami", "laptop", get("http://127.0.0.1/"), setsCookies("sid=other-value; Path=/; HttpOnly; SameSite=Lax"),
			says("Cache-Control", `max-age=60, no-cache="Set-Cookie"`)),
	} {
		t.Run(name, func(t *testing.T) { silent(t, Judge(p.p, Terms{})) })
	}
}
