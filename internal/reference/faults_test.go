package reference

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wrongs says, for each fault, how its wrong effect is seen: a function that
// plays a little story against a running server and reports every wrong thing.
var wrongs = map[string]func(*world) []string{
	faultCreateEndsSessions:   seeCreateEnds,
	faultCreateSwitchesActor:  seeCreateSwitches,
	faultAccountChangeScope:   seeScope,
	faultSignInEndsOthers:     seeSignInEnds,
	faultFailedSignInEnds:     seeFailedSignInEnds,
	faultSignOutEndsOthers:    seeSignOutEnds,
	faultGhost:                seeGhosts,
	faultSignOutRefused:       seeRefusedSignOut,
	faultClientKeepsToken:     seeClientKeeps,
	faultSignOutClientOnly:    seeSignOutLive,
	faultAccountEndKeeps:      seeAccountEndLive,
	faultPasswordKeepsOthers:  seePasswordKeeps,
	faultSignOutUnreachable:   seeUnreachable,
	faultRevokeTooMuch:        seeRevokeTooMuch,
	faultKeyedByNetwork:       seeNetwork,
	faultKeyedByUser:          seeSharedData,
	faultNameOnly:             seeRevival,
	faultWrongIdentity:        seeWrongName,
	faultUnequalLife:          seeUnequalLife,
	faultClaimOutlivesSession: seeStoredClaim,
	faultClaimDiesWithTab:     seeTabClaim,
}

// Each fault is seen in each dialect it names, nothing is seen without it, and
// no fault is seen by another's story unless the table says it must be. With
// -short only the first two are looked at.
func TestFaultsAreSeenAndNothingOfTheirGroupBreaks(t *testing.T) {
	for _, dialect := range Dialects() {
		t.Run(dialect, func(t *testing.T) {
			t.Run("well-behaved", func(t *testing.T) { storyTable(t, dialect, Fault{}) })
			for _, fault := range Faults() {
				if slices.Contains(fault.Dialects, dialect) {
					t.Run(fault.ID, func(t *testing.T) { storyTable(t, dialect, fault) })
				}
			}
		})
	}
}

func storyTable(t *testing.T, dialect string, planted Fault) {
	t.Parallel()
	for id, see := range wrongs {
		if planted.ID != "" && planted.ID != id && (testing.Short() || path.Dir(planted.ID) != path.Dir(id)) {
			continue // that a fault breaks nothing else at all is shown by the kill matrix, with the real judge
		}
		var plant []string
		if planted.ID != "" {
			plant = []string{planted.ID}
		}
		seen := see(newWorld(t, dialect, plant...))
		_, allowed := planted.AlsoBreaks[id]
		switch {
		case id == planted.ID && len(seen) == 0:
			t.Errorf("nobody can observe the fault")
		case id != planted.ID && !allowed && len(seen) > 0:
			t.Errorf("breaks %s too: %s", id, strings.Join(seen, "; "))
		}
	}
}

func TestFaultTable(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Faults() {
		if seen[f.ID] || f.Title == "" || f.How == "" || len(f.Dialects) == 0 || wrongs[f.ID] == nil {
			t.Errorf("%s: double, incomplete or without a story that sees it", f.ID)
		}
		seen[f.ID] = true
		for also := range f.AlsoBreaks {
			if wrongs[also] == nil {
				t.Errorf("%s also breaks %s, which no story sees", f.ID, also)
			}
		}
	}
}

func TestPlantChecksIDs(t *testing.T) {
	if _, err := plant([]string{"frame/nonsense"}, nil); err == nil || !strings.Contains(err.Error(), faultGhost) {
		t.Errorf("unknown fault: %v, want an error that lists the known ones", err)
	}
	var log bytes.Buffer
	set, err := plant([]string{"", faultGhost + ", " + faultNameOnly}, &log)
	if err != nil || !set.On(faultGhost) || !set.On(faultNameOnly) || set.On(faultKeyedByUser) {
		t.Errorf("comma list and empty ids: %v %v", set, err)
	}
	if !set.Fires(faultGhost) || set.Fires(faultKeyedByUser) || log.String() != "fired: "+faultGhost+"\n" {
		t.Errorf("log says %q", log.String())
	}
}

// findings collects what went wrong.
type findings []string

func (f *findings) want(who *visitor, name, when string) {
	if got := who.who(); got != name {
		*f = append(*f, fmt.Sprintf("%s: whoami %q, want %q", when, got, name))
	}
}

