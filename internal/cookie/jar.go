package cookie

import (
	"cmp"
	"net/url"
	"slices"
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
	cookies []entry // each key once, in the order of seq
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
	c, reason := Accept(u, Read(line, now, time.Time{}), now)
	if reason != "" {
		return Outcome{Result: Rejected, Reason: reason}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if !c.Secure && j.overlaysSecure(c, now) && !Trustworthy(u) {
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
	for i := range j.cookies {
		if old := &j.cookies[i]; old.Secure && !old.Expired(now) && old.Name == c.Name && PathMatch(c.Path, old.Path) &&
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
	at := j.find(c.Key())
	if at >= 0 {
		old := j.cookies[at].Cookie
		c.Created = old.Created
		out = Outcome{Result: Replaced, Cookie: c, Old: &old}
	}
	if c.Expired(now) {
		if at >= 0 {
			j.cookies = slices.Delete(j.cookies, at, at+1)
		}
		out.Result = Deleted
		return out
	}
	j.insert(c)
	return out
}

// insert keeps the place of the cookie it replaces. The caller holds the lock.
func (j *Jar) insert(c Cookie) {
	if at := j.find(c.Key()); at >= 0 {
		j.cookies[at].Cookie = c
		return
	}
	j.cookies = append(j.cookies, entry{c, j.next})
	j.next++
}

// find is the index of the cookie with the key, -1 for none. The caller holds the lock.
func (j *Jar) find(key Key) int {
	for i := range j.cookies {
		if c := &j.cookies[i]; c.Name == key.Name && c.Path == key.Path && c.Domain == key.Domain && c.HostOnly == key.HostOnly {
			return i
		}
	}
	return -1
}

// expire evicts what is over at now. The caller holds the lock.
func (j *Jar) expire(now time.Time) {
	j.cookies = slices.DeleteFunc(j.cookies, func(e entry) bool { return e.Expired(now) })
}

// Cookies returns what a request to the URL at now carries, in the order of
// section 5.8.3: longer paths first, then older ones. It counts as an access.
func (j *Jar) Cookies(u *url.URL, now time.Time) (out []Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.carried(u, now) {
		out = append(out, e.Cookie)
	}
	return out
}

// carried is Cookies; what it returns is the jar's own. The caller holds the lock.
func (j *Jar) carried(u *url.URL, now time.Time) (found []*entry) {
	j.expire(now)
	if len(j.cookies) == 0 {
		return nil
	}
	host, ip, ok := canonicalAddr(u)
	if !ok {
		return nil
	}
	path, secure := requestPath(u), trustworthy(u, host, ip)
	for i := range j.cookies {
		e := &j.cookies[i]
		hostFits := e.Domain == host
		if !e.HostOnly {
			hostFits = DomainMatch(host, e.Domain) && !isPublicSuffix(e.Domain)
		}
		if hostFits && PathMatch(path, e.Path) && (secure || !e.Secure) {
			e.Accessed = now
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(len(b.Path), len(a.Path)), byAge(a, b))
	})
	return found
}

// Header returns the Cookie header's value for a request to the URL at now, ""
// when it carries no cookie.
func (j *Jar) Header(u *url.URL, now time.Time) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := ""
	for i, e := range j.carried(u, now) {
		if i > 0 {
			out += "; "
		}
		out += e.Pair()
	}
	return out
}

// All returns every cookie in the jar, oldest first. Expired ones are gone once
// any call with a later time has been made; compare Cookie.Expired in between.
func (j *Jar) All() []Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.cookies) == 0 {
		return nil
	}
	order := make([]*entry, len(j.cookies))
	for i := range j.cookies {
		order[i] = &j.cookies[i]
	}
	slices.SortFunc(order, byAge)
	out := make([]Cookie, len(order))
	for i, e := range order {
		out[i] = e.Cookie
	}
	return out
}

// Restart is the end of the browser session at now: cookies that are not
// persistent go (section 5.7, last paragraph), and so do expired ones.
func (j *Jar) Restart(now time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.expire(now)
	j.cookies = slices.DeleteFunc(j.cookies, func(e entry) bool { return !e.Persistent })
}

// Drop takes a cookie out and says whether it was there.
func (j *Jar) Drop(key Key) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	at := j.find(key)
	if at >= 0 {
		j.cookies = slices.Delete(j.cookies, at, at+1)
	}
	return at >= 0
}

// Clone returns a jar of its own with the same cookies.
func (j *Jar) Clone() *Jar {
	j.mu.Lock()
	defer j.mu.Unlock()
	return &Jar{cookies: slices.Clone(j.cookies), next: j.next}
}

func byAge(a, b *entry) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.seq, b.seq))
}
