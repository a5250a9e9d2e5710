package cookie

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Result is what became of a Set-Cookie line.
type Result string

// The results.
const (
	Stored   Result = "stored"
	Replaced Result = "replaced"
	Deleted  Result = "deleted" // the line ends its cookie, whether or not there was one
	Rejected Result = "rejected"
)

// Outcome tells what a jar did with a Set-Cookie line.
type Outcome struct {
	Result Result
	Reason Reason  // of a rejection
	Cookie Cookie  // the line as a cookie; empty when rejected
	Old    *Cookie // the cookie that was replaced or deleted, if there was one
}

// Jar is one user agent's cookie store. Its zero value is empty and ready; it may
// be used from several goroutines. It never evicts for want of room, as the
// draft allows, so that a test may count on what it set.
type Jar struct {
	mu      sync.Mutex
	cookies map[Key]entry
	next    uint64
}

// entry adds the place in the order of creation, because the cookies of one
// response share their creation time.
type entry struct {
	Cookie
	seq uint64
}

// Set takes a Set-Cookie line received from the URL at now (sections 5.6, 5.7).
// A cookie that takes another's place keeps that one's creation time, and so its
// place in the Cookie header.
func (j *Jar) Set(u *url.URL, line string, now time.Time) Outcome {
	parsed, _ := Parse(line, now, time.Time{})
	c, reason := Accept(u, parsed, now)
	if reason != "" {
		return Outcome{Result: Rejected, Reason: reason}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if !c.Secure && !Trustworthy(u) && j.overlaysSecure(c, now) {
		return Outcome{Result: Rejected, Reason: OverlaysSecure}
	}
	return j.receive(c, now)
}

// Put stores a cookie as it is, in place of one of the same key, without asking
// whether a server could have set it.
func (j *Jar) Put(c Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.insert(c)
}

// overlaysSecure is "leave secure cookies alone" (step 16): a cookie from an
// insecure connection must not shadow a Secure one.
func (j *Jar) overlaysSecure(c Cookie, now time.Time) bool {
	for _, old := range j.cookies {
		if old.Secure && !old.Expired(now) && old.Name == c.Name && PathMatch(c.Path, old.Path) &&
			(DomainMatch(old.Domain, c.Domain) || DomainMatch(c.Domain, old.Domain)) {
			return true
		}
	}
	return false
}

// receive is steps 23 and 24, and the eviction of what has expired. The caller
// holds the lock.
func (j *Jar) receive(c Cookie, now time.Time) Outcome {
	j.expire(now)
	out := Outcome{Result: Stored, Cookie: c}
	if old, ok := j.cookies[c.Key()]; ok {
		c.Created = old.Created
		out = Outcome{Result: Replaced, Cookie: c, Old: &old.Cookie}
	}
	if c.Expired(now) {
		delete(j.cookies, c.Key())
		out.Result = Deleted
		return out
	}
	j.insert(c)
	return out
}

// insert keeps the place of the cookie it replaces. The caller holds the lock.
func (j *Jar) insert(c Cookie) {
	if j.cookies == nil {
		j.cookies = map[Key]entry{}
	}
	seq := j.next
	if old, ok := j.cookies[c.Key()]; ok {
		seq = old.seq
	} else {
		j.next++
	}
	j.cookies[c.Key()] = entry{c, seq}
}

// expire evicts what is over at now. The caller holds the lock.
func (j *Jar) expire(now time.Time) {
	maps.DeleteFunc(j.cookies, func(_ Key, e entry) bool { return e.Expired(now) })
}

// Cookies returns what a request to the URL at now carries, in the order of
// section 5.8.3: longer paths first, then older ones. It counts as an access.
func (j *Jar) Cookies(u *url.URL, now time.Time) []Cookie {
	host, _, ok := canonicalHost(u)
	if !ok {
		return nil
	}
	path, secure := requestPath(u), Trustworthy(u)

	j.mu.Lock()
	defer j.mu.Unlock()
	j.expire(now)
	var found []entry
	for key, e := range j.cookies {
		hostFits := e.Domain == host
		if !e.HostOnly {
			hostFits = DomainMatch(host, e.Domain) && !isPublicSuffix(e.Domain)
		}
		if hostFits && PathMatch(path, e.Path) && (secure || !e.Secure) {
			e.Accessed = now
			j.cookies[key] = e
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b entry) int {
		return cmp.Or(cmp.Compare(len(b.Path), len(a.Path)), byAge(a, b))
	})
	return plain(found)
}

// Header returns the Cookie header's value for a request to the URL at now, ""
// when it carries no cookie.
func (j *Jar) Header(u *url.URL, now time.Time) string {
	var pairs []string
	for _, c := range j.Cookies(u, now) {
		pairs = append(pairs, c.Pair())
	}
	return strings.Join(pairs, "; ")
}

// All returns every cookie in the jar, oldest first. Expired ones are gone once
// any call with a later time has been made; compare Cookie.Expired in between.
func (j *Jar) All() []Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	return plain(slices.SortedFunc(maps.Values(j.cookies), byAge))
}

// Restart is the end of the browser session at now: cookies that are not
// persistent go (section 5.7, last paragraph), and so do expired ones.
func (j *Jar) Restart(now time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.expire(now)
	maps.DeleteFunc(j.cookies, func(_ Key, e entry) bool { return !e.Persistent })
}

// Drop takes a cookie out and says whether it was there.
func (j *Jar) Drop(key Key) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, ok := j.cookies[key]
	delete(j.cookies, key)
	return ok
}

// Clone returns a jar of its own with the same cookies.
func (j *Jar) Clone() *Jar {
	j.mu.Lock()
	defer j.mu.Unlock()
	return &Jar{cookies: maps.Clone(j.cookies), next: j.next}
}

func byAge(a, b entry) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.seq, b.seq))
}

func plain(entries []entry) []Cookie {
	var out []Cookie
	for _, e := range entries {
		out = append(out, e.Cookie)
	}
	return out
}
