package audit

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/corpus"
)

// voiceCase is a few Set-Cookie lines that one answer carries, and where the
// next request goes. The host is written $host, its upper case $HOST.
type voiceCase struct {
	id     string
	secure bool // by https
	set    []string
	to     string // a path, or //host/path
}

// voiceCases are the http-state vectors, our corpora as cookie values and
// names, and the lines of the probes, by http and by https.
func voiceCases(now time.Time) ([]voiceCase, error) {
	vectors, err := cookie.Vectors(now)
	if err != nil {
		return nil, err
	}
	var all []voiceCase
	for _, v := range vectors {
		c := voiceCase{id: "http-state/" + v.ID, to: strings.Replace(moved(v.Target()), "http://", "//", 1)}
		for _, line := range v.Set {
			c.set = append(c.set, moved(line))
		}
		c.to = strings.Replace(c.to, ":8888", "", 1)
		all = append(all, c)
	}
	for name, entries := range map[string][]corpus.Entry{"malformed": corpus.Malformed(), "injection": corpus.Injection()} {
		for _, e := range entries {
			// Raw values have octets that no header line can carry.
			if value, ok := e.Make("Zx81-good-credential-of-alice-42", "Qy77-other-credential-of-bob-0099"); ok && !e.Raw {
				all = append(all, voiceCase{id: name + "/" + e.ID, set: []string{"s=" + value}, to: "/cookie-parser"})
			}
		}
	}
	for _, e := range corpus.Neighbours() {
		c := voiceCase{id: "neighbours/" + e.ID, to: "/cookie-parser"}
		for _, header := range e.Lines("good=1") {
			for line := range strings.SplitSeq(header, ";") {
				c.set = append(c.set, strings.TrimLeft(line, " "))
			}
		}
		all = append(all, c)
	}
	for _, e := range corpus.Lookalikes() {
		if pair, ok := e.Lookalike("__Host-session", "abc"); ok {
			all = append(all, voiceCase{id: "lookalike/" + e.ID, secure: true, to: "/cookie-parser",
				set: []string{"__Host-session=good; Secure; Path=/", pair + "; Path=/", pair + "; Secure; Path=/"}})
		}
	}
	for name, lines := range map[string][]line{"expiry": expiryLines, "prefix": prefixLines, "none": noneLines, "scope": scopeLines, "characters": characterLines} {
		for _, l := range lines {
			for _, secure := range []bool{false, true} {
				all = append(all, voiceCase{id: fmt.Sprintf("%s/%s-%s", name, l.ID, either(secure, "https", "http")), secure: secure, set: []string{l.set}, to: "/page/below"})
			}
		}
	}
	return all, nil
}

var (
	exampleOrg = regexp.MustCompile(`(?i)example\.org`)
	suffixOrg  = regexp.MustCompile(`(?i)\borg\b`)
)

// moved takes a vector from example.org to our site: home.$host is a host of it,
// and the public suffix org becomes test.
func moved(s string) string {
	s = exampleOrg.ReplaceAllStringFunc(s, func(m string) string { return either(m == strings.ToLower(m), "$host", "$HOST") })
	return suffixOrg.ReplaceAllString(s, "test")
}

// on puts a host in place of its placeholders.
func (c voiceCase) on(host string) voiceCase {
	r := strings.NewReplacer("$host", host, "$HOST", strings.ToUpper(host))
	out := c
	out.set = nil
	for _, line := range c.set {
		out.set = append(out.set, r.Replace(line))
	}
	out.to = r.Replace(c.to)
	return out
}

// off is the way back, for what is shown: hosts differ from run to run.
func off(s, host string) string {
	return strings.NewReplacer(host, "$host", strings.ToUpper(host), "$HOST").Replace(s)
}
