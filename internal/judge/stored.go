package judge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/caching"
	"github.com/sessionspec/sessionspec/internal/history"
)

const (
	notStored   = "transport/not-stored-by-browser"
	sharedCache = "transport/shared-cache-safe"
)

// stored judges what caches may keep. An answer that shows an account's data to
// the one whose it is, or hands out a credential, has to say no-store: whatever
// else it says lets the browser write it to disk (ASVS 5.0, 14.3.2). An answer
// that shared caches may keep hands out no session cookie.
func (b *bench) stored(op *history.Op) {
	for _, at := range b.carried(op) {
		if at.x.Request.Method != http.MethodGet {
			continue
		}
		ls := at.lines()
		if b.sharedSetting(op, at, ls) {
			continue // what everybody gets is worse than what a disk keeps
		}
		what := b.confidential(at, ls, at.probe >= 0 || op.Step.Op == "visit")
		if what == "" {
			continue
		}
		switch {
		case caching.Shared(at.x) > 0: // of through_cache
		case !caching.Kept(at.x):
			b.check(notStored)
		case !b.found(notStored):
			said := "Cache-Control: " + strings.Join(at.x.Response.Header.Values("Cache-Control"), ", ")
			if said == "Cache-Control: " {
				said = "no Cache-Control"
			}
			b.find(Finding{Requirement: notStored, Op: op.Index, Probe: at.probe, Credential: at.credential, Rank: 4,
				Want: "an answer with " + what + " says Cache-Control: no-store",
				Got:  fmt.Sprintf("%s (GET %s, %d)", said, at.url.Path, at.x.Response.Status),
				Try:  "say no-store by default, and leave it out where an answer is the same for everybody", Marks: markHeader(at.x, "Cache-Control")})
		}
	}
}

// confidential says what an answer to somebody signed in shows that is not for
// the next person at the same computer, "" for nothing. The name of the account
// counts on pages and in the answer to whoami: other steps of an operation may
// belong to the target file more than to the target.
func (b *bench) confidential(at exchangeAt, ls []setLine, own bool) string {
	for _, s := range b.secrets() {
		for _, l := range ls {
			if l.setting() && l.Name == s.carrier.Name && l.Value == tagged.Replace(s.carrier.Value) {
				return "a credential"
			}
		}
		if !own || !s.presentedBy(at.x.Request) {
			continue
		}
		c := b.clients[s.client]
		if c.Account != "" && strings.Contains(strings.ToLower(at.x.Response.Body), strings.ToLower(c.Account)) {
			return "the name of the account"
		}
	}
	return ""
}

// sharedSetting judges a session cookie in an answer to a GET; it tells whether
// shared caches may keep it.
func (b *bench) sharedSetting(op *history.Op, at exchangeAt, ls []setLine) bool {
	i := slices.IndexFunc(ls, func(l setLine) bool { return l.setting() && b.book.session[l.Name] })
	if i < 0 {
		return false
	}
	b.check(sharedCache)
	life := caching.Shared(at.x)
	if slices.ContainsFunc(caching.Parse(at.x.Response.Header).Fields(), func(f string) bool { return strings.EqualFold(f, "Set-Cookie") }) {
		life = 0 // the rest may be kept, without that line
	}
	if life == 0 {
		return false
	}
	if !b.found(sharedCache) {
		b.find(Finding{Requirement: sharedCache, Op: op.Index, Probe: at.probe, Credential: at.credential, Rank: 1,
			Want: "an answer that a shared cache may keep sets no session cookie",
			Got:  fmt.Sprintf("Cache-Control: %s, and %s (GET %s)", strings.Join(at.x.Response.Header.Values("Cache-Control"), ", "), ls[i].quote(), at.url.Path),
			Try:  "set no cookie on answers that may be cached; mark all others private or no-store", Marks: append(markHeader(at.x, "Cache-Control"), ls[i].mark(at, sharedCache))})
	}
	return true
}
