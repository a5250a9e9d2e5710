package judge

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

const uniform = "robust/uniform-refusal"

// refusal is how whoami says no, as far as all kinds of dead credentials have
// to be refused alike. Bodies count by their class only, times not at all.
type refusal struct {
	status    int
	challenge bool
	location  string // path of a redirect
	body      string // "html", "json", "empty", "other"
}

func (r refusal) String() string {
	out := fmt.Sprint(r.status)
	if r.challenge {
		out += " with a challenge"
	}
	if r.location != "" {
		out += " to " + r.location
	}
	return out + ", body " + r.body
}

// refusalOf reads how an answer says no.
func refusalOf(x *history.Exchange) refusal {
	r := refusal{status: x.Response.Status, challenge: x.Response.Header.Get("WWW-Authenticate") != "", body: bodyClass(x.Response)}
	if u, err := url.Parse(x.Response.Header.Get("Location")); err == nil && r.status/100 == 3 {
		r.location = u.Path
	}
	return r
}

func bodyClass(r *history.Response) string {
	kind := strings.ToLower(r.Header.Get("Content-Type"))
	switch {
	case strings.TrimSpace(r.Body) == "":
		return "empty"
	case strings.Contains(kind, "html"):
		return "html"
	case strings.Contains(kind, "json"):
		return "json"
	}
	return "other"
}

// refusals compares how whoami refuses credentials that are unknown, signed
// out, revoked and expired: all alike, save that whoever shows an expired one may
// be told what whoever shows nothing is told: that nobody is signed in. Who shows
// nothing may be answered in another way than the dead are, but neither may a program get a sign-in page with status 200, nor
// a redirect lead to where it came from.
func (b *bench) refusals(op *history.Op) {
	if b.found(uniform) {
		return
	}
	for i, p := range op.Probes {
		x := p.Answer.Exchange
		if p.Answer.State != history.Dead || x == nil || x.Response == nil {
			b.liveAnswer(p)
			continue
		}
		kind := "absent"
		if p.Credential != "" {
			if kind = b.world.Over(p.Credential); kind == "" {
				continue
			}
		}
		r := refusalOf(x)
		f := Finding{Requirement: uniform, Op: op.Index, Probe: i, Credential: p.Credential, Rank: 4,
			Want: fmt.Sprintf("a credential that is %s is refused plainly", kind), Got: r.String()}
		switch own, err := url.Parse(x.Request.URL); {
		case r.location != "" && err == nil && own.Path == r.location:
			f.Got += ": a redirect to where it came from"
			b.find(f)
			return
		case r.status == 200 && r.body == "html" && b.liveBody == "json":
			f.Got += ": a page, where who is signed in gets data"
			b.find(f)
			return
		}
		if kind == "absent" {
			b.refusedBare = &r
			continue
		}
		if kind == "expired" && b.refusedBare != nil && *b.refusedBare == r {
			b.check(uniform)
			continue
		}
		if b.refusedAs == nil {
			b.refusedAs = map[string]refusal{}
		}
		for _, other := range slices.Sorted(maps.Keys(b.refusedAs)) {
			if seen := b.refusedAs[other]; seen != r {
				f.Want = fmt.Sprintf("a credential that is %s is refused like one that is %s: %s", kind, other, seen)
				b.find(f)
				return
			}
			if other != kind {
				b.check(uniform)
			}
		}
		b.refusedAs[kind] = r
	}
}

// liveAnswer notes what whoever is signed in gets.
func (b *bench) liveAnswer(p history.Probe) {
	if x := p.Answer.Exchange; p.Answer.State == history.Live && x != nil && x.Response != nil {
		b.liveBody = bodyClass(x.Response)
	}
}