func (f *findings) when(bad bool, format string, args ...any) {
	if bad {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

// minted reports credentials in an answer that may carry none.
func (f *findings) minted(a answer, when string) {
	f.when(len(a.minted) > 0, "%s minted %q", when, a.minted)
}

func (w *world) cast() (phone, desk, office *visitor) {
	w.provision("alice", RoleUser)
	w.provision("bob", RoleUser)
	w.provision("root", RoleAdmin)
	return w.visitor("127.0.0.3").in("alice"), w.visitor("127.0.0.4").in("bob"), w.visitor("127.0.0.5").in("root")
}

func seeCreateEnds(w *world) (f []string) {
	phone, desk, office := w.cast()
	routes := map[string]func(name string) int{
		"sign-up":      func(n string) int { return w.visitor("127.0.0.7").signUp(n).status },
		"form":         func(n string) int { return office.replay().createByForm(n).status },
		"api":          func(n string) int { return office.replay().createByAPI(n).status },
		"command line": func(n string) int { return w.admin("create-user", n, "pw") },
	}
	var found findings
	for _, route := range []string{"sign-up", "form", "api", "command line"} {
		name := "new-" + strings.ReplaceAll(route, " ", "-")
		for _, when := range []string{route, route + " again"} {
			result := routes[route](name)
			again := strings.HasSuffix(when, "again")
			found.when(again && result != http.StatusConflict && result != exitRefused, "%s: a duplicate was answered %d", when, result)
			found.when(!again && result >= 400 || !again && result == exitRefused, "%s: answered %d", when, result)
			found.want(phone, "alice", when)
			found.want(desk, "bob", when)
			phone.in("alice")
			desk.in("bob")
			office.in("root")
		}
	}
	return found
}

func seeCreateSwitches(w *world) []string {
	_, _, office := w.cast()
	var found findings
	for i, create := range []func(string) answer{office.createByForm, office.createByAPI} {
		a := create(fmt.Sprint("carol", i))
		found.minted(a, "creating a user")
		found.want(office, "root", "after creating a user")
		office.in("root")
	}
	return found
}

func seeScope(w *world) []string {
	phone, desk, office := w.cast()
	var found findings
	for name, change := range map[string]func(){
		"reset":               func() { office.as("password", "bob", map[string]string{"password": "pw-bob"}) },
		"disable":             func() { office.as("disable", "bob", nil); office.as("enable", "bob", nil) },
		"command line reset":  func() { w.admin("passwd", "bob", "pw-bob") },
		"own password change": func() { desk.in("bob").password("pw-bob") },
		"delete":              func() { office.remove("bob"); w.provision("bob", RoleUser) },
	} {
		change()
		found.want(phone, "alice", name+" of bob")
		phone.in("alice")
		found.want(office, "root", name+" of bob")
		office.in("root")
		desk.in("bob")
	}
	return found
}

func seeSignInEnds(w *world) []string {
	phone, desk, _ := w.cast()
	laptop := w.visitor("127.0.0.6").in("alice")
	var found findings
	found.want(laptop, "alice", "after sign-in")
	found.want(phone, "alice", "after the laptop signed in")
	found.want(desk, "bob", "after the laptop signed in")
	return found
}

func seeFailedSignInEnds(w *world) []string {
	phone, desk, _ := w.cast()
	var found findings
	a := w.visitor("127.0.0.8").with("alice", "wrong")
	found.when(a.status != http.StatusUnauthorized, "wrong password: %d", a.status)
	found.want(phone, "alice", "after a wrong password elsewhere")
	found.minted(phone.with("alice", "wrong"), "a wrong password of somebody signed in")
	found.want(phone, "alice", "after a wrong password in the same jar")
	found.want(desk, "bob", "after somebody else's wrong password")
	return found
}

func seeSignOutEnds(w *world) []string {
	phone, desk, _ := w.cast()
	laptop := w.visitor("127.0.0.6").in("alice")
	phone.in("alice")
	laptop.out()
	var found findings
	found.want(phone, "alice", "after the laptop's sign-out")
	found.want(desk, "bob", "after the laptop's sign-out")
	return found
}

func seeSignOutLive(w *world) []string {
	phone, _, _ := w.cast()
	copy := phone.replay()
	phone.out()
	var found findings
	found.want(copy, "", "replay after sign-out")
	found.want(phone, "", "after sign-out")
	return found
}

func seeAccountEndLive(w *world) []string {
	phone, desk, office := w.cast()
	var found findings
	office.as("disable", "alice", nil)
	found.want(phone, "", "after disable")
	office.remove("bob")
	found.want(desk, "", "after delete")
	return found
}

func seePasswordKeeps(w *world) []string {
	phone, desk, office := w.cast()
	laptop := w.visitor("127.0.0.6").in("alice")
	phone.in("alice")
	laptop.in("alice")
	if phone.who() == "" { // another fault's business
		return nil
	}
	a := phone.password("next")
	var found findings
	found.when(!a.ok(), "password change: %d", a.status)
	found.want(phone, "alice", "current session after the change")
	found.want(laptop, "", "other session after the change")
	office.in("root").as("password", "bob", map[string]string{"password": "reset"})
	found.want(desk, "", "after the reset")
	return found
}

func seeUnreachable(w *world) []string {
	if !w.html() {
		return nil
	}
	phone, _, _ := w.cast()
	var found findings
	for _, path := range []string{"/", "/help", "/account", "/notes", "/nosuch"} {
		page := string(phone.send("GET", path, "", "").body)
		if w.dialect == "two-cookie" {
			found.when(!strings.Contains(page, `src="/app.js"`) && !strings.Contains(page, `src="/claim.js"`) && !strings.Contains(page, `src="/tab.js"`),
				"%s has no script that could show the sign-out", path)
			continue
		}
		found.when(!strings.Contains(page, `id="sign-out"`), "%s shows no sign-out", path)
		found.when(strings.Contains(page, `id="sign-in"`), "%s offers sign-in to a live session", path)
	}
	return found
}

func seeRevokeTooMuch(w *world) []string {
	laptop, _, _ := w.cast()
	phone, tablet := w.visitor("127.0.0.6").in("alice"), w.visitor("127.0.0.7").in("alice")
	if laptop.who() == "" || phone.who() == "" { // sign-in has ended them: another fault's business
		return nil
	}
	a := laptop.revoke(phone.handle())
	var found findings
	found.when(!a.ok(), "revoking: %d", a.status)
	found.want(phone, "", "the revoked session")
	found.want(tablet, "alice", "a session not revoked")
	found.want(laptop, "alice", "the session that revoked")
	return found
}

func readFile(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(content)
}

func homeOf(w *world) (env []string, cache string) {
	home := w.t.TempDir()
	return []string{"HOME=" + home}, filepath.Join(home, ".config", "reference", "tokens.json")
}
