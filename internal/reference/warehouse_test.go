package reference

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

const (
	signalCookie = "user_id__insecure"
	indicator    = "/_includes/authed/current-user-indicator/"
)

var formValue = regexp.MustCompile(`name="csrf_token" value="([^"]*)"`)

// submit fetches a page's form, fills it in and sends it.
func (v *visitor) submit(path string, fields ...string) answer {
	v.w.t.Helper()
	found := formValue.FindSubmatch(v.send("GET", path, "", "").body)
	form := url.Values{}
	if found != nil {
		form.Set("csrf_token", string(found[1]))
	}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return v.send("POST", path, "application/x-www-form-urlencoded", form.Encode())
}

// named is whom the menu that every page fetches shows, "" for a stranger.
func (v *visitor) named() string {
	v.w.t.Helper()
	found := regexp.MustCompile(`href="/user/([^/]+)/"`).FindSubmatch(v.send("GET", indicator, "", "").body)
	if found == nil {
		return ""
	}
	return string(found[1])
}

func warehouseSignedIn(t *testing.T, faults ...string) (*world, *visitor, answer) {
	t.Helper()
	w := newWorld(t, dialectWarehouse, faults...)
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.2")
	a := v.submit("/account/login/", "username", "alice", "password", "pw-alice")
	if a.status != http.StatusSeeOther || v.named() != "alice" {
		t.Fatalf("signed in: %d, as %q", a.status, v.named())
	}
	return w, v, a
}

func TestWarehouseCookies(t *testing.T) {
	_, v, a := warehouseSignedIn(t)
	lines := strings.Join(a.header.Values("Set-Cookie"), "\n")
	if !regexp.MustCompile(`(?m)^session_id=[^;]+; Path=/; HttpOnly; SameSite=Lax$`).MatchString(lines) ||
		!regexp.MustCompile(`(?m)^`+signalCookie+`=[^;]+; Path=/$`).MatchString(lines) {
		t.Errorf("%s", lines)
	}
	if a := v.submit("/account/logout/"); a.status != http.StatusSeeOther || len(v.jar) != 0 || v.named() != "" {
		t.Errorf("signed out: %d, jar %v", a.status, v.jar)
	}
}

func TestWarehouseDatesOneCookieOnly(t *testing.T) {
	_, v, _ := warehouseSignedIn(t, faultUnequalLife)
	if v.jar["session_id"].MaxAge != 43200 || v.jar[signalCookie].MaxAge != 0 {
		t.Errorf("%v", v.jar)
	}
}

func TestWarehouseRegistrationSignsIn(t *testing.T) {
	for _, fault := range []string{"", faultSignOutUnreachable} {
		v := newWorld(t, dialectWarehouse, fault).visitor("127.0.0.2")
		a := v.submit("/account/register/", "username", "ann", "new_password", "pw", "password_confirm", "pw", "confirm_form", "")
		if a.status != http.StatusSeeOther || v.named() != "ann" {
			t.Errorf("%q: registered %d, as %q", fault, a.status, v.named())
		}
		if forgot := v.jar[signalCookie] == nil; forgot != (fault != "") {
			t.Errorf("%q: the jar has %v", fault, v.jar)
		}
	}
}

func TestWarehouseForms(t *testing.T) {
	w, alice, _ := warehouseSignedIn(t)
	if a := w.visitor("127.0.0.3").send("POST", "/account/login/", "application/x-www-form-urlencoded", "username=alice&password=pw-alice"); a.status != http.StatusBadRequest {
		t.Errorf("a form without its value: %d", a.status)
	}
	if a := alice.submit("/account/login/", "username", "alice", "password", "pw-alice"); a.status != http.StatusSeeOther || len(a.minted) > 0 {
		t.Errorf("signing in again: %d", a.status)
	}
	other := w.visitor("127.0.0.4")
	if a := other.submit("/account/login/", "username", "alice", "password", "wrong"); a.status != http.StatusOK || other.named() != "" {
		t.Errorf("a wrong password: %d", a.status)
	}
	other.submit("/account/login/", "username", "alice", "password", "pw-alice")
	before := alice.jar["session_id"].Value
	alice.submit("/manage/account/", "password", "pw-alice", "new_password", "next", "password_confirm", "next")
	if alice.named() != "alice" || alice.jar["session_id"].Value != before || other.named() != "" {
		t.Errorf("after the change of the password: %q and %q", alice.named(), other.named())
	}
}

func TestWarehouseSecondFactorAndOffice(t *testing.T) {
	w, alice, _ := warehouseSignedIn(t)
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	w.provision("root", RoleAdmin)
	if code := w.admin("factor", "root", secret); code != exitOK {
		t.Fatalf("factor: exit %d", code)
	}
	root := w.visitor("127.0.0.5")
	a := root.submit("/account/login/", "username", "root", "password", "pw-root")
	step := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(step, "/account/two-factor/?") || root.jar[signalCookie] != nil || root.named() != "" {
		t.Fatalf("before the second factor: %d %s, as %q", a.status, step, root.named())
	}
	if a := root.submit(step, "totp_value", "000000"); a.status != http.StatusOK || root.named() != "" {
		t.Errorf("a wrong code: %d, as %q", a.status, root.named())
	}
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if a := root.submit(step, "totp_value", code); a.status != http.StatusSeeOther || root.named() != "root" {
		t.Fatalf("the right code: %d, as %q", a.status, root.named())
	}
	if a := alice.send("GET", "/admin/users/root/", "", ""); a.status != http.StatusForbidden {
		t.Errorf("alice in the office: %d", a.status)
	}
	if a := root.submit("/admin/users/alice/", "is_active", "y", "is_frozen", "y"); a.status != http.StatusSeeOther || alice.named() != "" {
		t.Errorf("frozen: %d, alice is %q", a.status, alice.named())
	}
	var value string
	if found := formValue.FindSubmatch(root.send("GET", "/admin/users/alice/", "", "").body); found != nil {
		value = string(found[1])
	}
	a = root.send("POST", "/admin/users/alice/delete/", "application/x-www-form-urlencoded", url.Values{"csrf_token": {value}, "username": {"alice"}}.Encode())
	if a.status != http.StatusSeeOther || root.send("GET", "/user/alice/", "", "").status != http.StatusNotFound {
		t.Errorf("deleted: %d", a.status)
	}
}
