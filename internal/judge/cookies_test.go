package judge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// setsCookies puts Set-Cookie lines into the operation's last answer.
func setsCookies(lines ...string) effect {
	return set(func(o *history.Op) {
		x := o.Events[len(o.Events)-1].Exchange
		x.Start, x.End = epoch, epoch
		for _, l := range lines {
			x.Response.Header = append(x.Response.Header, history.Line{Name: "Set-Cookie", Value: l})
		}
	})
}

// sendsCookies puts cookies into its request, at puts it at another URL.
func sendsCookies(field string) effect {
	return set(func(o *history.Op) {
		x := o.Events[len(o.Events)-1].Exchange
		x.Request.Header = append(x.Request.Header, history.Line{Name: "Cookie", Value: field})
	})
}

func at(url string) effect {
	return set(func(o *history.Op) { o.Events[len(o.Events)-1].Exchange.Request.URL = url })
}

func pick(bad bool, good, faulty string) string {
	if bad {
		return faulty
	}
	return good
}

// signsIn is a sign-in answered with these lines.
func signsIn(lines ...string) *tale {
	return tell("laptop=alice").do("sign_in", "laptop", setsCookies(lines...))
}

const goodLine = "sid=s3cret; Path=/; HttpOnly; SameSite=Lax"

func cookieDuties() []duty {
	line := func(id, faulty, got string) duty {
		return duty{id: id, name: faulty, terms: Terms{Persistence: "browser"}, tale: func(bad bool) *tale { return signsIn(pick(bad, goodLine, faulty)) },
			rank: 4, want: " ", got: got}
	}
	secureLine := "__Host-sid=1; Path=/; Secure; HttpOnly; SameSite=Lax"
	return []duty{
		line(httpOnly, "sid=s3cret; Path=/; SameSite=Lax", "no HttpOnly: Set-Cookie: sid=...; Path=/; SameSite=Lax (POST /sign_in)"),
		line(sameSite, "sid=s3cret; Path=/; HttpOnly", "no SameSite"),
		line(sameSite, "sid=s3cret; Path=/; HttpOnly; SameSite=Sometimes", "no SameSite"),
		line(scoped, "sid=s3cret; Path=/; Domain=127.0.0.1; HttpOnly; SameSite=Lax", "Domain"),
		line(saneLife, goodLine+"; Max-Age=60", "outlives the browser"),
		line(saneLife, goodLine+"; Max-Age=60000000", "400 days"),
		line(saneLife, goodLine+"; Max-Age=60; Expires=Sat, 03 Jan 2026 03:04:05 GMT", "23h59m0s apart"),
		line(grammatical, goodLine+"; path=/", "more than once"),
		line(grammatical, goodLine+`; Expires=Sat, 03-Jan-26 03:04:05 GMT; Max-Age=0`, "two digits"),
		{id: grammatical, name: "two lines", rank: 4, want: "one line", got: "second line",
			tale: func(bad bool) *tale { return signsIn(pick(bad, "other=1", "sid=; Path=/; Max-Age=0"), goodLine) }},
		{id: secure, name: "on https", rank: 4, want: "Secure", got: "no Secure: Set-Cookie: signed_in=...; Path=/",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop", at("https://127.0.0.1/in"), jar(history.JarCookie{Name: "signed_in", Claim: true}),
					setsCookies(secureLine, pick(bad, "signed_in=1; Path=/; Secure", "signed_in=1; Path=/")))
			}},
		{id: scoped, name: "no prefix on https", rank: 4, want: "its name says so", got: "no prefix",
			tale: func(bad bool) *tale {
				name := pick(bad, "__Host-sid", "sid")
				return tell("laptop=alice").do("sign_in", "laptop", at("https://127.0.0.1/in"), func(t *tale, o *history.Op) {
					gets("v")(t, o)
					t.p.Credentials[0].Carriers[0].Name = name
				}, setsCookies(strings.Replace(secureLine, "__Host-sid", name, 1)))
			}},
		{id: scoped, name: "narrow path", op: 1, rank: 4, want: "all of it", got: "path /sign_in",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("whoami", "laptop").do("sign_in", "laptop", setsCookies("sid=1; HttpOnly; SameSite=Lax; Path="+pick(bad, "/", "/sign_in")))
			}},
		{id: deletes, name: "path", op: 1, rank: 4, want: "deletion of sid", got: "path /out",
			tale: func(bad bool) *tale {
				return signsIn(goodLine).do("sign_out", "laptop", sendsCookies("a=b; sid=s3cret"), setsCookies("sid=; Max-Age=0; Path="+pick(bad, "/", "/out")))
			}},
		{id: deletes, name: "domain", op: 1, rank: 4, want: "deletion of sid", got: "browsers refuse it",
			tale: func(bad bool) *tale {
				return signsIn(goodLine).do("sign_out", "laptop", sendsCookies("sid=s3cret"), setsCookies("sid=; Path=/; Max-Age=0"+pick(bad, "", "; Domain=example.org")))
			}},
		{id: sized, name: "one more each time", op: 6, rank: 4, want: "4 times sign_in", got: "from 1 cookies of 6 octets to 4 of 24",
			tale: func(bad bool) *tale { return rounds(4, func(i int) int { return pickInt(bad, i, 0) }) }},
		{id: sized, name: "too long", rank: 4, want: "4096 octets", got: "5003 octets",
			tale: func(bad bool) *tale {
				if bad {
					return signsIn(strings.Replace(goodLine, "s3cret", strings.Repeat("x", 5000), 1))
				}
				return rounds(4, func(int) int { return 0 })
			}},
	}
}

