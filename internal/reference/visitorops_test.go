package reference

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
)

// in signs in with the password provision gave; a wrong one is tried by with.
func (v *visitor) in(name string) *visitor {
	v.w.t.Helper()
	if a := v.with(name, "pw-"+name); !a.ok() {
		v.w.t.Fatalf("sign-in of %s: %d %s", name, a.status, a.body)
	}
	return v
}

func (v *visitor) with(name, password string) answer {
	v.name = name
	switch {
	case v.w.html():
		return v.form("/login", "/login", "user", name, "password", password)
	case v.w.dialect == "bearer":
		var begun struct{ ID string }
		json.Unmarshal(v.json("POST", "/v1/auth", authBody{Step: "init", User: name}).body, &begun)
		return v.json("POST", "/v1/auth", authBody{Step: "password", ID: begun.ID, Password: password})
	}
	_, path := v.way("in")
	return v.json("POST", path, credentialsBody{User: name, Password: password})
}

// who is the user's name, "pending", or "" for nobody.
func (v *visitor) who() string {
	v.w.t.Helper()
	var got struct{ State, User string }
	method, path := "GET", "/whoami"
	if !v.w.html() {
		method, path = v.way("who")
	}
	a := v.json(method, path, nil)
	if err := json.Unmarshal(a.body, &got); err != nil {
		v.w.t.Fatalf("whoami: %d %s", a.status, a.body)
	}
	want := map[string]int{"live": 200, "pending": 202, "dead": 401, "none": 401}[got.State]
	if a.status != want && !(got.State == "dead" && a.status == http.StatusGone) { // a planted fault says so
		v.w.t.Fatalf("whoami says %q with status %d", got.State, a.status)
	}
	if got.State == "pending" {
		return "pending"
	}
	return got.User
}

func (v *visitor) out() answer {
	if v.w.html() {
		return v.form("/logout", "/logout")
	}
	method, path := v.way("out")
	return v.json(method, path, nil)
}

func (v *visitor) password(next string) answer {
	if v.w.html() {
		return v.form("/account", "/account/password", "current", "pw-"+v.name, "new", next)
	}
	_, path := v.way("password")
	return v.json("POST", path, map[string]string{"current": "pw-" + v.name, "new": next})
}

func (v *visitor) signUp(name string) answer {
	if v.w.html() {
		return v.form("/signup", "/signup", "user", name, "password", "pw-"+name)
	}
	_, path := v.way("up")
	return v.json("POST", path, credentialsBody{User: name, Password: "pw-" + name})
}

// createByForm is the admin form, or the API where there are no forms.
func (v *visitor) createByForm(name string) answer {
	if v.w.html() {
		return v.form("/admin/users/new", "/admin/users", "user", name, "password", "pw-"+name)
	}
	return v.createByAPI(name)
}

func (v *visitor) createByAPI(name string) answer {
	return v.json("POST", "/admin/users", newUser{Name: name, Password: "pw-" + name})
}

var currentItem = regexp.MustCompile(`<li class="session current" data-handle="([^"]+)"`)

// handle is the session's own handle in its user's list.
func (v *visitor) handle() string {
	v.w.t.Helper()
	if v.w.html() {
		if m := currentItem.FindSubmatch(v.send("GET", "/account", "", "").body); m != nil {
			return string(m[1])
		}
		v.w.t.Fatal("no current session on the account page")
	}
	_, path := v.way("sessions")
	var list struct{ Sessions []listed }
	json.Unmarshal(v.json("GET", path, nil).body, &list)
	for _, s := range list.Sessions {
		if s.Current {
			return s.ID
		}
	}
	v.w.t.Fatal("no current session in the list")
	return ""
}

func (v *visitor) revoke(handle string) answer {
	if v.w.html() {
		return v.form("/account", "/account/sessions/"+handle+"/revoke")
	}
	_, path := v.way("sessions")
	return v.json("DELETE", path+"/"+handle, nil)
}

func (v *visitor) write(text string) {
	v.w.t.Helper()
	var a answer
	if v.w.html() {
		a = v.form("/notes", "/notes", "text", text)
	} else {
		_, path := v.way("notes")
		a = v.json("POST", path, map[string]string{"text": text})
	}
	if !a.ok() {
		v.w.t.Fatalf("note: %d %s", a.status, a.body)
	}
}

var noteText = regexp.MustCompile(`<p id="note">([^<]*)</p>`)

func (v *visitor) read() string {
	if v.w.html() {
		if m := noteText.FindSubmatch(v.send("GET", "/notes", "", "").body); m != nil {
			return html.UnescapeString(string(m[1]))
		}
		return ""
	}
	_, path := v.way("notes")
	var got struct{ Text string }
	json.Unmarshal(v.json("GET", path, nil).body, &got)
	return got.Text
}

// as is the admin API with an administrator's session.
func (v *visitor) as(verb, name string, body any) answer {
	v.w.t.Helper()
	a := v.json("POST", fmt.Sprintf("/admin/users/%s/%s", name, verb), body)
	if a.status != http.StatusNoContent {
		v.w.t.Fatalf("%s %s: %d %s", verb, name, a.status, a.body)
	}
	return a
}

func (v *visitor) remove(name string) {
	v.w.t.Helper()
	if a := v.json("DELETE", "/admin/users/"+name, nil); a.status != http.StatusNoContent {
		v.w.t.Fatalf("delete %s: %d %s", name, a.status, a.body)
	}
}
