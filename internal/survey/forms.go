package survey

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Form is a form by POST, as a page shows it.
type Form struct {
	// Page is where it stands, Action where it is sent to; both are paths.
	Page, Action string
	// Selector finds it in its page, with CSS.
	Selector string
	Fields   []Field
	// User, Password and New are the names of those fields, "" for none.
	User, Password, New string
	// OK is the status that a good one was answered with; 0 where none was sent.
	OK int

	passwords int
	words     string // what it is called by: id, name, action, buttons
}

// Field is one that a form sends by itself, or that somebody fills in.
type Field struct {
	Name, Value, Type, Auto string
	Hidden                  bool
	// Varies tells that a second look found another value: a token.
	Varies bool
}

// formsIn lists the forms of a page that are sent by POST.
func formsIn(p Page) (out []Form) {
	doc, err := html.Parse(strings.NewReader(p.Body))
	if err != nil {
		return nil
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == "form" {
			if strings.EqualFold(attr(n, "method"), "post") {
				out = append(out, formOf(p, n))
			}
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func formOf(p Page, n *html.Node) Form {
	f := Form{Page: p.Path, Action: p.Path}
	if a := attr(n, "action"); a != "" {
		f.Action = a
		if base, err := url.Parse(p.Path); err == nil {
			if u, err := base.Parse(a); err == nil {
				f.Action = u.RequestURI()
				if u.Host != "" {
					f.Action = u.String()
				}
			}
		}
	}
	switch id := attr(n, "id"); {
	case regexp.MustCompile(`^[A-Za-z][\w-]*$`).MatchString(id):
		f.Selector = "#" + id
	case attr(n, "action") != "":
		f.Selector = `form[action="` + attr(n, "action") + `"]`
	default:
		f.Selector = "form"
	}
	f.words = strings.ToLower(strings.Join([]string{attr(n, "id"), attr(n, "name"), attr(n, "class"), f.Action}, " "))
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "input" || n.Data == "button" || n.Data == "select" || n.Data == "textarea") {
			f.field(n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return f
}

var userName = regexp.MustCompile(`(?i)user|login|email|e-mail|mail|name|account|identifier`)

func (f *Form) field(n *html.Node) {
	x := Field{Name: attr(n, "name"), Value: attr(n, "value"), Type: strings.ToLower(attr(n, "type")), Auto: strings.ToLower(attr(n, "autocomplete"))}
	if n.Data == "button" || x.Type == "submit" {
		f.words += " " + strings.ToLower(textOf(n)+" "+x.Value)
		return
	}
	if x.Name == "" {
		return
	}
	x.Hidden = x.Type == "hidden"
	f.Fields = append(f.Fields, x)
	switch {
	case x.Type == "password":
		f.passwords++
		if strings.Contains(x.Auto, "new-password") || regexp.MustCompile(`(?i)new|password1`).MatchString(x.Name) {
			if f.New == "" {
				f.New = x.Name
			}
		} else if f.Password == "" {
			f.Password = x.Name
		}
	case !x.Hidden && f.User == "" && (x.Type == "" || x.Type == "text" || x.Type == "email") &&
		(userName.MatchString(x.Name) || strings.Contains(x.Auto, "username") || strings.Contains(x.Auto, "email")):
		f.User = x.Name
	}
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	out := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out += textOf(c)
	}
	return strings.TrimSpace(out)
}

// linksOf lists the paths of the same service that a page links to: those that
// sound like sessions first.
func linksOf(p Page, base *url.URL) (out []string) {
	if p.Location != "" {
		if path, ok := within(base, p.Path, p.Location); ok {
			out = append(out, path)
		}
	}
	if !strings.Contains(p.Kind, "html") {
		return out
	}
	z := html.NewTokenizer(strings.NewReader(p.Body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			slices.SortStableFunc(out, func(a, b string) int { return rank(a) - rank(b) })
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "a" {
				continue
			}
			for _, a := range t.Attr {
				if a.Key != "href" {
					continue
				}
				// A sign-out by a mere link would end what is being looked at.
				if path, ok := within(base, p.Path, a.Val); ok && !slices.Contains(out, path) && !outWord.MatchString(path) {
					out = append(out, path)
				}
			}
		}
	}
}

// within is the path of an address as long as it is below the base.
func within(base *url.URL, page, address string) (string, bool) {
	at, err := url.Parse(base.String() + page)
	if err != nil {
		return "", false
	}
	u, err := at.Parse(address)
	if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || !strings.HasPrefix(u.Path, base.Path) {
		return "", false
	}
	u.Fragment = ""
	path := strings.TrimPrefix(u.RequestURI(), base.Path)
	return path, strings.HasPrefix(path, "/")
}

func rank(path string) int {
	switch {
	case inWord.MatchString(path):
		return 0
	case upWord.MatchString(path), accountWord.MatchString(path):
		return 1
	}
	return 2
}
