package targets

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEveryTargetThatShipsLoads(t *testing.T) {
	names := Names()
	for _, want := range []string{"reference-web", "reference-two-cookie", "reference-app", "reference-bearer", "reference-realtime", "django-allauth-app", "django-allauth-browser",
		"axum-login-app", "chainlit-app", "django-auth-app", "express-session-app", "flask-login-app", "php-native-app", "scs-app", "sinatra-app", "spring-security-app"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not among %v", want, names)
		}
	}
	for _, n := range names {
		ts, err := Load(n, nil)
		if err != nil {
			t.Errorf("%s: %v", n, err)
			continue
		}
		if len(ts) != 1 || !ts[0].Trusted || ts[0].Name != n {
			t.Errorf("%s: %d targets, %+v", n, len(ts), ts[0].Name)
		}
	}
}

func TestAFolderStandsForAllItsTargets(t *testing.T) {
	ts, err := Load("reference", map[string]string{"plant": "a/b"})
	files, _ := filepath.Glob("reference/*.yaml")
	if err != nil || len(ts) != len(files) || len(ts) == 0 {
		t.Fatalf("%d targets, %v", len(ts), err)
	}
	for _, x := range ts {
		if x.Vars["plant"] != "a/b" {
			t.Errorf("%s: plant %q", x.Name, x.Vars["plant"])
		}
	}
}

func TestReleasesFillInVariables(t *testing.T) {
	for name, want := range map[string][2]string{
		"django-allauth-app@64.0.0":       {"64.0.0", "64.0.0"},
		"django-allauth-app":              {"latest", ""},
		"django-allauth-app@latest+ghost": {"latest+ghost", ""},
	} {
		ts, err := Load(name, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r := ts[0]; r.Release != want[0] || want[1] != "" && r.Vars["version"] != want[1] || r.Vars["version"] == "" {
			t.Errorf("%s: release %q, version %q", name, r.Release, r.Vars["version"])
		}
	}
	ts, err := Load("django-allauth-app@64.0.0", map[string]string{"version": "1", "port": "99"})
	if err != nil || ts[0].Vars["version"] != "1" || ts[0].Vars["port"] != "99" {
		t.Errorf("--set comes after the release: %v", err)
	}
}

// TestAReleaseMayLackAnOperation: with it the target has the operation, without
// it says that it has none, and so do its kinds of client.
func TestAReleaseMayLackAnOperation(t *testing.T) {
	file := write(t, "x.yaml", minimal+"  rename: {POST: /}\nclients: {cli: {operations: {rename: {exec: a}}}}\n"+
		"declares: {without: [note]}\nreleases: {old: {without: [rename]}, new: {}}\n")
	for release, has := range map[string]bool{"old": false, "new": true} {
		ts, err := Load(file+"@"+release, nil)
		if err != nil {
			t.Fatal(err)
		}
		x := ts[0]
		if got := len(x.Operations["rename"]) > 0; got != has || x.Without("rename") == has || !x.Without("note") {
			t.Errorf("%s: has %v, without %v", release, got, x.Declares.Without)
		}
		if got := len(x.Clients["cli"].Operations["rename"]) > 0; got != has {
			t.Errorf("%s: its command line has %v", release, got)
		}
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestMistakesOnTheCommandLine(t *testing.T) {
	file := write(t, "one.yaml", minimal)
	needs := write(t, "two.yaml", minimal+"releases: {a: {vars: {v: 1}}, b: {vars: {v: 2}}}\n")
	empty := t.TempDir()
	for _, c := range []struct {
		name string
		set  map[string]string
		want string
	}{
		{"refrence", nil, `no target "refrence" (did you mean "reference"?); there are axum-login, `},
		{"reference-wbe", nil, `no target "reference-wbe" (did you mean "reference-web"?)`},
		{"django-allauth-app@65.0", nil, `targets/django-allauth/app.yaml: target django-allauth-app has no release "65.0" (did you mean "64.0.0"?); there are 64.0.0, `},
		{"reference-web@latest", nil, "targets/reference/web.yaml: target reference-web has no releases, so @latest means nothing"},
		{"reference-web@", nil, "--target reference-web@: no release after the @"},
		{"reference-web", map[string]string{"plnat": "x"}, `--set plnat: target reference-web has no such variable (did you mean "plant"?); it has admin_key, plant, second_factor, port`},
		{file, map[string]string{"a": "b"}, "--set a: target x has no such variable; it has port"},
		{file + "@1", nil, file + ": target x has no releases, so @1 means nothing"},
		{needs, nil, needs + ": target x has no value for ${v}: name a release, as in x@a; there are a, b"},
		{filepath.Join(empty, "a.yaml"), nil, "target file " + filepath.Join(empty, "a.yaml") + ": no such file or directory"},
		{empty, nil, "no target files (*.yaml) in " + empty},
		{write(t, "bad.yaml", minimal+"tilte: x\n"), nil, `bad.yaml:7:1: unknown key "tilte" (did you mean "title"?)`},
	} {
		_, err := Load(c.name, c.set)
		var u *UsageError
		if !errors.As(err, &u) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v\nwant %s\ngot  %v", c.name, c.set, c.want, err)
		}
	}
}

func TestPathsWithOddCharacters(t *testing.T) {
	for _, name := range []string{"[a].yaml", "a@b.yaml", "a*.yaml", "x.yml"} {
		file := write(t, name, minimal)
		ts, err := Load(file, nil)
		if err != nil || len(ts) != 1 || ts[0].Trusted {
			t.Errorf("%s: %v", name, err)
		}
	}
	file := write(t, "a.yaml", minimal+"releases: {'1@2': {}}\n")
	at := filepath.Join(filepath.Dir(file), "dir@1")
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file, filepath.Join(at, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	if ts, err := Load(at, nil); err != nil || len(ts) != 1 {
		t.Errorf("folder with an @: %v", err)
	}
	if ts, err := Load(filepath.Join(at, "a.yaml"), nil); err != nil || len(ts) != 1 {
		t.Errorf("file in a folder with an @: %v", err)
	}
}

func TestARoutesOwnVariables(t *testing.T) {
	ts, err := Load("django-allauth-app", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, ok := ts[0].Operations["sign_in"].Route("code")
	if !ok || !slices.Contains(r.Refs(), "mailed_code") || slices.Contains(r.Refs(), "password") {
		t.Errorf("%v %v", ok, r.Refs())
	}
	if r, _ := ts[0].Operations["sign_in_partial"].Route("address"); !slices.Contains(r.Refs(), "pending_flow") {
		t.Errorf("conditions use variables too: %v", r.Refs())
	}
}
