package audit

import (
	"context"

	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/sites"
)

// voiceID is the id of the section for --only.
const voiceID = "voice"

// batch is how many cases share a site: few enough that no limit on the number
// of cookies is met.
const batch = 20

// voiceTimeout bounds the section.
const voiceTimeout = 5 * time.Minute

// playJS asks for each pair of addresses, one after the other.
const playJS = `(async all => { for (const [set, to] of all) for (const url of [set, to])
	await fetch(url, {mode: "no-cors", credentials: "include", cache: "no-store"}).then(r => r.text(), () => "")
	return true })`

// secondVoice plays every case in the engine and in our own jar.
func secondVoice(ctx context.Context, s *Session) *Voice {
	out := &Voice{Disagreements: []Disagreement{}}
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, voiceTimeout)
	defer cancel()
	if err := out.play(ctx, s); err != nil {
		out.NotPlayed = err.Error()
		if outer.Err() != nil {
			out.NotPlayed = errInterrupted.Error()
		}
	}
	return out
}

func (v *Voice) play(ctx context.Context, s *Session) error {
	cases, err := voiceCases(time.Now().UTC().Truncate(time.Second))
	if err != nil {
		return err
	}
	whole := len(cases)
	cases = slices.DeleteFunc(cases, func(c voiceCase) bool { return strings.ContainsAny(strings.Join(c.set, ""), "\r\n\x00") })
	v.Jar = fmt.Sprintf("Cookie fields and jars were compared. %d cases more hold CR, LF or NUL, which no header line can.", whole-len(cases))
	slices.SortFunc(cases, func(a, b voiceCase) int { return strings.Compare(a.id, b.id) })
	why, err := reasons(s.engine.Name())
	if err != nil {
		return err
	}
	a, err := s.own(ctx, browsers.Options{})
	if err != nil {
		return err
	}
	defer a.done()
	if err := playable(ctx, a); err != nil {
		return err
	}
	for _, secure := range []bool{false, true} {
		var part []voiceCase
		for _, c := range cases {
			if c.secure == secure {
				part = append(part, c)
			}
		}
		for some := range slices.Chunk(part, batch) {
			if err := v.batch(ctx, a, secure, some, why); err != nil {
				return err
			}
		}
	}
	return nil
}

// playable tells whether the way in which cases are played works in the engine:
// a plain cookie, by fetch, between two hosts of one site.
func playable(ctx context.Context, a *actor) error {
	v := &Voice{}
	if err := v.batch(ctx, a, false, []voiceCase{{id: "control", set: []string{"a=1; Path=/"}, to: "/"}}, nil); err != nil {
		return err
	}
	if v.Same != 1 {
		return errors.New("this browser keeps no cookies of a fetch between two hosts of one site, which is how the cases are played")
	}
	return nil
}

// batch plays some cases on hosts of one site.
func (v *Voice) batch(ctx context.Context, a *actor, secure bool, some []voiceCase, why map[string]string) error {
	s := a.s
	site := s.host("voice")
	origin := s.Web.HTTP
	if secure {
		origin = s.Web.HTTPS
	}
	var urls [][2]string
	var hosts []string
	var placed []voiceCase
	for i, c := range some {
		host := fmt.Sprintf("c%d.%s", i, site)
		c = c.on(host)
		from := origin("home."+host) + "/cookie-parser"
		s.Web.Handle("home."+host, "/cookie-parser", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == "set" {
				w.Header()["Set-Cookie"] = c.set
			}
			sites.Page(w, "")
		})
		to := origin("home."+host) + c.to
		if rest, ok := strings.CutPrefix(c.to, "//"); ok {
			name, path, _ := strings.Cut(rest, "/")
			to = origin(name) + "/" + path
		}
		urls, hosts, placed = append(urls, [2]string{from + "?set", to + "?to"}), append(hosts, host), append(placed, c)
	}
	list, err := json.Marshal(urls)
	if err != nil {
		return err
	}
	if err := a.Open(ctx, origin("page."+site)+"/"); err != nil {
		return err
	}
	received := time.Now()
	if err := a.Eval(ctx, playJS+"("+string(list)+")", nil); err != nil {
		return err
	}
	jar, jarErr := a.Jar(ctx)
	for i, c := range placed {
		set, err1 := url.Parse(urls[i][0])
		to, err2 := url.Parse(urls[i][1])
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		r, ok := s.came(urls[i][1], "to")
		if !ok {
			v.Cases++
			v.Disagreements = append(v.Disagreements, Disagreement{ID: c.id, Set: some[i].set, Ours: "a request", Its: noRequest, Why: why[c.id]})
			continue
		}
		var ours cookie.Jar
		for _, line := range c.set {
			ours.Set(set, line, received)
		}
		v.Cases++
		d := Disagreement{ID: c.id, Why: why[c.id]}
		d.Ours, d.Its = visibleAll(ours.Header(to, received)), visibleAll(r.Cookie)
		if d.Ours == d.Its && jarErr == nil {
			d.Ours, d.Its = unlike(ours.All(), jar, hosts[i])
		}
		if d.Ours == d.Its {
			v.Same++
			continue
		}
		d.Ours, d.Its = brief(off(d.Ours, hosts[i])), brief(off(d.Its, hosts[i]))
		for _, line := range some[i].set {
			d.Set = append(d.Set, brief(line))
		}
		v.Disagreements = append(v.Disagreements, d)
	}
	if jarErr != nil {
		v.Jar = "Only Cookie fields were compared: " + jarErr.Error()
	}
	return nil
}

// brief cuts a long text and says how long it was; none becomes a word.
func brief(s string) string {
	switch {
	case s == "":
		return nothing
	case len(s) > 160:
		return fmt.Sprintf("%s… (%d octets)", s[:160], len(s))
	}
	return s
}
