package targets

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const withStandIn = `
name: product
vars: {url: "", tool: "docker compose exec product tool", plain_words: x}
releases: {"1.0": {title: the old one}, "2.0": {title: the new one}}
default_release: "2.0"
base: ${url}
stand_in:
  vars: {plant: "", tool: "${self} tool --port ${port} --plant=${plant}"}
  start: {command: ["${self}", serve, --plant, "${plant}", --tool, "${tool}"], ready: GET /}
  base: http://127.0.0.1:${port}
operations:
  whoami: {GET: /me, live: status == 200}
  sign_in: {POST: "/in"}
`

// product writes the file and loads it.
func product(t *testing.T, text, release string, set map[string]string) (*Target, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "product.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if release != "" {
		file += "@" + release
	}
	ts, err := Load(file, set)
	if err != nil {
		return nil, err
	}
	return ts[0], nil
}

func TestWithoutAServerTheStandInIsPlayed(t *testing.T) {
	x, err := product(t, withStandIn, "", map[string]string{"plant": "a/b"})
	if err != nil {
		t.Fatal(err)
	}
	if !x.Imitation() || x.Release != "" || !strings.Contains(x.Instead(), "--set url=... names a server") {
		t.Errorf("imitation %v, release %q: %s", x.Imitation(), x.Release, x.Instead())
	}
	if err := x.place(StartOptions{Self: "/bin/it", Cache: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	port := x.Vars["port"]
	if port == "" || x.Base != "http://127.0.0.1:"+port || x.Vars["tool"] != "/bin/it tool --port "+port+" --plant=a/b" || x.Vars["plant"] != "a/b" {
		t.Errorf("%s %v", x.Base, x.Vars)
	}
	cmd, err := x.command(x.Launch)
	if err != nil || strings.Join(cmd.Args, " ") != "/bin/it serve --plant a/b --tool /bin/it tool --port "+port+" --plant=a/b" {
		t.Errorf("%v %v", cmd, err)
	}
}

func TestAServerGivenIsTheTarget(t *testing.T) {
	x, err := product(t, withStandIn, "1.0", map[string]string{"url": "http://127.0.0.1:8080/"})
	if err != nil {
		t.Fatal(err)
	}
	if x.Imitation() || x.Launch != nil || x.Release != "1.0" || x.Instead() != "" {
		t.Errorf("imitation %v, release %q", x.Imitation(), x.Release)
	}
	if err := x.place(StartOptions{Cache: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	if x.Base != "http://127.0.0.1:8080" || x.Vars["tool"] != "docker compose exec product tool" {
		t.Errorf("%s %v", x.Base, x.Vars)
	}
}

func TestWhatOnlyTheStandInTakes(t *testing.T) {
	for name, c := range map[string]struct {
		release string
		set     map[string]string
		want    string
	}{
		"a fault for a real server":  {"", map[string]string{"url": "http://127.0.0.1:1", "plant": "a/b"}, "--set plant"},
		"a release of the stand-in":  {"1.0", nil, "--set url=..."},
		"no such release either way": {"3.0", nil, `no release "3.0"`},
		"a word of nobody's":         {"", map[string]string{"tol": "x"}, `did you mean "tool"`},
	} {
		if _, err := product(t, withStandIn, c.release, c.set); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMistakesInStandIns(t *testing.T) {
	for want, change := range map[string][2]string{
		"would never be played":              {"base: ${url}", "base: http://127.0.0.1:1"},
		"needs no `stand_in`":                {"base: ${url}", "base: ${url}\nstart: {command: [x]}"},
		"no value for ${prot}":               {"--port ${port}", "--port ${prot}"},
		"no value for ${more}":               {`plant: ""`, `plant: "", more: "${port}", most: "${more}"`},
		"no value for ${plannt}":             {`"${plant}"`, `"${plannt}"`},
		"is no http or https address":        {"base: http://127.0.0.1:${port}", "base: ftp://x"},
		"expected a request such as":         {"ready: GET /", "ready: /"},
		"no value for ${plant}":              {`"/in"`, `"/in/${plant}"`}, // a real server has none
		`the variable "work" is sessionspec`: {`plant: ""`, `plant: "", work: x`},
	} {
		if !strings.Contains(withStandIn, change[0]) {
			t.Fatalf("%q is not in the file", change[0])
		}
		_, err := product(t, strings.Replace(withStandIn, change[0], change[1], 1), "", nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
