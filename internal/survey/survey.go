// Package survey looks at a running service from outside and writes down what a
// first target file can say of it. It reads pages; it submits nothing, but for
// one sign-in where it is given an account.
package survey

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	// pagesMost bounds the links that are followed, beside the well-known places.
	pagesMost = 25
	// bodyMost is how much of an answer is read.
	bodyMost = 1 << 20
)

// Account is one that exists; with it the survey also sees what is behind the sign-in.
type Account struct{ User, Password string }

// Survey is what was seen.
type Survey struct {
	Base string
	// Pages are all answers that are no "not found", in the order of the look.
	Pages []Page
	// Cookies are the names of those that a stranger was given by a mere visit.
	Cookies []string
	// SignIn, SignUp, SignOut and Change are the forms that do this, nil for unseen.
	SignIn, SignUp, SignOut, Change *Form
	// Whoami is where a stranger is sent away, or an account is named.
	Whoami *Whoami
	// SignInAPI, SignUpAPI and SignOutAPI are places that take a POST and no form.
	SignInAPI, SignUpAPI, SignOutAPI *Endpoint
	// Notes are what else a person should know.
	Notes []string
	// SignedIn tells whether the account could be signed in, WhyNot else what was in the way.
	SignedIn bool
	WhyNot   string
}

// Page is one answer to a GET.
type Page struct {
	Path     string
	Status   int
	Kind     string // the media type
	Location string
	Allow    string
	Body     string
	Forms    []Form
	cookies  []*http.Cookie
}

// Endpoint is a place that seems to do something by another method than GET.
type Endpoint struct{ Method, Path, Why string }

// Whoami is a place whose answer depends on who asks.
type Whoami struct {
	Path string
	// Stranger is the status for a stranger.
	Stranger int
	// JSON, CSS or neither says where the name was seen.
	JSON, CSS string
	// Seen tells that it named the account.
	Seen bool
}

// look is a survey under way.
type look struct {
	*Survey
	client *http.Client
	base   *url.URL
	// missing is what a page looks like that is not there.
	missing Page
}

// Look surveys the service at address. An error is an address that is none, or a
// service that does not answer.
func Look(ctx context.Context, address string, account *Account) (*Survey, error) {
	base, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%q is no http or https address", address)
	}
	l := &look{Survey: &Survey{Base: base.Scheme + "://" + base.Host + base.Path}, base: base, client: newClient(nil, false)}
	first, err := l.get(ctx, "/")
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		l.client = newClient(nil, true)
		l.note("The certificate is by nobody this system knows: `ca:` has to name the file of its authority.")
		first, err = l.get(ctx, "/")
	}
	if err != nil {
		return nil, err
	}
	if l.missing, err = l.get(ctx, "/no-such-page-"+strings.ToLower(rand.Text()[:8])); err != nil {
		return nil, err
	}
	l.walk(ctx, first)
	l.sort(ctx)
	if account != nil && ctx.Err() == nil {
		l.asSomebody(ctx, *account)
	}
	return l.Survey, ctx.Err()
}

func newClient(jar http.CookieJar, anyCertificate bool) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = &tls.Config{InsecureSkipVerify: anyCertificate}
	return &http.Client{Timeout: 10 * time.Second, Jar: jar, Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (s *Survey) note(text string) {
	if !slices.Contains(s.Notes, text) {
		s.Notes = append(s.Notes, text)
	}
}

// get reads one page.
func (l *look) get(ctx context.Context, path string) (Page, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", l.Base+path, nil)
	if err != nil {
		return Page{}, err
	}
	return l.do(req, path)
}

func (l *look) do(req *http.Request, path string) (Page, error) {
	req.Header.Set("User-Agent", "sessionspec-init")
	req.Header.Set("Accept", "text/html,application/json;q=0.9,*/*;q=0.8")
	res, err := l.client.Do(req)
	if err != nil {
		return Page{}, err
	}
	defer res.Body.Close()
	p := Page{Path: path, Status: res.StatusCode, Location: res.Header.Get("Location"), Allow: res.Header.Get("Allow"), cookies: res.Cookies()}
	p.Kind, _, _ = strings.Cut(res.Header.Get("Content-Type"), ";")
	if p.Kind == "text/event-stream" { // which never ends
		return p, nil
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, bodyMost))
	p.Body = string(body)
	if strings.Contains(p.Kind, "html") {
		p.Forms = formsIn(p)
	}
	return p, err
}