func pickInt(bad bool, faulty, good int) int {
	if bad {
		return faulty
	}
	return good
}

// rounds signs in and out n times; extra says how many cookies too many the jar
// holds after the i-th sign-in.
func rounds(n int, extra func(i int) int) *tale {
	t := tell("laptop=alice")
	for i := range n {
		var held []history.JarCookie
		for j := range 1 + extra(i) {
			held = append(held, history.JarCookie{Name: fmt.Sprintf("c-%d", j), Value: "xyz"})
		}
		t.do("sign_in", "laptop", jar(held...)).do("sign_out", "laptop")
	}
	return t
}

// What real targets rightly do is no finding.
func TestGoodLines(t *testing.T) {
	for name, tl := range map[string]*tale{
		"Django's": tell("laptop=alice").do("sign_in", "laptop", setsCookies("sid=a1; expires=Fri, 16 Jan 2026 03:04:05 GMT; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax")).
			do("sign_out", "laptop", sendsCookies("sid=a1"), setsCookies(`sid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax`)),
		"plain http, no Secure":    signsIn(goodLine),
		"a deletion with no flags": signsIn(goodLine).do("sign_out", "laptop", sendsCookies("sid=s3cret"), setsCookies("sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")),
		"a date with hyphens":      signsIn(goodLine).do("sign_out", "laptop", sendsCookies("sid=s3cret"), setsCookies("sid=deleted; Path=/; Expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0")),
		"another cookie, bare":     signsIn(goodLine, "theme=dark"),
		"None with Secure":         tell("laptop=alice").do("sign_in", "laptop", at("https://127.0.0.1/in"), setsCookies("other=1; SameSite=None; Secure")),
		"all below one path":       tell("laptop=alice").do("sign_in", "laptop", at("http://127.0.0.1/app/in"), setsCookies("sid=1; HttpOnly; SameSite=Lax; Path=/app")),
		"two scopes cleared":       signsIn(goodLine).do("sign_out", "laptop", sendsCookies("sid=s3cret"), setsCookies("sid=; Path=/; Max-Age=0", "sid=; Path=/old; Max-Age=0")),
		"cleared, and not held":    signsIn(goodLine).do("sign_out", "laptop", setsCookies("sid=; Path=/old; Max-Age=0")),
		"a jar that jitters":       rounds(8, func(i int) int { return i % 3 }),
		"a jar that fills up to 3": rounds(8, func(i int) int { return min(i, 2) }),
	} {
		t.Run(name, func(t *testing.T) { silent(t, Judge(tl.p, Terms{Persistence: ""})) })
	}
	// The server's clock is wrong, and both its dates by the same.
	late := signsIn("sid=a1; Expires=Fri, 02 Jan 2026 06:04:05 GMT; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax")
	x := late.p.Ops[0].Events[0].Exchange
	x.Response.Header = append(x.Response.Header, history.Line{Name: "Date", Value: "Fri, 02 Jan 2026 05:04:05 GMT"})
	silent(t, Judge(late.p, Terms{}))
}

// On plain http nobody can set Secure, so it is not judged there, nor a prefix.
func TestSecureNeedsHTTPS(t *testing.T) {
	r := Judge(signsIn(goodLine).p, Terms{})
	silent(t, r)
	if r.Checks[secure] != 0 || r.Checks[httpOnly] != 1 {
		t.Errorf("checked: %v", r.Checks)
	}
}

// A line in the answer to a question counts, is named, and is reported once.
func TestLinesOfProbes(t *testing.T) {
	tl := signsIn(goodLine)
	p := &tl.p.Ops[0].Probes[0]
	p.Answer.Exchange = &history.Exchange{Request: history.Request{Method: "GET", URL: "http://127.0.0.1/whoami"},
		Response: &history.Response{Status: 200, Header: history.Lines{{Name: "set-cookie", Value: "sid=2; Path=/; SameSite=Lax"}, {Name: "Set-Cookie", Value: "sid=3; Path=/x; SameSite=Lax"}}}, End: epoch}
	tl.do("whoami", "laptop", setsCookies("sid=4; Path=/; SameSite=Lax"))
	r := Judge(tl.p, Terms{})
	var at []Finding
	for _, f := range r.Findings {
		if f.Requirement == httpOnly {
			at = append(at, f)
		}
	}
	if len(at) != 1 || at[0].Probe != 0 || at[0].Credential != "alice.laptop#1" || !strings.Contains(at[0].Got, "GET /whoami") {
		t.Error(all(r))
	}
	if strings.Contains(all(r), "sid=2") {
		t.Errorf("the value is quoted: %s", all(r))
	}
}

// A browser merges header lines, so its own answers are not read.
func TestBrowserLinesAreNotRead(t *testing.T) {
	tl := signsIn("sid=1")
	tl.p.Clients[0].In = "browser"
	r := Judge(tl.p, Terms{})
	silent(t, r)
	if r.Checks[httpOnly] != 0 {
		t.Error(all(r))
	}
}
