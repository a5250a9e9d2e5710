package survey

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

var (
	inWord      = regexp.MustCompile(`(?i)log-?_?in\b|sign-?_? ?in\b|log in|auth\b|/session(/new)?$`)
	outWord     = regexp.MustCompile(`(?i)log-?_? ?out|sign-?_? ?out|log-?_?off`)
	upWord      = regexp.MustCompile(`(?i)sign-?_? ?up|regist|create.?account|/users$|/accounts$|/join$`)
	accountWord = regexp.MustCompile(`(?i)account|profile|settings|password|/me$`)
)

// wellKnown are the places that services like to put these things at.
func wellKnown() []string {
	return strings.Fields(`/login /signin /sign-in /sign_in /users/sign_in /accounts/login/ /account/login /auth/login /session/new /user/login
		/signup /register /sign-up /sign_up /users/sign_up /accounts/signup/ /auth/register
		/whoami /me /api/me /api/whoami /api/session /api/v1/me /v1/me /v1/valid /api/user /user /api/users/me /users/me /auth/me /api/auth/me /userinfo /api/account
		/account /profile /settings
		/logout /signout /sign-out /api/logout /api/login /api/sessions /api/auth/login /api/auth/logout /v1/login /v1/auth /v1/logout /auth/logout
		/api/signup /api/register /api/users /v1/users /users /sessions
		/.well-known/openid-configuration /.well-known/change-password /openapi.json`)
}

// sort says which of what was seen does what.
func (l *look) sort(ctx context.Context) {
	for i := range l.Pages {
		for j := range l.Pages[i].Forms {
			l.sortForm(&l.Pages[i].Forms[j])
		}
	}
	for _, f := range []*Form{l.SignIn, l.SignUp, l.SignOut, l.Change} {
		if f != nil {
			l.compare(ctx, f)
		}
	}
	for _, p := range l.Pages {
		l.sortPlace(p)
	}
	l.methods(ctx)
	l.remark()
}

// methods asks what else can be done where whoami is: many services begin a
// session there by POST, and end it by DELETE.
func (l *look) methods(ctx context.Context) {
	if l.Whoami == nil || l.client.Jar != nil {
		return
	}
	req, err := http.NewRequestWithContext(ctx, "OPTIONS", l.Base+l.Whoami.Path, nil)
	if err != nil {
		return
	}
	p, err := l.do(req, l.Whoami.Path)
	if err != nil || p.Allow == "" {
		return
	}
	why := fmt.Sprintf("OPTIONS %s allows %s", p.Path, p.Allow)
	if l.SignInAPI == nil && strings.Contains(p.Allow, "POST") {
		l.SignInAPI = &Endpoint{"POST", p.Path, why}
	}
	if l.SignOutAPI == nil && strings.Contains(p.Allow, "DELETE") {
		l.SignOutAPI = &Endpoint{"DELETE", p.Path, why}
	}
}

func (l *look) sortForm(f *Form) {
	take := func(to **Form) {
		if *to == nil {
			*to = f
		}
	}
	switch {
	case strings.Contains(f.Action, "://"):
		l.note("A form at " + f.Page + " is sent to another host, " + f.Action + ": who signs in there is not this service's business alone.")
	case f.passwords == 0 && outWord.MatchString(f.words):
		take(&l.SignOut)
	case f.User != "" && (f.New != "" || f.passwords > 1 || upWord.MatchString(f.words)):
		if f.Password == "" || f.New != "" {
			f.Password = f.New
		}
		take(&l.SignUp)
	case f.User != "" && f.Password != "":
		take(&l.SignIn)
	case f.User == "" && f.Password != "" && f.New != "":
		take(&l.Change)
	}
}

// compare looks at a form a second time: what varies is a token.
func (l *look) compare(ctx context.Context, f *Form) {
	again, err := l.get(ctx, f.Page)
	if err != nil {
		return
	}
	for _, g := range again.Forms {
		if g.Action != f.Action || g.Selector != f.Selector {
			continue
		}
		for i := range f.Fields {
			j := slices.IndexFunc(g.Fields, func(x Field) bool { return x.Name == f.Fields[i].Name })
			f.Fields[i].Varies = f.Fields[i].Hidden && (j < 0 || g.Fields[j].Value != f.Fields[i].Value) || csrfName.MatchString(f.Fields[i].Name) && f.Fields[i].Hidden
		}
		return
	}
}

var csrfName = regexp.MustCompile(`(?i)csrf|xsrf|authenticity|^_?token$|nonce|__RequestVerification`)

