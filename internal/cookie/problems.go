package cookie

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Code names a kind of problem; stable, for use as a key.
type Code string

// The problems of a Set-Cookie line: first those against the grammar of section
// 4.1.1, then those that make user agents refuse it or ignore a part.
const (
	ProblemName        Code = "name"            // not a token
	ProblemNameless    Code = "nameless"        // no name at all
	ProblemValue       Code = "value"           // characters that are no cookie-octets
	ProblemSpace       Code = "space"           // white space beside "=" or before ";"
	ProblemDuplicate   Code = "duplicate"       // an attribute twice
	ProblemEmpty       Code = "empty-attribute" // ";;" or a trailing ";"
	ProblemFlag        Code = "flag-value"      // Secure=..., HttpOnly=...
	ProblemExpires     Code = "expires"         // unreadable, so ignored
	ProblemYear        Code = "two-digit-year"  //
	ProblemDateFormat  Code = "date-format"     // readable, but no IMF-fixdate
	ProblemMaxAge      Code = "max-age"         // not 1*DIGIT
	ProblemDomain      Code = "domain"          // leading dot, empty, no host name
	ProblemPath        Code = "path"            // not from the root, so ignored
	ProblemSameSite    Code = "samesite"        // unknown value
	ProblemLong        Code = "long-attribute"  // over 1024 octets, so ignored
	ProblemLife        Code = "long-life"       // beyond 400 days, so shortened
	ProblemPrefix      Code = "prefix"          // the name's prefix promises more than the line
	ProblemInsecure    Code = "needs-secure"    // SameSite=None or Partitioned without Secure
	ProblemUnstoreable Code = "unstoreable"     // control character, too long, empty
)

// Problem is one thing a server should not have sent.
type Problem struct {
	Code Code   `json:"code"`
	Text string `json:"text"` // a sentence without a full stop; may quote attributes, never the cookie's value
}

// problems looks at a parsed line with a server's eyes.
func problems(c SetCookie, now time.Time) []Problem {
	var out []Problem
	add := func(code Code, format string, args ...any) {
		out = append(out, Problem{code, fmt.Sprintf(format, args...)})
	}
	if c.Refused != "" {
		add(ProblemUnstoreable, "every user agent ignores the line: %s", c.Refused)
	}
	if c.Name == "" {
		add(ProblemNameless, "the cookie has no name")
	} else if !isToken(c.Name) {
		add(ProblemName, "the name %q is not a token", c.Name)
	}
	if !isCookieValue(c.Value) {
		add(ProblemValue, "the value has characters outside the cookie-value grammar")
	}
	if hasBadSpace(c.Raw) {
		add(ProblemSpace, `white space before ";" or beside "="`)
	}
	seen := map[string]bool{}
	for _, a := range c.Attributes {
		name := lower(a.Name)
		switch {
		case name == "" && a.Value == "":
			add(ProblemEmpty, "an empty attribute")
			continue
		case seen[name]:
			add(ProblemDuplicate, "%s stands there more than once", a.Name)
		}
		seen[name] = true
		if len(a.Value) > MaxAttribute {
			add(ProblemLong, "%s is longer than %d octets and ignored", a.Name, MaxAttribute)
			continue
		}
		if code, text := attributeProblem(name, a.Value); code != "" {
			add(code, "%s=%s: %s", a.Name, a.Value, text)
		}
	}
	if asked, ok := askedEnd(c, now); ok && asked.After(now.Add(MaxLife)) {
		add(ProblemLife, "a life of more than 400 days is shortened to that")
	}
	if c.SameSite == SameSiteNone && !c.Secure {
		add(ProblemInsecure, "SameSite=None without Secure")
	}
	if c.Partitioned && !c.Secure {
		add(ProblemInsecure, "Partitioned without Secure")
	}
	// The URL is unknown here: host-only as the line looks, and a path of "/"
	// wherever the line leaves it to the URL (only an empty Path does that).
	path := c.Path
	if path == "" {
		path = "/"
	}
	if r := checkPrefix(c, c.Domain == "", path); r != "" {
		add(ProblemPrefix, "%s", r)
	}
	return out
}

// attributeProblem judges one attribute's value; the name is in lower case.
func attributeProblem(name, value string) (code Code, text string) {
	switch name {
	case "expires":
		return dateProblem(value)
	case "max-age":
		if _, ok := parseMaxAge(value); !ok {
			return ProblemMaxAge, "unreadable, so ignored"
		} else if value[0] == '-' {
			return ProblemMaxAge, "a minus is outside the grammar"
		}
	case "domain":
		if !isHostName(value) {
			return ProblemDomain, "not a plain host name"
		}
	case "path":
		if !strings.HasPrefix(value, "/") {
			return ProblemPath, "does not begin with a slash, so the URL's directory is used"
		}
	case "secure", "httponly", "partitioned":
		if value != "" {
			return ProblemFlag, "takes no value"
		}
	case "samesite":
		switch SameSite(lower(value)) {
		case SameSiteNone, SameSiteLax, SameSiteStrict:
		default:
			return ProblemSameSite, "unknown, so as if missing"
		}
	}
	return "", ""
}

func dateProblem(value string) (code Code, text string) {
	if _, ok := ParseDate(value); !ok {
		return ProblemExpires, "unreadable, so ignored"
	}
	if _, err := time.Parse(http.TimeFormat, value); err == nil {
		return "", ""
	}
	for _, layout := range []string{time.RFC850, "Mon, 02-Jan-06 15:04:05 MST", "Mon, 02 Jan 06 15:04:05 MST"} {
		if _, err := time.Parse(layout, value); err == nil {
			return ProblemYear, "a year of two digits"
		}
	}
	return ProblemDateFormat, "not of the form " + http.TimeFormat
}

// askedEnd is the end the server asked for, before any cap. A Max-Age too big
// for a Duration counts as a hundred years.
func askedEnd(c SetCookie, now time.Time) (end time.Time, ok bool) {
	const century = 100 * 365 * 24 * 3600
	if c.HasMaxAge {
		return now.Add(time.Duration(max(0, min(c.MaxAge, century))) * time.Second), true
	}
	return c.Expires, c.HasExpires
}

// isToken is RFC 9110, section 5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		b := s[i] | 0x20
		if !(b >= 'a' && b <= 'z') && !isDigit(s[i]) && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(s[i])) {
			return false
		}
	}
	return s != ""
}

// isCookieValue is cookie-value of section 4.1.1, a pair of quotes around it allowed.
func isCookieValue(s string) bool {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	for i := range len(s) {
		if s[i] <= 0x20 || s[i] >= 0x7F || strings.IndexByte("\",;\\", s[i]) >= 0 {
			return false
		}
	}
	return true
}

// isHostName is RFC 1034's subdomain with RFC 1123's digits first: labels of
// letters, digits and inner hyphens.
func isHostName(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			b := label[i] | 0x20
			if !(b >= 'a' && b <= 'z') && !isDigit(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return true
}

// hasBadSpace finds the "bad white space" of RFC 9110, section 5.6.3, that
// senders must not produce: around the line, before a ";", beside the first "="
// of a part.
func hasBadSpace(line string) bool {
	for i, part := range strings.Split(line, ";") {
		if i > 0 {
			part = strings.TrimLeft(part, " \t") // optional white space after ";" is fine
		}
		name, value, _ := strings.Cut(part, "=")
		if trim(part) != part || trim(name) != name || trim(value) != value {
			return true
		}
	}
	return false
}
