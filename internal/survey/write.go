package survey

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Target writes the first target file. What was seen says so, what was not says
// TODO; every guess is one or the other.
func (s *Survey) Target() string {
	w := &writer{Survey: s}
	w.line("# Written by `sessionspec init`, which looked at %s. \"Seen\" was seen there. TODO was not: look at each", s.Base)
	w.line("# of these before you trust a verdict. docs/targets.md explains the file; `sessionspec doctor --target FILE` shows what")
	w.line("# the service really does.")
	for _, n := range s.Notes {
		w.line("# Seen: %s", n)
	}
	w.line("name: %s", quote(name(s.Base)))
	w.line("base: %s", s.Base)
	w.line("")
	w.declares()
	w.line("")
	w.line("operations:")
	w.createUser()
	w.signIn()
	w.whoami()
	w.signOut()
	w.changePassword()
	return w.String()
}

type writer struct {
	*Survey
	strings.Builder
}

// oneLine keeps what a page says from beginning a line of the file.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ", "\u2028", " ", "\u2029", " ", "\u0085", " ")

func (w *writer) line(format string, args ...any) {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	w.WriteString(strings.TrimRight(oneLine.Replace(text), " ") + "\n")
}

// quote writes a text as YAML reads it, also where it has quotation marks.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

// literal is a text of the page's own in a template.
func literal(s string) string { return quote(strings.ReplaceAll(s, "${", "$${")) }

func name(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return "service"
	}
	return strings.ReplaceAll(u.Host, ":", "-")
}

func (w *writer) declares() {
	w.line("# TODO: what it promises. What is not declared is judged by the strict default; the report lists what was left open.")
	w.line("declares:")
	w.line("  # change_password: {others: end, current: rotate}")
	w.line("  # sign_out: {scope: this}")
	w.line("  # sign_in_again: replaces")
	w.line("  # persistence: browser")
	if len(w.Cookies) > 0 {
		w.line("  # Seen: a mere visit sets %s. TODO: if one of these is a session, say anonymous_sessions: true.", strings.Join(w.Cookies, ", "))
	}
	w.line("  without: [] # TODO: operations and capabilities that it does not have")
}

func (w *writer) createUser() {
	switch {
	case w.SignUp != nil:
		w.line("  # Seen: a form at %s that makes an account.", w.SignUp.Page)
		w.line("  create_user:")
		w.form(w.SignUp, "sign-up")
	case w.SignUpAPI != nil:
		w.line("  # Seen: %s. TODO: the fields, and the status of success.", w.SignUpAPI.Why)
		w.line("  create_user:")
		w.line("    - by: nobody")
		w.line("      POST: %s", quote(w.SignUpAPI.Path))
		w.line(`      json: {user: "${user}", password: "${password}", email: "${email}"}`)
		w.line("      ok: status in [200, 201]")
	default:
		w.line("  # TODO: no way to make an account was seen. The harness makes its own: give a `create_user` with `by: nobody`, or, beside")
		w.line("  # `operations`, `provision:` steps with an administrator's means, or fixed `users:`.")
	}
	w.line("")
}

func (w *writer) signIn() {
	w.line("  sign_in:")
	switch {
	case w.SignIn != nil:
		w.line("    # Seen: a form at %s with a name and a password.", w.SignIn.Page)
		w.form(w.SignIn, "")
	case w.SignInAPI != nil:
		w.line("    # Seen: %s. TODO: the fields; if it answers with a token, keep it, and send it in whoami and the others.", w.SignInAPI.Why)
		w.line("    - POST: %s", quote(w.SignInAPI.Path))
		w.line(`      json: {user: "${user}", password: "${password}"}`)
		w.line("      # keep: {credential: $.token}")
		w.line("      ok: status in [200, 201, 204]")
	default:
		w.line("    # TODO: nothing was seen that signs in: no form with a password, and no known place that takes a POST.")
		w.line("    - POST: /TODO-sign-in")
		w.line(`      json: {user: "${user}", password: "${password}"}`)
		w.line("      # keep: {credential: $.token}")
	}
	w.line("")
}

