package audit

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"
)

const (
	past   = "Wed, 01 Jan 2020 00:00:00 GMT"
	future = "Wed, 01 Jan 2070 00:00:00 GMT"
)

var expiryLines = []line{
	{Expect{ID: "max-age-first", What: "Max-Age=3600 beside an Expires that is over", Want: []string{stored}, Source: "RFC 6265bis 5.7 step 6"},
		"a=1; Max-Age=3600; Expires=" + past, "a=1"},
	{Expect{ID: "max-age-zero", What: "Max-Age=0 beside an Expires to come", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 6"},
		"b=1; Max-Age=0; Expires=" + future, "b=1"},
	{Expect{ID: "order", What: "the same with Expires written last but Max-Age=3600", Want: []string{stored}, Source: "RFC 6265bis 5.7 step 6"},
		"c=1; Expires=" + past + "; Max-Age=3600", "c=1"},
	{Expect{ID: "max-age-minus", What: "Max-Age=-1", Want: []string{refused}, Source: "RFC 6265bis 5.6.2"}, "d=1; Max-Age=-1", "d=1"},
	{Expect{ID: "max-age-word", What: "Max-Age=soon (no number)", Want: []string{stored}, Source: "RFC 6265bis 5.6.2: the attribute is ignored"},
		"e=1; Max-Age=soon", "e=1"},
	{Expect{ID: "max-age-plus", What: "Max-Age=+0 (begins with no digit)", Want: []string{stored}, Source: "RFC 6265bis 5.6.2: the attribute is ignored"},
		"f=1; Max-Age=+0", "f=1"},
	{Expect{ID: "max-age-twice", What: "Max-Age=0 and then Max-Age=3600", Want: []string{stored}, Source: "RFC 6265bis 5.7 step 6: the last one"},
		"g=1; Max-Age=0; Max-Age=3600", "g=1"},
	{Expect{ID: "expires-past", What: "Expires that is over", Want: []string{refused}, Source: "RFC 6265bis 5.7: expired cookies are evicted"},
		"h=1; Expires=" + past, "h=1"},
	{Expect{ID: "expires-epoch", What: "Expires on 1 January 1970", Want: []string{refused}, Source: "RFC 6265bis 5.1.1"},
		"i=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "i=1"},
	{Expect{ID: "expires-zero", What: "Expires=0 (no date)", Want: []string{stored}, Source: "RFC 6265bis 5.6.1: the attribute is ignored"},
		"j=1; Expires=0", "j=1"},
	{Expect{ID: "expires-1600", What: "Expires in the year 1600 (no date)", Want: []string{stored}, Source: "RFC 6265bis 5.1.1: before 1601 is no date"},
		"k=1; Expires=Sat, 01 Jan 1600 00:00:00 GMT", "k=1"},
	{Expect{ID: "expires-iso", What: "Expires=2020-01-01T00:00:00Z (no date)", Want: []string{stored}, Source: "RFC 6265bis 5.1.1"},
		"l=1; Expires=2020-01-01T00:00:00Z", "l=1"},
	{Expect{ID: "expires-asctime", What: "Expires that is over, as asctime writes it", Want: []string{refused}, Source: "RFC 6265bis 5.1.1"},
		"m=1; Expires=Wed Jan  1 00:00:00 2020", "m=1"},
	{Expect{ID: "expires-two-digits", What: "Expires that is over, with a year of two digits", Want: []string{refused}, Source: "RFC 6265bis 5.1.1"},
		"n=1; Expires=Wed, 01-Jan-20 00:00:00 GMT", "n=1"},
}

// expiry is how the end of a cookie's life is read.
var expiry = Probe{
	ID: "expiry", Title: "Expires and Max-Age",
	Rows: rows(expiryLines),
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		at := s.Web.HTTP(s.host("expiry"))
		return a.play(ctx, at+"/", at+"/", expiryLines, seen)
	},
}

const noCorrection = "RFC 6265bis 4.1.2.1: the browser's own clock counts; nothing is said of Date"

// clock is whose clock counts, where server and browser do not agree.
var clock = Probe{
	ID: "clock", Title: "Two clocks",
	Rows: []Expect{
		{ID: "server-late", What: "server 2 h slow: Expires 1 h after its Date, 1 h ago here", Want: []string{refused}, Source: noCorrection},
		{ID: "server-early", What: "server 2 h fast: Expires 1 h before its Date, in 1 h here", Want: []string{stored}, Source: noCorrection},
		{ID: "max-age", What: "server 2 h slow: Max-Age=3600", Want: []string{stored}, Source: "RFC 6265bis 5.6.2"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		for _, c := range []struct {
			id      string
			date    time.Duration
			expires string
		}{
			{"server-late", -2 * time.Hour, "Expires=" + httpDate(-time.Hour)},
			{"server-early", 2 * time.Hour, "Expires=" + httpDate(time.Hour)},
			{"max-age", -2 * time.Hour, "Max-Age=3600"},
		} {
			at := s.Web.HTTP(s.host("clock")) + "/"
			err := a.answer(ctx, at, func(h http.Header) {
				h.Set("Date", httpDate(c.date))
				h.Set("Set-Cookie", "a=1; "+c.expires)
			})
			if err != nil {
				return err
			}
			header, err := a.cookies(ctx, at)
			if err != nil {
				return err
			}
			seen[c.id] = fate(header, "a=1")
		}
		return nil
	},
}

func httpDate(after time.Duration) string { return time.Now().Add(after).UTC().Format(http.TimeFormat) }

// cap400 is how long the longest life is, by the jar.
var cap400 = Probe{
	ID: "cap", Title: "The longest life",
	Rows: []Expect{
		{ID: "max-age", What: "Max-Age of ten years", Want: []string{"400 days"}, Source: "RFC 6265bis 5.5"},
		{ID: "expires", What: "Expires in the year 2070", Want: []string{"400 days"}, Source: "RFC 6265bis 5.5"},
		{ID: "script", What: "Max-Age of ten years, by document.cookie", Want: []string{"400 days"}, Source: "RFC 6265bis 5.5"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host := s.host("cap")
		if err := a.set(ctx, s.Web.HTTP(host)+"/", "max-age=1; Max-Age=315360000", "expires=1; Expires="+future); err != nil {
			return err
		}
		if err := a.Eval(ctx, `document.cookie = "script=1; Max-Age=315360000"`, nil); err != nil {
			return err
		}
		jar, err := a.Jar(ctx)
		if err != nil {
			return err
		}
		for _, k := range jar {
			if k.Domain == host {
				seen[k.Name] = life(k.Session, k.Expires)
			}
		}
		return nil
	},
}

// life words how long a cookie has, in whole days.
func life(session bool, expires time.Time) string {
	if session {
		return "session"
	}
	return fmt.Sprintf("%.0f days", math.Round(time.Until(expires).Hours()/24))
}
