package reference

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// change is a password change by the session's own user, with the old password
// in the field named.
func (m *mailu) change(w http.ResponseWriter, r *http.Request, field string) (identity, grant, bool) {
	who, ok := m.signed(w, r)
	if !ok {
		return who, grant{}, false
	}
	next := chosen(r)
	if !m.posted(r) || next == "" {
		return who, grant{}, true
	}
	given, err := m.core.changePassword(m.meta(r), r.PostFormValue(field), next)
	if err != nil {
		return who, grant{}, true
	}
	m.carry.hand(w, r, given)
	return who, given, true
}

func (m *mailu) changePassword(w http.ResponseWriter, r *http.Request) {
	who, given, ok := m.change(w, r, "current_pw")
	switch {
	case !ok:
	case given.token == "":
		m.show(w, r, http.StatusOK, "password", who, "Wrong current password")
	default:
		m.show(w, r, http.StatusOK, "password", who, "Password updated for "+who.name())
	}
}

func (m *mailu) changeAtSignIn(w http.ResponseWriter, r *http.Request) {
	who, given, ok := m.change(w, r, "oldpw")
	switch {
	case !ok:
	case given.token == "":
		m.show(w, r, http.StatusOK, "pw_change", who, "The current password is incorrect!")
	default:
		found(w, "/admin")
	}
}

func (m *mailu) signUp(w http.ResponseWriter, r *http.Request) {
	who, ok := m.visitor(w, r)
	if !ok {
		return
	}
	if pw := chosen(r); pw != "" && m.posted(r) {
		if _, err := m.core.create(actor{}, newUser{Name: r.PostFormValue("localpart") + "@" + r.PathValue("domain"), Password: pw}); err == nil {
			found(w, "/admin/")
			return
		}
	}
	m.show(w, r, http.StatusOK, "signup", who, "Email is already used")
}

// adminPages are for administrators; others are refused with 403.
func (m *mailu) adminPages(mux *http.ServeMux) {
	page := func(pattern, name string) {
		mux.HandleFunc("GET "+pattern, m.office(func(w http.ResponseWriter, r *http.Request, who identity) {
			m.show(w, r, http.StatusOK, name, who, "")
		}))
	}
	page("/admin/user/list/{domain}", "list")
	page("/admin/user/create/{domain}", "create")
	page("/admin/user/edit/{email}", "edit")
	page("/admin/user/password/{email}", "reset")
	post := func(pattern, name string, do func(r *http.Request, by actor) (grant, error)) {
		mux.HandleFunc("POST "+pattern, m.office(func(w http.ResponseWriter, r *http.Request, who identity) {
			if !m.posted(r) {
				m.show(w, r, http.StatusOK, name, who, "The CSRF session token is missing.")
				return
			}
			given, err := do(r, actor{session: who.session.ID, meta: m.meta(r)})
			if err != nil {
				m.show(w, r, http.StatusOK, name, who, err.Error())
				return
			}
			if given.token != "" { // only a fault gives anything here
				m.carry.hand(w, r, given)
			}
			found(w, "/admin/user/list/"+domainOf(r))
		}))
	}
	post("/admin/user/create/{domain}", "create", func(r *http.Request, by actor) (grant, error) {
		return m.core.create(by, newUser{Name: r.PostFormValue("localpart") + "@" + r.PathValue("domain"), Password: chosen(r)})
	})
	post("/admin/user/password/{email}", "reset", func(r *http.Request, by actor) (grant, error) {
		return grant{}, m.core.setPassword(by, r.PathValue("email"), chosen(r))
	})
	post("/admin/user/edit/{email}", "edit", m.edit)
}

// edit is the form in which an account is switched on and off and may get a new password.
func (m *mailu) edit(r *http.Request, by actor) (grant, error) {
	email := r.PathValue("email")
	if r.PostFormValue("pw") != "" {
		if err := m.core.setPassword(by, email, chosen(r)); err != nil {
			return grant{}, err
		}
	}
	return grant{}, m.setEnabled(by, email, r.PostFormValue("enabled") != "")
}

func (m *mailu) setEnabled(by actor, email string, on bool) error {
	if on {
		return m.core.enable(email)
	}
	return m.core.disable(by, email)
}

func domainOf(r *http.Request) string {
	_, domain, _ := strings.Cut(r.PathValue("email"), "@")
	return r.PathValue("domain") + domain
}

// office lets administrators through.
func (m *mailu) office(next func(http.ResponseWriter, *http.Request, identity)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, ok := m.signed(w, r)
		switch {
		case !ok:
		case m.core.role(who) != RoleAdmin:
			m.show(w, r, http.StatusForbidden, "message", who, "Forbidden")
		default:
			next(w, r, who)
		}
	}
}

// mailuBody is what the REST API takes; a field that is not there changes nothing.
type mailuBody struct {
	Email       string `json:"email"`
	RawPassword string `json:"raw_password"`
	Enabled     *bool  `json:"enabled"`
	GlobalAdmin *bool  `json:"global_admin"`
}

// api is the REST API, for holders of its token. In Mailu the founding bug was
// not in this way of creating a user, so it is spared that fault.
func (m *mailu) api(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/v1/user", m.bearer(func(_ *http.Request, b mailuBody) error {
		_, err := m.core.create(actor{provisioning: true}, newUser{Name: b.Email, Password: b.RawPassword})
		return err
	}))
	mux.HandleFunc("PATCH /api/v1/user/{email}", m.bearer(m.patch))
	mux.HandleFunc("DELETE /api/v1/user/{email}", m.bearer(func(r *http.Request, _ mailuBody) error {
		return m.core.remove(actor{}, r.PathValue("email"))
	}))
}

func (m *mailu) patch(r *http.Request, b mailuBody) error {
	email := r.PathValue("email")
	if b.RawPassword != "" {
		if err := m.core.setPassword(actor{}, email, b.RawPassword); err != nil {
			return err
		}
	}
	if b.Enabled != nil {
		if err := m.setEnabled(actor{}, email, *b.Enabled); err != nil {
			return err
		}
	}
	if b.GlobalAdmin == nil {
		return nil
	}
	role := RoleUser
	if *b.GlobalAdmin {
		role = RoleAdmin
	}
	return m.core.setRole(email, role)
}

func (m *mailu) bearer(do func(*http.Request, mailuBody) error) http.HandlerFunc {
	answer := func(w http.ResponseWriter, status int, message string) {
		reply(w, status, map[string]any{"code": status, "message": message})
	}
	return func(w http.ResponseWriter, r *http.Request) {
		var body mailuBody
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case token == "":
			answer(w, http.StatusUnauthorized, "A valid Authorization header is mandatory")
		case m.adminKey == "" || subtle.ConstantTimeCompare([]byte(token), []byte(m.adminKey)) != 1:
			answer(w, http.StatusForbidden, "Invalid API token")
		case r.Method != http.MethodDelete && !readJSON(w, r, &body):
		default:
			if err := do(r, body); err != nil {
				answer(w, statusOf(err), err.Error())
				return
			}
			answer(w, http.StatusOK, "done")
		}
	}
}
