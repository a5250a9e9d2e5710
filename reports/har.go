package reports

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
)

// HARPage is one step of a story; a HAR calls what requests belong to a page.
type HARPage struct {
	ID, Title string
	Start     time.Time
}

// HAREntry is one exchange, in which step it was, and who asked.
type HAREntry struct {
	Page, Who string
	history.Exchange
}

// Bounds of an archive; what goes beyond is counted in its comment.
const (
	harEntriesMost = 3000
	harBodyMost    = 64 << 10
)

// The members of an HTTP Archive 1.2. What it calls optional and we do not know
// is left out; what it demands and we do not know is -1, as it says.
type (
	harLog struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Pages   []harPage  `json:"pages"`
		Entries []harEntry `json:"entries"`
		Comment string     `json:"comment,omitempty"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harPage struct {
		Started     string   `json:"startedDateTime"`
		ID          string   `json:"id"`
		Title       string   `json:"title"`
		PageTimings struct{} `json:"pageTimings"`
	}
	harEntry struct {
		PageRef  string      `json:"pageref,omitempty"`
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"`
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Comment  string      `json:"comment,omitempty"`
	}
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harCookie struct {
		Name     string `json:"name"`
		Value    string `json:"value"`
		Path     string `json:"path,omitempty"`
		Domain   string `json:"domain,omitempty"`
		Expires  string `json:"expires,omitempty"`
		HTTPOnly bool   `json:"httpOnly,omitempty"`
		Secure   bool   `json:"secure,omitempty"`
	}
	harRequest struct {
		Method      string      `json:"method"`
		URL         string      `json:"url"`
		HTTPVersion string      `json:"httpVersion"`
		Cookies     []harCookie `json:"cookies"`
		Headers     []harPair   `json:"headers"`
		Query       []harPair   `json:"queryString"`
		PostData    *harPost    `json:"postData,omitempty"`
		HeadersSize int         `json:"headersSize"`
		BodySize    int         `json:"bodySize"`
	}
	harPost struct {
		MimeType string    `json:"mimeType"`
		Params   []harPair `json:"params"`
		Text     string    `json:"text"`
	}
	harResponse struct {
		Status      int         `json:"status"`
		StatusText  string      `json:"statusText"`
		HTTPVersion string      `json:"httpVersion"`
		Cookies     []harCookie `json:"cookies"`
		Headers     []harPair   `json:"headers"`
		Content     harContent  `json:"content"`
		RedirectURL string      `json:"redirectURL"`
		HeadersSize int         `json:"headersSize"`
		BodySize    int         `json:"bodySize"`
		// Error is how browsers write in their archives why there is no answer.
		Error string `json:"_error,omitempty"`
	}
	harContent struct {
		Size     int    `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Comment  string `json:"comment,omitempty"`
	}
)

// HAR returns exchanges, which the caller has redacted, as an HTTP Archive 1.2.
// They are put into the order in which they began. version is the suite's.
func HAR(version string, pages []HARPage, entries []HAREntry) ([]byte, error) {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b HAREntry) int { return a.Start.Compare(b.Start) })
	log := harLog{Version: "1.2", Creator: harCreator{"sessionspec", version}, Pages: []harPage{}, Entries: []harEntry{}}
	if over := len(entries) - harEntriesMost; over > 0 {
		log.Comment = fmt.Sprintf("%d exchanges more are left out", over)
		entries = entries[:harEntriesMost]
	}
	for _, p := range pages {
		log.Pages = append(log.Pages, harPage{Started: harTime(p.Start), ID: p.ID, Title: p.Title})
	}
	for _, e := range entries {
		took := max(0, float64(e.End.Sub(e.Start).Microseconds())/1000)
		log.Entries = append(log.Entries, harEntry{PageRef: e.Page, Started: harTime(e.Start), Time: took, Comment: e.Who,
			Request: harAsked(e.Request), Response: harAnswered(e.Exchange), Timings: harTimings{0, took, 0}})
	}
	return json.MarshalIndent(map[string]any{"log": log}, "", " ")
}

func harTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func harPairs(lines history.Lines) []harPair {
	out := []harPair{}
	for _, h := range lines {
		out = append(out, harPair{h.Name, h.Value})
	}
	return out
}

func harAsked(r history.Request) harRequest {
	out := harRequest{Method: r.Method, URL: r.URL, HTTPVersion: "HTTP/1.1", Cookies: []harCookie{}, Headers: harPairs(r.Header),
		Query: []harPair{}, HeadersSize: -1, BodySize: len(r.Body)}
	for _, line := range r.Header.Values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			out.Cookies = append(out.Cookies, harCookie{Name: name, Value: value})
		}
	}
	if u, err := url.Parse(r.URL); err == nil {
		out.Query = harQuery(u.RawQuery)
	}
	if r.Body != "" {
		kind := r.Header.Get("Content-Type")
		out.PostData = &harPost{MimeType: kind, Params: []harPair{}, Text: harText(r.Body)}
		if strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
			out.PostData.Params = harQuery(r.Body)
		}
	}
	return out
}

// harQuery splits a query in its own order; what cannot be decoded stays as it is.
func harQuery(raw string) []harPair {
	out := []harPair{}
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		for _, s := range []*string{&name, &value} {
			if plain, err := url.QueryUnescape(*s); err == nil {
				*s = plain
			}
		}
		out = append(out, harPair{name, value})
	}
	return out
}

func harAnswered(x history.Exchange) harResponse {
	out := harResponse{Cookies: []harCookie{}, Headers: []harPair{}, HeadersSize: -1, BodySize: -1, Error: x.Error}
	a := x.Response
	if a == nil {
		return out // status 0: no answer
	}
	out.Status, out.StatusText, out.HTTPVersion = a.Status, http.StatusText(a.Status), a.Proto
	out.Headers, out.RedirectURL, out.BodySize = harPairs(a.Header), a.Header.Get("Location"), len(a.Body)
	out.Content = harContent{Size: len(a.Body), MimeType: a.Header.Get("Content-Type"), Text: harText(a.Body)}
	if a.Truncated || len(out.Content.Text) < len(a.Body) {
		out.Content.Comment = "the body was longer"
	}
	for _, line := range a.Header.Values("Set-Cookie") {
		c, _ := cookie.Parse(line, x.End, time.Time{})
		k := harCookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure}
		if c.HasExpires {
			k.Expires = harTime(c.Expires)
		}
		out.Cookies = append(out.Cookies, k)
	}
	return out
}

// harText is a body as text: cut at the bound, and none where it is not text.
func harText(body string) string {
	if len(body) > harBodyMost {
		body = strings.ToValidUTF8(body[:harBodyMost], "")
	}
	if !utf8.ValidString(body) {
		return ""
	}
	return body
}
