package history

import (
	"slices"
	"time"
)

// Console is one message in the console of a browser, or an exception in a page
// that no script has caught.
type Console struct {
	// Kind is "log", "info", "warning", "error" or "exception".
	Kind string `json:"kind"`
	Text string `json:"text"`
	// URL and Line say which page or script it came from, "" and 0 where the
	// engine does not tell.
	URL  string    `json:"url,omitempty"`
	Line int       `json:"line,omitempty"`
	At   time.Time `json:"at"`
}

// What became of a cookie in a step.
const (
	CookieAdded   = "added"
	CookieChanged = "changed"
	CookieRemoved = "removed"
)

// CookieChange is what a step did to one cookie of a jar.
type CookieChange struct {
	// Change is one of the constants above.
	Change string `json:"change"`
	// Before is nil for an added cookie, After for a removed one.
	Before *JarCookie `json:"before,omitempty"`
	After  *JarCookie `json:"after,omitempty"`
	// Differs names the members of a changed cookie that are not as before, by
	// their names in JSON: "value", "expires", "secure".
	Differs []string `json:"differs,omitempty"`
}

// JarChanges compares a jar with the same jar earlier. Cookies are the same if
// name, domain, path and partition are; the order is that of after, then what
// is gone in the order of before.
func JarChanges(before, after []JarCookie) (out []CookieChange) {
	find := func(list []JarCookie, k JarCookie) int {
		return slices.IndexFunc(list, func(o JarCookie) bool {
			return o.Name == k.Name && o.Domain == k.Domain && o.Path == k.Path && o.Partition == k.Partition
		})
	}
	for _, now := range after {
		i := find(before, now)
		if i < 0 {
			out = append(out, CookieChange{Change: CookieAdded, After: &now})
			continue
		}
		was := before[i]
		if d := was.differs(now); len(d) > 0 {
			out = append(out, CookieChange{Change: CookieChanged, Before: &was, After: &now, Differs: d})
		}
	}
	for _, was := range before {
		if find(after, was) < 0 {
			out = append(out, CookieChange{Change: CookieRemoved, Before: &was})
		}
	}
	return out
}

func (k JarCookie) differs(o JarCookie) (out []string) {
	for _, m := range []struct {
		name string
		same bool
	}{
		{"value", k.Value == o.Value},
		{"host_only", k.HostOnly == o.HostOnly},
		{"persistent", k.Persistent == o.Persistent},
		{"expires", k.Expires.Equal(o.Expires)},
		{"secure", k.Secure == o.Secure},
		{"http_only", k.HTTPOnly == o.HTTPOnly},
		{"same_site", k.SameSite == o.SameSite},
	} {
		if !m.same {
			out = append(out, m.name)
		}
	}
	return out
}
