package audit

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/cookie"
)

// unlike words what two jars say differently of a host; two equal texts when
// they agree. What the engine does not tell is not compared.
func unlike(ours []cookie.Cookie, all []browsers.Cookie, host string) (our, its string) {
	theirs := map[string]browsers.Cookie{}
	for _, k := range all {
		if k.Domain == host || strings.HasSuffix(k.Domain, "."+host) {
			theirs[jarKey(k.Name, k.Domain, k.Path, k.Value)] = k
		}
	}
	var a, b []string
	for _, c := range ours {
		if !utf8.ValidString(c.Name + c.Value) {
			return "", "" // engines report text, not octets
		}
		key := jarKey(c.Name, c.Domain, c.Path, c.Value)
		k, ok := theirs[key]
		if !ok {
			a = append(a, "in the jar: "+key)
			continue
		}
		delete(theirs, key)
		for _, f := range fields(c, k) {
			if f.our != f.its {
				a, b = append(a, fmt.Sprintf("%s: %s %s", key, f.name, f.our)), append(b, fmt.Sprintf("%s: %s %s", key, f.name, f.its))
			}
		}
	}
	for _, k := range all {
		key := jarKey(k.Name, k.Domain, k.Path, k.Value)
		if _, ok := theirs[key]; ok {
			b = append(b, "in the jar: "+key)
		}
	}
	return strings.Join(a, "; "), strings.Join(b, "; ")
}

func jarKey(name, domain, path, value string) string {
	return fmt.Sprintf("%s=%s %s%s", visible(name), visible(value), domain, visible(path))
}

type field struct{ name, our, its string }

// fields are the attributes that both jars tell.
func fields(c cookie.Cookie, k browsers.Cookie) []field {
	out := []field{
		{"Secure", fmt.Sprint(c.Secure), fmt.Sprint(k.Secure)},
		{"HttpOnly", fmt.Sprint(c.HttpOnly), fmt.Sprint(k.HTTPOnly)},
		{"session", fmt.Sprint(!c.Persistent), fmt.Sprint(k.Session)},
	}
	if k.HostOnly != nil {
		out = append(out, field{"host-only", fmt.Sprint(c.HostOnly), fmt.Sprint(*k.HostOnly)})
	}
	if c.SameSite != cookie.SameSiteDefault || k.SameSite != "None" { // some engines say None for none
		same := strings.ToLower(k.SameSite)
		if same == "" {
			same = string(cookie.SameSiteDefault)
		}
		out = append(out, field{"SameSite", string(c.SameSite), same})
	}
	if c.Persistent && !k.Session {
		out = append(out, field{"ends in", days(c.Expires), days(k.Expires)})
	}
	return out
}

// days rounds to the quarter of a day: neither clock nor machine is exact.
func days(t time.Time) string {
	return fmt.Sprintf("%.2f days", math.Round(time.Until(t).Hours()/6)/4)
}
