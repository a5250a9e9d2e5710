package play

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"github.com/sessionspec/sessionspec/internal/history"
)

// jsonLink finds texts in JSON that look like an address: a path, or http(s).
var jsonLink = regexp.MustCompile(`"((?:https?:/|/)/?[A-Za-z0-9_~.%-][^"\\\s<>]*)"`)

// linksIn lists what a page or a JSON answer refers to, as written: href, src,
// forms by GET, and texts that look like addresses. A redirect is a link as well.
func linksIn(r *history.Response) (out []string) {
	if l := r.Header.Get("Location"); l != "" {
		out = append(out, l)
	}
	kind := r.Header.Get("Content-Type")
	if strings.Contains(kind, "json") {
		for _, m := range jsonLink.FindAllStringSubmatch(r.Body, -1) {
			out = append(out, m[1])
		}
		return out
	}
	if !strings.Contains(kind, "html") {
		return out
	}
	z := html.NewTokenizer(strings.NewReader(r.Body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			if t.Data == "form" {
				if m := attr["method"]; m == "" || strings.EqualFold(m, "get") {
					out = append(out, attr["action"])
				}
				continue
			}
			for _, k := range []string{"href", "src"} {
				if attr[k] != "" {
					out = append(out, attr[k])
				}
			}
		}
	}
}
