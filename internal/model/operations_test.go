package model

import "testing"

// TestEveryOperation holds each operation against each relation: laptop and
// phone are alice's, desk is bob's, office the administrator who acts on others.
func TestEveryOperation(t *testing.T) {
	const (
		keeps    = "frame/create-user-keeps-sessions"
		scope    = "frame/account-change-scope"
		endsAll  = "terminate/account-end-kills-all"
		password = "terminate/credential-change-ends-others"
		exact    = "multi/revoke-exact"
		foreign  = "isolate/foreign-handles-refused"
		network  = "isolate/not-keyed-by-network"
		one      = "isolate/one-token-one-identity"
		pure     = "frame/safe-methods-are-pure"
	)
	// all is the same answer for everybody.
	all := func(s string) [4]string { return [4]string{s, s, s, s} }
	for name, c := range map[string]struct {
		event Event
		want  [4]string // laptop, phone, desk, office
	}{
		"create by own session": {self("office", "create_user", "carol"),
			[4]string{"live " + keeps, "live " + keeps, "live " + keeps, "live frame/create-user-keeps-actor"}},
		"create by sign-up":     {by("office", "create_user", "carol"), all("live " + keeps)},
		"create refused":        {refused(by("office", "create_user", "alice")), all("live " + keeps)},
		"create broken":         {broken(by("office", "create_user", "carol")), all("live " + keeps)},
		"create existing":       {by("office", "create_user", "alice"), all("live " + keeps)},
		"wrong password, other": {refused(by("stranger", "sign_in", "alice")), all("live frame/failed-sign-in-changes-nothing")},
		"wrong password, own":   {refused(by("laptop", "sign_in", "alice")), all("live frame/failed-sign-in-changes-nothing")},
		"sign-in broken": {broken(by("laptop", "sign_in", "alice")),
			[4]string{"any", "live frame/sign-in-keeps-others", "live frame/sign-in-keeps-others", "live frame/sign-in-keeps-others"}},
		"sign-out": {by("laptop", "sign_out", "alice"),
			[4]string{"dead terminate/sign-out-kills-server-side", "live frame/sign-out-keeps-others", "live frame/sign-out-keeps-others", "live frame/sign-out-keeps-others"}},
		"sign-out refused": {refused(by("laptop", "sign_out", "alice")),
			[4]string{"dead terminate/sign-out-kills-server-side", "live frame/sign-out-keeps-others", "live frame/sign-out-keeps-others", "live frame/sign-out-keeps-others"}},
		"sign-out broken": {broken(by("laptop", "sign_out", "alice")),
			[4]string{"any", "live frame/sign-out-keeps-others", "live frame/sign-out-keeps-others", "live frame/sign-out-keeps-others"}},
		"sign-out of nobody":      {by("stranger", "sign_out", "alice"), all("live frame/sign-out-keeps-others")},
		"change password":         {self("laptop", "change_password", "alice"), [4]string{"any", "dead " + password, "live " + scope, "live " + scope}},
		"change password refused": {refused(self("laptop", "change_password", "alice")), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"change password broken":  {broken(self("laptop", "change_password", "alice")), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"reset password":          {by("office", "reset_password", "alice"), [4]string{"dead " + password, "dead " + password, "live " + scope, "live " + scope}},
		"reset password refused":  {refused(by("office", "reset_password", "alice")), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"disable":                 {by("office", "disable", "alice"), [4]string{"dead " + endsAll, "dead " + endsAll, "live " + scope, "live " + scope}},
		"disable refused":         {refused(by("office", "disable", "alice")), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"disable broken":          {broken(by("office", "disable", "alice")), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"enable":                  {by("office", "enable", "alice"), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"delete":                  {by("office", "delete_user", "alice"), [4]string{"dead " + endsAll, "dead " + endsAll, "live " + scope, "live " + scope}},
		"delete refused":          {refused(by("office", "delete_user", "alice")), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"rename":                  {by("office", "rename", "alice"), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"set role":                {by("office", "set_role", "alice"), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"expire":                  {by("office", "expire", "alice"), [4]string{"dead", "dead", "live " + scope, "live " + scope}},
		"expire refused":          {refused(by("office", "expire", "alice")), [4]string{"any", "any", "live " + scope, "live " + scope}},
		"revoke one":              {of(self("laptop", "revoke_session", "alice"), "phone"), [4]string{"live " + exact, "dead " + exact, "live " + exact, "live " + exact}},
		"revoke own":              {of(self("laptop", "revoke_session", "alice"), "laptop"), [4]string{"dead " + exact, "live " + exact, "live " + exact, "live " + exact}},
		"revoke refused":          {refused(of(self("laptop", "revoke_session", "alice"), "phone")), all("live " + exact)},
		"revoke broken":           {broken(of(self("laptop", "revoke_session", "alice"), "phone")), [4]string{"any", "any", "live " + exact, "live " + exact}},
		"revoke of nobody":        {of(self("laptop", "revoke_session", "alice"), "stranger"), all("live " + exact)},
		"revoke others":           {self("laptop", "revoke_others", "alice"), [4]string{"live " + exact, "dead " + exact, "live " + exact, "live " + exact}},
		"revoke others refused":   {refused(self("laptop", "revoke_others", "alice")), all("live " + exact)},
		"revoke all":              {by("office", "revoke_all", "alice"), [4]string{"dead terminate/admin-can-end", "dead terminate/admin-can-end", "live " + scope, "live " + scope}},
		"move":                    {by("laptop", "move", "alice"), [4]string{"any", "live " + network, "live " + network, "live " + network}},
		"note":                    {by("laptop", "note", "alice"), all("live " + one)},
		"read note":               {by("laptop", "read_note", "alice"), all("live " + pure)},
		"whoami":                  {by("laptop", "whoami", "alice"), all("live " + pure)},
		"count":                   {by("", "count_sessions", ""), all("live " + pure)},
		"visit":                   {by("laptop", "visit", "alice"), all("live " + pure)},
		"list":                    {by("laptop", "list_sessions", "alice"), all("live " + pure)},
		"step up":                 {self("laptop", "step_up", "alice"), [4]string{"any", "any", "live " + one, "live " + one}},
		"step up broken":          {broken(self("laptop", "step_up", "alice")), [4]string{"any", "any", "live " + one, "live " + one}},
		"sensitive":               {self("laptop", "sensitive", "alice"), all("live " + one)},
		"present":                 {self("laptop", "present", "alice"), [4]string{"any", "live " + one, "live " + one, "live " + one}},
		"revoke a stranger's":     {of(self("desk", "revoke_session", "bob"), "phone"), [4]string{"live " + foreign, "live " + foreign, "any", "live " + exact}},
		"revoke a stranger's, refused": {refused(of(self("desk", "revoke_session", "bob"), "phone")),
			[4]string{"live " + foreign, "live " + foreign, "any", "live " + exact}},
		"revoke a stranger's, broken": {broken(of(self("desk", "revoke_session", "bob"), "phone")),
			[4]string{"live " + foreign, "live " + foreign, "any", "live " + exact}},
		"revoke by an administrator": {of(self("office", "revoke_session", "admin"), "phone"),
			[4]string{"live " + exact, "any", "live " + exact, "any"}},
		"restart":                 {by("laptop", "restart_browser", "alice"), all("live " + one)},
		"a word it does not know": {by("laptop", "dance", "alice"), all("live " + one)},
	} {
		t.Run(name, func(t *testing.T) {
			w := New(Declared{}, people)
			after(w, everybody...)
			want := ""
			for i, cred := range []string{"laptop", "phone", "desk", "office"} {
				want += cred + " " + c.want[i] + "\n"
			}
			wants(t, w.Apply(c.event), want)
		})
	}
}

// TestSignInNewcomer: the one who signs in is the story's ground, the others
// are bystanders, and so says a sign-in that is not finished.
func TestSignInNewcomer(t *testing.T) {
	w := New(Declared{}, people)
	wants(t, after(w, everybody...), `
		laptop live frame/sign-in-keeps-others
		phone live frame/sign-in-keeps-others
		desk live frame/sign-in-keeps-others
		office live`)
	wants(t, after(w, half("tablet", "alice", "tablet")), `
		laptop live frame/sign-in-keeps-others
		phone live frame/sign-in-keeps-others
		desk live frame/sign-in-keeps-others
		office live frame/sign-in-keeps-others
		tablet pending stepup/first-factor-grants-nothing`)
}

// TestExpectNamesTheOwner: a live credential answers for whoever signed in with it.
func TestExpectNamesTheOwner(t *testing.T) {
	w := New(Declared{}, people)
	for _, x := range after(w, append(everybody, in("shared", "bob", "shared"))...) {
		want := map[string]string{"laptop": "alice", "phone": "alice", "desk": "bob", "office": "admin", "shared": "bob"}[x.Credential]
		if x.User != want {
			t.Errorf("%s answers for %q, want %q", x.Credential, x.User, want)
		}
	}
}