func (w *writer) whoami() {
	w.line("  whoami:")
	if w.Whoami == nil {
		w.line("    # TODO: no place was seen that asks strangers who they are. Any page that names the account will do.")
		w.line("    - GET: /TODO-whoami")
		w.line("      live: status == 200")
		w.line("      name: $.name")
		w.line("")
		return
	}
	live := "status == 200"
	if w.Whoami.Stranger == http.StatusOK && w.Whoami.CSS != "" {
		live = "css(" + quote(w.Whoami.CSS) + ") > 0"
	}
	if w.Whoami.Seen {
		w.line("    # Seen: it named the account after a sign-in; strangers get %d.", w.Whoami.Stranger)
	} else {
		w.line("    # Seen: GET %s sends strangers away (%d). TODO: does it answer 200 to an account, and where is the name?", w.Whoami.Path, w.Whoami.Stranger)
	}
	w.line("    - GET: %s", quote(w.Whoami.Path))
	w.line("      live: %s", quoteExpr(live))
	switch {
	case w.Whoami.JSON != "":
		w.line("      name: %s", quote(w.Whoami.JSON))
	case w.Whoami.CSS != "":
		w.line("      name: {css: %s}", quote(w.Whoami.CSS))
	default:
		w.line(`      name: $.name # TODO: or {css: "#user"}, {regex: "Signed in as (\\S+)"}, {header: X-User}`)
	}
	w.line("")
}

// quoteExpr protects a condition that YAML would read otherwise.
func quoteExpr(s string) string {
	if strings.ContainsAny(s, `#"`) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return s
}

func (w *writer) signOut() {
	switch {
	case w.SignOut != nil:
		w.line("  # Seen: a form at %s that signs out.", w.SignOut.Page)
		w.line("  sign_out:")
		w.form(w.SignOut, "")
	case w.SignOutAPI != nil:
		w.line("  # Seen: %s. TODO: is that the sign-out, and what does success look like?", w.SignOutAPI.Why)
		w.line("  sign_out:")
		w.line("    - %s: %s", w.SignOutAPI.Method, quote(w.SignOutAPI.Path))
	default:
		w.line("  # TODO: no sign-out was seen%s.", map[bool]string{true: "", false: "; it may only be shown to those who are signed in (--user)"}[w.SignedIn])
		w.line("  # sign_out:")
		w.line("  #   - POST: /logout")
	}
	w.line("")
}

func (w *writer) changePassword() {
	if w.Change == nil {
		w.line("  # TODO: further operations, as far as there are any: change_password, list_sessions, revoke_session, ... (docs/targets.md)")
		return
	}
	w.line("  # Seen: a form at %s with an old and a new password.", w.Change.Page)
	w.line("  change_password:")
	w.form(w.Change, "")
	w.line("  # TODO: further operations, as far as there are any: list_sessions, revoke_session, ... (docs/targets.md)")
}

// form writes a route: the page, for what varies in it, and the form.
func (w *writer) form(f *Form, route string) {
	var keeps []string
	fields, open := []string{}, []string{}
	for _, x := range f.Fields {
		var value string
		switch {
		case x.Varies:
			name := variable(x.Name)
			keeps = append(keeps, fmt.Sprintf("%s: {css: %s, attr: value}", name, quote(f.Selector+` input[name="`+x.Name+`"]`)))
			value = `"${` + name + `}"`
		case x.Hidden:
			value = literal(x.Value)
		case x.Name == f.New && f != w.SignUp:
			value = `"${new_password}"`
		case x.Type == "password" && f == w.Change && x.Name != f.Password:
			value = `"${new_password}"` // once more
		case x.Type == "password":
			value = `"${password}"`
		case x.Type == "email" || strings.Contains(strings.ToLower(x.Name), "mail"):
			value = `"${email}"`
		case x.Name == f.User:
			value = `"${user}"`
		case x.Type == "checkbox" || x.Type == "radio":
			continue // as a browser does with one that nobody has ticked
		default:
			value = literal(x.Value)
			open = append(open, x.Name)
		}
		fields = append(fields, quote(x.Name)+": "+value)
	}
	if route != "" {
		w.line("    - route: %s", route)
		w.line("      by: nobody # a clean client that is thrown away")
		w.line("      steps:")
	} else {
		w.line("    - steps:")
	}
	if len(keeps) > 0 {
		w.line("        # Seen: %d hidden field that is another one every time.", len(keeps))
		w.line("        - GET: %s", quote(f.Page))
		w.line("          keep: {%s}", strings.Join(keeps, ", "))
	}
	if len(open) > 0 {
		w.line("        # TODO: what belongs into %s?", strings.Join(open, ", "))
	}
	w.line("        - POST: %s", quote(f.Action))
	w.line("          form: {%s}", strings.Join(fields, ", "))
	if f.OK != 0 {
		w.line("          ok: status == %d # Seen: the answer to a good sign-in. TODO: is it not the answer to a wrong password as well?", f.OK)
	} else {
		w.line("          ok: status in [302, 303] # TODO: forms mostly answer so when all is well, and show themselves again when not")
	}
}

var notInName = regexp.MustCompile(`\W+`)

// variable names what is kept of a field, away from the names that are taken.
func variable(field string) string {
	return "field_" + strings.ToLower(notInName.ReplaceAllString(field, "_"))
}
