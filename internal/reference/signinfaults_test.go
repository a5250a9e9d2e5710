package reference

import (
	"maps"
	"net/http"
	"slices"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultTokenKept:        seeKeptToken,
		faultTokenAdopted:     seeAdoptedToken,
		faultPredecessorLives: seePredecessor,
		faultReactivates:      seeReactivated,
		faultRevokeAllInVain:  seeRevokeAll,
		faultStraySessions:    seeStraySessions,
		faultOrphan:           seeOrphan,
		faultClockTokens:      seeClock,
		faultEvicts:           seeEviction,
		faultStaleRole:        seeStaleRole,
	})
}

// held is the credential that a visitor has now, "" for none.
func (v *visitor) held() string {
	if c := v.jar[credentialCookies[v.w.dialect]]; c != nil {
		return c.Value
	}
	return v.token
}

// hold puts a credential into a visitor.
func (v *visitor) hold(value string) *visitor {
	if name := credentialCookies[v.w.dialect]; name != "" {
		v.jar[name] = &http.Cookie{Name: name, Value: value}
	} else {
		v.token = value
	}
	return v
}

func seeKeptToken(w *world) []string {
	phone, _, _ := w.cast()
	w.provision("dora", RoleSecondFactor)
	var found findings
	first := phone.held()
	found.when(phone.in("alice").held() == first, "a second sign-in keeps the token")
	if w.dialect == "bearer" { // its second step belongs to a flow
		return found
	}
	half := w.visitor("127.0.0.6").in("dora")
	pending := half.held()
	a := half.code(DefaultCode)
	found.when(!a.ok(), "the second factor was answered %d", a.status)
	found.when(half.held() == pending, "the second factor keeps the token")
	return found
}

func (v *visitor) code(code string) answer {
	if v.w.html() {
		return v.form("/login/code", "/login/code", "code", code)
	}
	_, path := v.way("code")
	return v.json("POST", path, credentialsBody{Code: code})
}

func seeAdoptedToken(w *world) []string {
	phone, _, office := w.cast()
	var found findings
	ended := phone.held()
	office.as("expire", "alice", nil)
	for name, value := range map[string]string{"invented": randomHex(20), "expired": ended} {
		v := w.visitor("127.0.0.6").hold(value).in("alice")
		found.when(v.held() == value, "a sign-in adopts a token that is %s", name)
		found.want(w.visitor("127.0.0.7").hold(value), "", name+" token")
	}
	return found
}

func seePredecessor(w *world) []string {
	phone, _, _ := w.cast()
	old := phone.replay()
	phone.password("next")
	var found findings
	found.want(phone, "alice", "after the password change")
	found.want(old, "", "the token from before the password change")
	return found
}

func seeReactivated(w *world) []string {
	_, _, office := w.cast()
	var found findings
	office.as("disable", "alice", nil)
	v := w.visitor("127.0.0.8")
	a := v.with("alice", "pw-alice")
	found.when(a.ok(), "a disabled user signed in")
	if a.ok() {
		found.want(v, "", "a disabled user")
	}
	return found
}

func seeRevokeAll(w *world) []string {
	phone, desk, office := w.cast()
	var found findings
	office.as("revoke-all", "alice", nil)
	found.want(phone, "", "after all was revoked")
	w.admin("revoke-all", "bob")
	found.want(desk, "", "after all was revoked on the command line")
	return found
}

func seeStraySessions(w *world) []string {
	w.cast()
	var found findings
	before := w.count()
	found.minted(w.visitor("127.0.0.8").with("alice", "wrong"), "a wrong password")
	if w.html() {
		found.minted(w.visitor("127.0.0.8").send("GET", "/help", "", ""), "a page")
	}
	if !slices.Contains(w.plant, faultFailedSignInEnds) {
		found.when(w.count() != before, "%d sessions stored before, %d after", before, w.count())
	}
	return found
}

func seeOrphan(w *world) []string {
	phone, _, _ := w.cast()
	first := phone.replay()
	if first.held() == phone.in("alice").held() {
		return nil // the token is kept: another fault's business
	}
	var found findings
	found.want(first, "", "the first session of a client that signed in again")
	return found
}

func seeClock(w *world) []string {
	w.cast()
	var found findings
	values := map[string]bool{}
	last, ascending := "", true
	for range 12 {
		v := w.visitor("127.0.0.6").in("alice").held()
		ascending = ascending && v > last
		values[v], last = true, v
	}
	found.when(ascending, "the tokens of 12 sign-ins ascend")
	found.when(len(values) != 12, "%d different tokens of 12 sign-ins", len(values))
	return found
}

func seeEviction(w *world) []string {
	_, desk, office := w.cast()
	var found findings
	for range evictAbove + 2 {
		w.visitor("127.0.0.6").in("alice")
	}
	found.want(desk, "bob", "after somebody's many sign-ins")
	found.want(office, "root", "after somebody's many sign-ins")
	return found
}

func seeStaleRole(w *world) []string {
	_, desk, office := w.cast()
	w.provision("second", RoleAdmin)
	second := w.visitor("127.0.0.6").in("second")
	var found findings
	found.when(desk.replay().createByAPI("carol").ok(), "an ordinary user created an account")
	found.when(!second.replay().createByForm("dave").ok(), "an administrator could not create an account")
	copy := second.replay()
	office.in("root").as("role", "second", map[string]string{"role": RoleUser})
	found.when(copy.createByForm("erin").ok() && copy.createByAPI("fred").ok(), "an administrator of before created accounts")
	return found
}
