package audit

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/sites"
)

// octets is a value with which a cookie whose name is one letter has n in all.
func octets(n int) string { return strings.Repeat("x", n-1) }

const (
	pairLimit      = "RFC 6265bis 5.6 step 5: 4096 octets"
	attributeLimit = "RFC 6265bis 5.6, attributes, step 6: 1024 octets"
)

// size is how long a cookie and its attributes may be.
var size = Probe{
	ID: "size", Title: "How long a cookie may be",
	Rows: []Expect{
		{ID: "4096", What: "name and value of 4096 octets", Want: []string{stored}, Source: pairLimit},
		{ID: "4097", What: "name and value of 4097 octets", Want: []string{refused}, Source: pairLimit},
		{ID: "attributes", What: "4096 octets and attributes beyond", Want: []string{stored}, Source: pairLimit + " without attributes"},
		{ID: "old-stays", What: "4097 octets over a good cookie", Want: []string{"the old one"}, Source: "RFC 6265bis 5.6 step 5: the line is ignored"},
		{ID: "path-1024", What: "Path of 1024 octets", Want: []string{"taken"}, Source: attributeLimit},
		{ID: "path-1025", What: "Path of 1025 octets", Want: []string{"ignored"}, Source: attributeLimit},
		{ID: "script-4097", What: "4097 octets by document.cookie", Want: []string{refused}, Source: pairLimit},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		at := s.Web.HTTP(s.host("size")) + "/page"
		if err := a.set(ctx, at, "o=old"); err != nil {
			return err
		}
		long := "/" + strings.Repeat("p", 1023)
		err = a.set(ctx, at, "a="+octets(4096), "b="+octets(4097), "c="+octets(4096)+"; Path=/page; Max-Age=3600; Odd="+strings.Repeat("y", 900),
			"o="+octets(4097), "p=1; Path="+long, "q=1; Path="+long+"p")
		if err != nil {
			return err
		}
		if err := a.Eval(ctx, `document.cookie = "s=" + "x".repeat(4096)`, nil); err != nil {
			return err
		}
		header, err := a.cookies(ctx, at)
		if err != nil {
			return err
		}
		for id, name := range map[string]string{"4096": "a", "4097": "b", "attributes": "c", "script-4097": "s"} {
			seen[id] = either(names(header, name) == name, stored, refused)
		}
		seen["old-stays"] = either(has(header, "o=old"), "the old one", either(names(header, "o") == "o", "the new one", "neither"))
		// The longer path does not go to this page, the default path does.
		for id, name := range map[string]string{"path-1024": "p", "path-1025": "q"} {
			seen[id] = either(names(header, name) == name, "ignored", "taken")
		}
		if seen["path-1025"] == "taken" {
			if header, err = a.cookies(ctx, strings.TrimSuffix(at, "/page")+long+"p"); err != nil {
				return err
			}
			seen["path-1025"] = either(names(header, "q") == "q", "taken", "the whole cookie refused")
		}
		return nil
	},
}

const (
	perHost = "RFC 6265bis 6.1"
	inAll   = "RFC 6265bis 6.1"
	evicted = "RFC 6265bis 5.7: priority order of removal"
	flood   = 700 // cookies for one host, more than any browser keeps
	single  = 250 // of these so many come one by one, so that the count is exact
	sitesN  = 24  // hosts that are filled for the total
	perSite = 150 // cookies each
)

// number is how many cookies there may be, and which go first.
var number = Probe{
	ID: "number", Title: "How many cookies there may be",
	Rows: []Expect{
		{ID: "host", What: "most that were sent to one host at once", AtLeast: 50, Source: perHost},
		{ID: "first-gone", What: "what goes when there are too many", Want: []string{"the oldest"}, Source: evicted},
		{ID: "secure", What: "an old Secure cookie among newer ones without", Want: []string{kept}, Source: evicted},
		{ID: "used", What: "an old cookie that only one path sends, and that was not used", Want: []string{gone}, Source: evicted},
		{ID: "below", What: "cookies of a host below, when the host has too many", Want: []string{kept}, Source: evicted + ": by domain, not by site"},
		{ID: "total", What: "most that were in the jar at once, " + strconv.Itoa(sitesN) + " sites", AtLeast: 3000, Source: inAll},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.own(ctx, browsers.Options{})
		if err != nil {
			return err
		}
		defer a.done()
		if err := most(ctx, a, seen); err != nil {
			return err
		}
		if err := flooded(ctx, a, seen); err != nil {
			return err
		}
		for i := range sitesN {
			site := s.host("total")
			give(s, site)
			at := s.Web.HTTPS(site)
			if err := a.Open(ctx, at+"/page"); err != nil {
				return fmt.Errorf("site %d: %w", i, err)
			}
			if err := a.Eval(ctx, giveJS(0, perSite, 50), nil); err != nil {
				return fmt.Errorf("site %d: %w", i, err)
			}
		}
		jar, err := a.Jar(ctx)
		if err != nil {
			return err
		}
		n := 0
		for _, k := range jar {
			if strings.HasPrefix(k.Domain, "total") {
				n++
			}
		}
		seen["total"] = strconv.Itoa(n)
		if n == sitesN*perSite {
			seen["total"] = fmt.Sprintf("more than %d", n-1)
		}
		return nil
	},
}

