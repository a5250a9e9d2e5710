package judge

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// body is the body of the operation's last answer, get makes it the answer to a
// GET that presents what the client holds.
func body(text string) effect {
	return set(func(o *history.Op) { o.Events[len(o.Events)-1].Exchange.Response.Body = text })
}

func get(url string) effect {
	return func(t *tale, o *history.Op) {
		r := &o.Events[len(o.Events)-1].Exchange.Request
		r.Method, r.URL = "GET", url
		for _, c := range t.p.Credentials {
			if c.Client == o.Step.Client {
				r.Header = append(r.Header, history.Line{Name: "Cookie", Value: "sid=" + c.Carriers[0].Value})
			}
		}
	}
}

const (
	token     = "t0ken/of+alice=="
	tokenLine = "sid=" + token + "; Path=/; HttpOnly; SameSite=Lax"
)

// known is alice signed in with the token in a cookie, under an account name of her own.
func known(effects ...effect) *tale {
	t := tell("laptop=alice", "desk=bob")
	t.client("laptop").Account, t.client("desk").Account = "alice-x", "bob-x"
	return t.do("sign_in", "laptop", append([]effect{gets(token), setsCookies(tokenLine)}, effects...)...)
}

func exposedDuties() []duty {
	said := func(id, name, got, text string) duty {
		return duty{id: id, name: name, op: 1, rank: 4, want: " ", got: got,
			tale: func(bad bool) *tale { return known().do("visit", "laptop", body(pick(bad, "nothing", text))) }}
	}
	out := []duty{
		{id: tokenInURL, name: "redirect", rank: 4, want: "no URL", got: "the header Location has sid of alice.laptop#1 (POST /sign_in)", tale: func(bad bool) *tale {
			return known(says("Location", pick(bad, "/account", "/account?sid=t0ken%2Fof%2Balice%3D%3D")))
		}},
		{id: tokenInURL, name: "request", op: 1, rank: 4, want: "no URL", got: "the request's URL has sid", tale: func(bad bool) *tale {
			return known().do("visit", "laptop", get("http://127.0.0.1/a?t="+pick(bad, "1", "t0ken%2Fof+alice==%3D%3D")), get("http://127.0.0.1/"+pick(bad, "x", token)))
		}},
		{id: singleSource, name: "header", op: 1, rank: 4, want: "Set-Cookie and nowhere else", got: "the header X-Debug has the value of sid", tale: func(bad bool) *tale {
			return known().do("visit", "laptop", says("X-Debug", pick(bad, "no", "cookie: sid="+token)))
		}},
	}
	for _, text := range []string{`<a href="/x?sid=` + token + `">`, `<a href=/x/` + token + `>`, `{"next":"https:\/\/127.0.0.1\/x#t=` + token + `"}`,
		`fetch('me?token=` + token + `')`, `<p>` + token + `</p><a href="/x?sid=` + token + `">`} {
		out = append(out, said(tokenInURL, text, "a URL in the body has sid", text))
	}
	for _, text := range []string{"<p>" + token + "</p>", `{"token":"` + token + `"}`, "Cookie: sid=" + token, `{"a":"/x","t":"` + token + `"}`} {
		out = append(out, said(singleSource, text, "the body has the value of sid", text))
	}
	return out
}

func TestWhatIsNoExposure(t *testing.T) {
	leak := "<p>" + token + "</p>"
	visible := strings.Replace(tokenLine, "; HttpOnly", "", 1)
	for name, p := range map[string]*tale{
		"too short to be sure": tell("laptop=alice").do("sign_in", "laptop", gets("1234567"), setsCookies("sid=1234567; Path=/; HttpOnly; SameSite=Lax"), body("1234567"), says("Location", "/1234567")),
		"both clients have it": known().do("sign_in", "desk", gets(token)).do("visit", "laptop", body(leak), says("Location", "/"+token)),
		"present puts it there": known().do("present", "laptop", set(func(o *history.Op) {
			o.Events[0].Exchange.Request.URL = "http://127.0.0.1/?sid=" + token
		})),
	} {
		r := Judge(p.p, Terms{})
		for _, f := range r.Findings {
			if f.Requirement == tokenInURL || f.Requirement == singleSource {
				t.Errorf("%s: %s", name, all(r))
			}
		}
	}
	r := Judge(tell("laptop=alice").do("sign_in", "laptop", gets(token), setsCookies(visible), body(leak)).p, Terms{})
	if r.Checks[singleSource] > 0 {
		t.Errorf("a cookie that scripts may read: %s", all(r))
	}
}
