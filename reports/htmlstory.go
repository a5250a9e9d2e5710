package reports

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// storyEvidence is what there is about a story as a whole.
type storyEvidence struct {
	// Archives and Links are files that stay beside the page.
	Archives, Links []string
	Film            []frameView
	Cookies         []cookieStepView
	Console         []ConsoleLine
}

// frameView is what one browser showed after one step.
type frameView struct {
	Evidence
	evidenceView
}

// cookieStepView is what one step did to one client's jar.
type cookieStepView struct {
	CookieStep
	Rows []cookieRow
}

type cookieRow struct {
	Change, Name, Where string
	// Tags are words about the cookie: what it is to the session, and its attributes.
	Tags []string
	// Parts are what differs, before and after.
	Parts []cookiePart
}

type cookiePart struct{ Name, Before, After string }

func storyEvidenceOf(all []Evidence, files *evidenceReader, open bool) (out storyEvidence) {
	for _, e := range all {
		if !strings.HasPrefix(e.File, EvidenceDir+"/") {
			continue
		}
		switch {
		case e.Kind == KindHAR:
			out.Archives = append(out.Archives, e.File)
		case e.Kind == KindFilm && open:
			out.Film = append(out.Film, frameView{e, files.view(e.File)})
		case e.Kind == KindCookies && open && files.json(e.File, &out.Cookies) == nil:
			for i := range out.Cookies {
				out.Cookies[i].Rows = cookieRows(out.Cookies[i].Changes)
			}
		case e.Kind == KindConsole && open && files.json(e.File, &out.Console) == nil:
		default:
			out.Links = append(out.Links, e.File)
		}
	}
	return out
}

func cookieRows(changes []history.CookieChange) (out []cookieRow) {
	for _, c := range changes {
		k := c.After
		if k == nil {
			k = c.Before
		}
		if k == nil {
			continue
		}
		row := cookieRow{Change: c.Change, Name: k.Name, Where: k.Domain + k.Path, Tags: cookieTags(*k)}
		switch {
		case c.Change == history.CookieChanged && c.Before != nil && c.After != nil:
			for _, name := range c.Differs {
				row.Parts = append(row.Parts, cookiePart{name, cookieMember(*c.Before, name), cookieMember(*c.After, name)})
			}
		case c.After != nil:
			row.Parts = []cookiePart{{"value", "", k.Value}, {"life", "", cookieMember(*k, "expires")}}
		default:
			row.Parts = []cookiePart{{"value", k.Value, ""}}
		}
		out = append(out, row)
	}
	return out
}

func cookieTags(k history.JarCookie) (out []string) {
	add := func(is bool, word string) {
		if is {
			out = append(out, word)
		}
	}
	add(k.Session, "carries the session")
	add(k.Claim, "tells the page who is in")
	add(k.HTTPOnly, "HttpOnly")
	add(k.Secure, "Secure")
	add(k.SameSite != "", "SameSite="+k.SameSite)
	add(k.Partition != "", "partitioned: "+k.Partition)
	return out
}

// cookieMember is one member of a cookie in words; names are those of JSON.
func cookieMember(k history.JarCookie, name string) string {
	yes := func(is bool) string {
		if is {
			return "yes"
		}
		return "no"
	}
	switch name {
	case "value":
		return k.Value
	case "host_only":
		return yes(k.HostOnly)
	case "persistent":
		return yes(k.Persistent)
	case "secure":
		return yes(k.Secure)
	case "http_only":
		return yes(k.HTTPOnly)
	case "same_site":
		if k.SameSite == "" {
			return "not said"
		}
		return k.SameSite
	case "expires":
		if k.Expires.IsZero() {
			return "ends with the browser"
		}
		return "until " + k.Expires.UTC().Format(time.DateTime)
	}
	return fmt.Sprintf("(%s)", name)
}

// json reads a JSON file of the evidence into v.
func (e *evidenceReader) json(link string, v any) error {
	data, err := e.read(link, evidenceText64K*8)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}