// give makes the host set the cookies from to to at /give?from-to.
func give(s *Session, host string) {
	s.Web.Handle(host, "/give", func(w http.ResponseWriter, r *http.Request) {
		var from, to int
		if _, err := fmt.Sscanf(r.URL.RawQuery, "%d-%d", &from, &to); err != nil {
			return
		}
		for i := from; i < to; i++ {
			w.Header()["Set-Cookie"] = append(w.Header()["Set-Cookie"], fmt.Sprintf("k%d=1; Path=/", i))
		}
		sites.Page(w, "")
	})
}

// giveJS asks for the cookies from to to, so many at a time.
func giveJS(from, to, step int) string {
	return fmt.Sprintf(`(async () => { for (let i = %d; i < %d; i += %d) await (await fetch("/give?" + i + "-" + (i + %d))).text(); return true })()`, from, to, step, step)
}

// most counts how many cookies one host gets back.
func most(ctx context.Context, a *actor, seen Observation) error {
	s := a.s
	host := s.host("number")
	give(s, host)
	if err := a.Open(ctx, s.Web.HTTPS(host)+"/page"); err != nil {
		return err
	}
	if err := a.Eval(ctx, giveJS(0, single, 1), nil); err != nil {
		return err
	}
	if err := a.Eval(ctx, giveJS(single, flood, 25), nil); err != nil {
		return err
	}
	if _, err := a.cookies(ctx, s.Web.HTTPS(host)+"/page"); err != nil {
		return err
	}
	n := 0
	for _, r := range s.Web.Requests(host) {
		if r.Cookie != "" {
			n = max(n, strings.Count(r.Cookie, "; ")+1)
		}
	}
	seen["host"] = strconv.Itoa(n)
	if n == flood {
		seen["host"] = fmt.Sprintf("more than %d", flood-1)
	}
	return nil
}

// flooded gives one host more cookies than it may have.
func flooded(ctx context.Context, a *actor, seen Observation) error {
	s := a.s
	host := s.host("flood")
	at := s.Web.HTTPS(host)
	give(s, host)
	if err := a.set(ctx, s.Web.HTTPS("below."+host)+"/", "below=1; Path=/"); err != nil {
		return err
	}
	if err := a.set(ctx, at+"/page", "safe=1; Path=/; Secure", "idle=1; Path=/idle"); err != nil {
		return err
	}
	if err := a.Eval(ctx, giveJS(0, flood, 25), nil); err != nil {
		return err
	}
	header, err := a.cookies(ctx, at+"/idle")
	if err != nil {
		return err
	}
	var left []int
	for pair := range strings.SplitSeq(header, "; ") {
		name, _, _ := strings.Cut(pair, "=")
		if i, err := strconv.Atoi(strings.TrimPrefix(name, "k")); err == nil {
			left = append(left, i)
		}
	}
	if len(left) == flood {
		for _, id := range []string{"first-gone", "secure", "used", "below"} {
			seen.cannot(id, fmt.Sprintf("%d cookies were not too many", flood))
		}
		return nil
	}
	seen["first-gone"] = firstGone(left, flood)
	seen["secure"] = either(has(header, "safe=1"), kept, gone)
	seen["used"] = either(has(header, "idle=1"), kept, gone)
	if header, err = a.cookies(ctx, s.Web.HTTPS("below."+host)+"/"); err != nil {
		return err
	}
	seen["below"] = either(has(header, "below=1"), kept, gone)
	return nil
}

// firstGone words which of the cookies 0 to n-1 went, by those that are left.
func firstGone(left []int, n int) string {
	slices.Sort(left)
	switch {
	case len(left) == 0:
		return "all"
	case left[0] == n-len(left) && left[len(left)-1] == n-1:
		return "the oldest"
	case left[0] == 0 && left[len(left)-1] == len(left)-1:
		return "the newest"
	}
	return "no plain order"
}