// sortPlace looks at an answer that is no page with forms: who may not GET may
// perhaps POST, and who is not let in is asked who it is.
func (l *look) sortPlace(p Page) {
	take := func(to **Endpoint, method string) {
		if *to == nil {
			*to = &Endpoint{method, p.Path, fmt.Sprintf("GET %s answered %d%s", p.Path, p.Status, allowed(p))}
		}
	}
	if p.Status == http.StatusMethodNotAllowed && (p.Allow == "" || strings.Contains(p.Allow, "POST")) {
		switch {
		case outWord.MatchString(p.Path):
			take(&l.SignOutAPI, "POST")
		case upWord.MatchString(p.Path):
			take(&l.SignUpAPI, "POST")
		case inWord.MatchString(p.Path):
			take(&l.SignInAPI, "POST")
		}
		return
	}
	refused := p.Status == http.StatusUnauthorized || p.Status == http.StatusForbidden
	sentAway := p.Status/100 == 3 && inWord.MatchString(p.Location)
	if (refused || sentAway) && !outWord.MatchString(p.Path) && !upWord.MatchString(p.Path) && !strings.HasSuffix(p.Path, "/sessions") {
		better := l.Whoami == nil || l.Whoami.Stranger/100 == 3 && refused
		if better {
			l.Whoami = &Whoami{Path: p.Path, Stranger: p.Status}
		}
	}
}

func allowed(p Page) string {
	if p.Allow == "" {
		return ""
	}
	return ", and allows " + p.Allow
}

// remark notes what a person should know and no operation says.
func (l *look) remark() {
	for _, p := range l.Pages {
		switch {
		case p.Path == "/.well-known/openid-configuration" && p.Status == http.StatusOK && strings.Contains(p.Kind, "json"):
			l.note("It is an OpenID provider (/.well-known/openid-configuration): sign-ins by other sites are not played.")
		case p.Path == "/.well-known/change-password" && p.Location != "":
			l.note("Passwords are changed at " + p.Location + " (/.well-known/change-password).")
		case p.Path == "/openapi.json" && p.Status == http.StatusOK && strings.Contains(p.Kind, "json"):
			l.openAPI(p)
		}
		if strings.Contains(p.Body, `name="csrf-token"`) || strings.Contains(p.Body, `name='csrf-token'`) {
			l.note(`A page has <meta name="csrf-token">: scripts send that in a header, and so have steps to: keep: {csrf: {css: "meta[name=csrf-token]", attr: content}}.`)
		}
	}
}

// openAPI reads the paths of a description that the service gives of itself.
func (l *look) openAPI(p Page) {
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if json.Unmarshal([]byte(p.Body), &doc) != nil {
		return
	}
	paths := make([]string, 0, len(doc.Paths))
	for path := range doc.Paths {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	take := func(to **Endpoint, path string) {
		if _, ok := doc.Paths[path]["post"]; ok && *to == nil {
			*to = &Endpoint{"POST", path, "/openapi.json lists it"}
		}
	}
	for _, path := range paths {
		switch {
		case outWord.MatchString(path):
			take(&l.SignOutAPI, path)
		case upWord.MatchString(path):
			take(&l.SignUpAPI, path)
		case inWord.MatchString(path):
			take(&l.SignInAPI, path)
		}
	}
	l.note("It describes itself in /openapi.json: the fields of each request stand there.")
}

// named finds a page that names the account and did not name it to a stranger.
func (l *look) named(stranger *Survey, user string) *Whoami {
	var best *Whoami
	for _, p := range l.Pages {
		if p.Status != http.StatusOK || !strings.Contains(p.Body, user) {
			continue
		}
		w := &Whoami{Path: p.Path, Seen: true, Stranger: http.StatusNotFound}
		for _, q := range stranger.Pages {
			if q.Path == p.Path {
				w.Stranger = q.Status
			}
		}
		if strings.Contains(p.Kind, "json") {
			w.JSON = jsonPlace([]byte(p.Body), user)
		} else if strings.Contains(p.Kind, "html") {
			w.CSS = cssPlace(p.Body, user)
		}
		better := best == nil || best.JSON == "" && w.JSON != "" || best.JSON == "" && best.CSS == "" && w.CSS != ""
		if better && (w.JSON != "" || w.CSS != "") {
			best = w
		}
	}
	return best
}

// jsonPlace is the path of the first member that is the name.
func jsonPlace(body []byte, user string) string {
	var doc any
	if json.Unmarshal(body, &doc) != nil {
		return ""
	}
	var find func(at string, v any) string
	find = func(at string, v any) string {
		switch v := v.(type) {
		case string:
			if strings.EqualFold(v, user) {
				return at
			}
		case map[string]any:
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				if !regexp.MustCompile(`^\w+$`).MatchString(k) {
					continue
				}
				if found := find(at+"."+k, v[k]); found != "" {
					return found
				}
			}
		}
		return ""
	}
	return find("$", doc)
}

// cssPlace is the id of the innermost element whose text is the name.
func cssPlace(body, user string) string {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return ""
	}
	found := ""
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && attr(n, "id") != "" && strings.EqualFold(textOf(n), user) {
			found = "#" + attr(n, "id")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return found
}