// there tells whether an answer is more than the one for what is not there.
func (l *look) there(p Page) bool {
	if p.Status == l.missing.Status && p.Status != http.StatusUnauthorized && p.Status != http.StatusForbidden {
		return p.Status == http.StatusOK && p.Body != l.missing.Body && len(p.Forms) > 0
	}
	return p.Status != http.StatusNotFound && (p.Status < 500 || p.Status == http.StatusNotImplemented)
}

// walk reads the first page, what it links to and the well-known places.
func (l *look) walk(ctx context.Context, first Page) {
	seen := map[string]bool{"/": true}
	l.add(first)
	queue := linksOf(first, l.base)
	followed := 0
	for len(queue) > 0 && followed < pagesMost {
		path := queue[0]
		queue = queue[1:]
		if seen[path] || ctx.Err() != nil {
			continue
		}
		seen[path] = true
		followed++
		if p, err := l.get(ctx, path); err == nil && l.there(p) {
			l.add(p)
			queue = append(queue, linksOf(p, l.base)...)
		}
	}
	for _, path := range wellKnown() {
		if seen[path] || ctx.Err() != nil {
			continue
		}
		seen[path] = true
		if p, err := l.get(ctx, path); err == nil && l.there(p) {
			l.add(p)
		}
	}
}

func (l *look) add(p Page) {
	l.Pages = append(l.Pages, p)
	for _, c := range p.cookies {
		if c.Value != "" && c.MaxAge >= 0 && l.client.Jar == nil && !slices.Contains(l.Cookies, c.Name) {
			l.Cookies = append(l.Cookies, c.Name)
		}
	}
}

// asSomebody signs the account in by the form that was found, and looks again.
func (l *look) asSomebody(ctx context.Context, a Account) {
	if l.SignIn == nil {
		l.WhyNot = "no sign-in was found, no form with a name and a password"
		l.note("The account was not tried: no form to sign in by was seen.")
		return
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return
	}
	in := &look{Survey: &Survey{Base: l.Base}, base: l.base, missing: l.missing, client: newClient(jar, l.client.Transport.(*http.Transport).TLSClientConfig.InsecureSkipVerify)}
	page, err := in.get(ctx, l.SignIn.Page)
	if err != nil {
		l.WhyNot = err.Error()
		return
	}
	i := slices.IndexFunc(page.Forms, func(f Form) bool { return f.Action == l.SignIn.Action && f.User != "" && f.Password != "" })
	if i < 0 {
		l.WhyNot = "the form at " + l.SignIn.Page + " was gone at the second look"
		return
	}
	answer, err := in.submit(ctx, page.Forms[i], map[string]string{page.Forms[i].User: a.User, page.Forms[i].Password: a.Password})
	if err == nil && answer.Status >= 400 {
		err = fmt.Errorf("POST %s answered %d", l.SignIn.Action, answer.Status)
	}
	if err != nil {
		l.WhyNot = err.Error()
		l.note("The account could not be signed in: " + l.WhyNot + ".")
		return
	}
	l.SignIn.OK = answer.Status
	in.signedInLook(ctx, l, a, answer)
}

// signedInLook reads all pages again, as somebody.
func (l *look) signedInLook(ctx context.Context, stranger *look, a Account, answer Page) {
	first, err := l.get(ctx, "/")
	if err != nil {
		stranger.WhyNot = err.Error()
		return
	}
	l.walk(ctx, first)
	if answer.Location != "" {
		if path, ok := within(l.base, stranger.SignIn.Action, answer.Location); ok {
			if p, err := l.get(ctx, path); err == nil {
				l.add(p)
			}
		}
	}
	if w := l.named(stranger.Survey, a.User); w != nil {
		stranger.Whoami, stranger.SignedIn = w, true
	} else {
		stranger.WhyNot = "no page named the account after the sign-in"
		stranger.note("After the sign-in no page named the account, so that it is not sure that it was one.")
	}
	l.sort(ctx)
	if stranger.SignOut == nil {
		stranger.SignOut = l.SignOut
	}
	if stranger.Change == nil {
		stranger.Change = l.Change
	}
}

func (l *look) submit(ctx context.Context, f Form, values map[string]string) (Page, error) {
	form := url.Values{}
	for _, x := range f.Fields {
		if v, ok := values[x.Name]; ok {
			form.Set(x.Name, v)
		} else if x.Hidden {
			form.Set(x.Name, x.Value)
		}
	}
	req, err := http.NewRequestWithContext(ctx, "POST", l.Base+f.Action, strings.NewReader(form.Encode()))
	if err != nil {
		return Page{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", l.base.Scheme+"://"+l.base.Host)
	req.Header.Set("Referer", l.Base+f.Page)
	return l.do(req, f.Action)
}
