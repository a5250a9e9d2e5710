package cookie

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Parse reads one Set-Cookie field value by the user agent algorithm of section
// 5.6. Any line gives a SetCookie; one that a user agent ignores whatever its
// URL says so in Refused.
//
// The problems are what a server breaks by sending the line: section 4.1.1 and
// what makes user agents ignore parts of it. now is used for these only.
//
// date is the Date field of the same response, or zero. With it Expires is moved
// by now-date, as Chromium does to correct for a server's wrong clock; the draft
// knows no such correction.
func Parse(line string, now, date time.Time) (SetCookie, []Problem) {
	c := Read(line, now, date)
	return c, problems(c, now)
}

// Read is Parse for who does not ask about problems.
func Read(line string, now, date time.Time) SetCookie {
	c := SetCookie{Raw: line, SameSite: SameSiteDefault}
	pair, rest, more := strings.Cut(line, ";")
	name, value, named := strings.Cut(pair, "=")
	if !named {
		name, value = "", pair
	}
	c.Name, c.Value = trim(name), trim(value)
	if more {
		c.Attributes = make([]Attribute, 0, 1+strings.Count(rest, ";"))
	}

	for more {
		var av string
		av, rest, more = strings.Cut(rest, ";")
		name, value, _ := strings.Cut(av, "=")
		a := Attribute{Name: trim(name), Value: trim(value)}
		c.Attributes = append(c.Attributes, a)
		if len(a.Value) <= MaxAttribute {
			c.apply(a)
		}
	}
	if c.HasExpires && !date.IsZero() {
		c.Expires = c.Expires.Add(now.Sub(date))
	}

	switch {
	case hasControl(line):
		c.Refused = ControlCharacter
	case len(c.Name)+len(c.Value) > MaxPair:
		c.Refused = TooLong
	case c.Name == "" && c.Value == "":
		c.Refused = Empty
	}
	return c
}

// apply lets one attribute have its effect (sections 5.6.1 to 5.6.7). An
// attribute that cannot be read changes nothing, so an earlier one stays; an
// empty Domain or Path, and an unknown SameSite, do override an earlier one.
func (c *SetCookie) apply(a Attribute) {
	switch lower(a.Name) {
	case "expires":
		if date, ok := ParseDate(a.Value); ok {
			c.HasExpires, c.Expires = true, date
		}
	case "max-age":
		if seconds, ok := parseMaxAge(a.Value); ok {
			c.HasMaxAge, c.MaxAge = true, seconds
		}
	case "domain":
		c.HasDomain, c.Domain = true, lower(strings.TrimPrefix(a.Value, "."))
	case "path":
		c.HasPath, c.Path = true, ""
		if strings.HasPrefix(a.Value, "/") {
			c.Path = a.Value
		}
	case "secure":
		c.Secure = true
	case "httponly":
		c.HttpOnly = true
	case "partitioned":
		c.Partitioned = true
	case "samesite":
		switch s := SameSite(lower(a.Value)); s {
		case SameSiteNone, SameSiteLax, SameSiteStrict:
			c.SameSite = s
		default:
			c.SameSite = SameSiteDefault
		}
	}
}

// parseMaxAge reads seconds: digits, or a minus and digits (section 5.6.2).
// Numbers beyond int64 become its nearest bound.
func parseMaxAge(s string) (seconds int64, ok bool) {
	number := strings.TrimPrefix(s, "-")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return 0, false
	}
	seconds, err := strconv.ParseInt(s, 10, 64)
	if err != nil { // out of range is the only error left
		seconds = math.MaxInt64
		if s[0] == '-' {
			seconds = math.MinInt64
		}
	}
	return seconds, true
}

func trim(s string) string { return strings.Trim(s, " \t") }

// hasControl says whether s holds a control character other than a tab.
func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 && s[i] != '\t' || s[i] == 0x7F {
			return true
		}
	}
	return false
}
