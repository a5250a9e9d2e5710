package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// transportDuties are the tales of what travels where.
func transportDuties() []duty {
	out := []duty{}
	for _, d := range [][]duty{plainDuties(), exposedDuties(), storedDuties(), offeredDuties()} {
		out = append(out, d...)
	}
	return out
}

// says puts header lines into the operation's last answer.
func says(name, value string) effect {
	return set(func(o *history.Op) {
		x := o.Events[len(o.Events)-1].Exchange
		x.Response.Header = append(x.Response.Header, history.Line{Name: name, Value: value})
	})
}

func plainDuties() []duty {
	offered := dead
	offered.Offers = []history.Offer{{Kind: "cookie", Name: "sid", Value: "new"}}
	redirect := func(bad bool) effect {
		return says("Location", pick(bad, "https://127.0.0.1:8443/", "http://127.0.0.1:8080/"))
	}
	return []duty{
		{id: httpsOnly, name: "served", op: 1, rank: 1, want: "nobody is served", got: "live as alice", tale: func(bad bool) *tale {
			return tell("laptop=alice").do("sign_in", "laptop").do("plain_http", "laptop", showed("", answerIf(bad, liveAs("alice"), dead), dead))
		}},
		{id: httpsOnly, name: "handed out", op: 1, rank: 1, want: "nothing is handed out", got: `a cookie "sid" with value new`, tale: func(bad bool) *tale {
			return tell("laptop=alice").do("sign_in", "laptop").do("plain_http", "laptop", showed("", dead, answerIf(bad, offered, dead)))
		}},
		{id: httpsOnly, name: "led back", rank: 4, want: "redirects to https", got: "POST /in leads to http://127.0.0.1:8080/", tale: func(bad bool) *tale {
			return tell("laptop=alice").do("sign_in", "laptop", at("https://127.0.0.1:8443/in"), redirect(bad))
		}},
	}
}

func TestLedElsewhereOrFromPlainHTTPIsNoFallBack(t *testing.T) {
	for url, location := range map[string]string{
		"https://127.0.0.1/in": "http://example.org/", // another site's own matter
		"http://127.0.0.1/in":  "http://127.0.0.1/",
	} {
		silent(t, Judge(tell("laptop=alice").do("sign_in", "laptop", at(url), says("Location", location)).p, Terms{}))
	}
}
