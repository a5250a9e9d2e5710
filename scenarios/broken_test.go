package scenarios

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// minimal is a whole scenario in eight lines; steps go on in line 9.
const minimal = `title: t
tests: [frame/one]
clients:
  laptop: alice
  desk: {user: bob}
  office: admin
story:
  - sign_in: laptop
`

const oneRequirement = "one:\n  statement: s\n  level: must\n  channel: wire\n"

type broken struct {
	name, in, want string
	grammar        bool // a schema is able to see it
}

// client puts a long client into the cast, in line 5 from column 9 on.
func client(s string) string { return strings.Replace(minimal, "{user: bob}", s, 1) }

var brokenScenarios = []broken{
	{"no mapping", "[]\n", "s/frame/x.yaml:1:1: expected a mapping with title, tests, needs, serial, once, clients, story, generate, unscripted, found a list", true},
	{"unknown key", minimal + "storry: []\n", `s/frame/x.yaml:9:1: unknown key "storry" (did you mean "story"?)`, true},
	{"no title", strings.Replace(minimal, "title: t", "serial: true", 1), `s/frame/x.yaml:1:1: missing key "title"`, true},
	{"no tests", strings.Replace(minimal, "tests: [frame/one]", "serial: true", 1), `s/frame/x.yaml:1:1: missing key "tests"`, true},
	{"tests nothing", strings.Replace(minimal, "[frame/one]", "[]", 1), "s/frame/x.yaml:2:8: a scenario tests at least one requirement", true},
	{"unknown requirement", strings.Replace(minimal, "[frame/one]", "[frame/one, frame/on]", 1), `s/frame/x.yaml:2:20: unknown requirement "frame/on" (did you mean "frame/one"?)`, false},
	{"unknown requirement, alone", strings.Replace(minimal, "[frame/one]", "frame/eno", 1), `s/frame/x.yaml:2:8: unknown requirement "frame/eno" (did you mean "frame/one"?)`, false},
	{"unknown need", "needs: [cookies, conection]\n" + minimal, `s/frame/x.yaml:1:18: unknown value "conection" (did you mean "connection"?); expected one of cookies, `, true},
	{"unknown need, alone", "needs: page\n" + minimal, `s/frame/x.yaml:1:8: unknown value "page" (did you mean "pages"?)`, true},
	{"serial perhaps", "serial: perhaps\n" + minimal, `s/frame/x.yaml:1:9: expected true or false, found "perhaps"`, true},

	{"no clients", "title: t\ntests: frame/one\nclients: {}\nstory: [sign_in: a]\n", "s/frame/x.yaml:3:10: expected a mapping from client names to users", true},
	{"clients are a list", "title: t\ntests: frame/one\nclients: [a]\nstory: [sign_in: a]\n", "s/frame/x.yaml:3:10: expected a mapping from client names to users", true},
	{"client name", strings.Replace(minimal, "clients:", "clients:\n  Lap-top: alice", 1), `s/frame/x.yaml:4:3: client name "Lap-top": small letters and digits only`, true},
	{"user name", client("Bob-1"), `s/frame/x.yaml:5:9: user name "Bob-1": small letters and digits only`, true},
	{"user name in a mapping", client("{user: Bob}"), `s/frame/x.yaml:5:16: user name "Bob": small letters and digits only`, true},
	{"client that is nothing", client(""), "s/frame/x.yaml:5:8: expected a mapping with user, in, ", true},
	{"unknown key of a client", client("{user: bob, adress: laptop}"), `s/frame/x.yaml:5:21: unknown key "adress" (did you mean "address"?)`, true},
	{"address out in the world", client("{user: bob, address: 10.0.0.1}"), `s/frame/x.yaml:5:30: address "10.0.0.1" is neither a loopback address (127.0.0.0/8) nor the name of a client`, false},
	{"address of the wrong family", client(`{user: bob, address: "::1"}`), `s/frame/x.yaml:5:30: address "::1" is neither`, false},
	{"address of nobody", client("{user: bob, address: labtop}"), `s/frame/x.yaml:5:30: address "labtop" is neither a loopback address (127.0.0.0/8) nor the name of a client (did you mean "laptop"?)`, false},
	{"connection of nobody", client("{user: bob, connection: mising}"), `s/frame/x.yaml:5:33: no client "mising" in this scenario`, false},
	{"connection that is a list", client("{user: bob, connection: []}"), "s/frame/x.yaml:5:33: expected missing, empty, null or the name of a client", true},
	{"third party of no browser", client("{user: bob, third_party: allow}"), "s/frame/x.yaml:5:34: third_party is for a client that is `in: browser`", false},
	{"third party perhaps", client("{user: bob, in: browser, third_party: some}"), `s/frame/x.yaml:5:47: unknown value "some"; expected one of allow, block`, true},
	{"header of nobody", client("{user: bob, headers: {A: '${lap.address}'}}"), `s/frame/x.yaml:5:34: no value for ${lap.address} (did you mean "laptop.address"?)`, false},

	{"story that is a mapping", strings.Replace(minimal, "  - sign_in: laptop", "  sign_in: laptop", 1), "s/frame/x.yaml:8:3: expected a list of steps", true},
	{"story without steps", strings.Replace(minimal, "  - sign_in: laptop", "  []", 1), "s/frame/x.yaml:8:3: expected a list of steps", true},
	{"unknown operation", minimal + "  - sign_of: laptop\n", `s/frame/x.yaml:9:5: unknown operation "sign_of" (did you mean "sign_in"?)`, true},
	{"step that is a text", minimal + "  - sign_out\n", "s/frame/x.yaml:9:5: expected one operation, such as `sign_in: laptop`", true},
	{"two operations in a step", minimal + "  - sign_out: laptop\n    sign_in: laptop\n", "s/frame/x.yaml:9:5: expected one operation", true},
	{"unknown client", minimal + "  - sign_out: labtop\n", `s/frame/x.yaml:9:15: no client "labtop" in this scenario (did you mean "laptop"?); there are laptop, desk, office`, false},
	{"unknown client in a mapping", minimal + "  - sign_out: {by: labtop}\n", `s/frame/x.yaml:9:20: no client "labtop" in this scenario`, false},
	{"unknown second client", minimal + "  - revoke_session: {by: laptop, of: dask}\n", `s/frame/x.yaml:9:38: no client "dask" in this scenario (did you mean "desk"?)`, false},
	{"unknown key of a step", minimal + "  - sign_out: {by: laptop, expct: any}\n", `s/frame/x.yaml:9:28: unknown key "expct" (did you mean "expect"?)`, true},
	{"unknown outcome", minimal + "  - sign_out: {by: laptop, expect: refusd}\n", `s/frame/x.yaml:9:36: unknown value "refusd" (did you mean "refused"?)`, true},
	{"nobody acts", minimal + "  - sign_out:\n", "s/frame/x.yaml:9:5: sign_out: who does it? Write `sign_out: client`", true},
	{"nobody acts on an account", minimal + "  - disable: {user: alice}\n", "s/frame/x.yaml:9:5: disable: who does it?", true},
	{"list of clients", minimal + "  - sign_out: [laptop, desk]\n", "s/frame/x.yaml:9:15: expected a client or a mapping with by, ", true},
	{"revoked, but whose", minimal + "  - revoke_session: laptop\n", "s/frame/x.yaml:9:5: revoke_session needs `of: client`", true},
	{"of without a use", minimal + "  - sign_out: {by: laptop, of: desk}\n", "s/frame/x.yaml:9:28: sign_out takes no `of`; it takes by, expect, optional, route", true},
	{"user without a use", minimal + "  - sign_out: {by: laptop, user: bob}\n", "s/frame/x.yaml:9:28: sign_out takes no `user`", true},
	{"wrong without a password", minimal + "  - sign_out: {by: laptop, wrong: true}\n", "s/frame/x.yaml:9:28: sign_out takes no `wrong`", true},
	{"frames of no browser", minimal + "  - embed: {by: laptop, of: desk}\n", "s/frame/x.yaml:9:5: embed is for browsers", false},
	{"window without a forgery", minimal + "  - sign_out: {by: laptop, window: true}\n", "s/frame/x.yaml:9:28: sign_out takes no `window`", true},
	{"restore without a restart", minimal + "  - visit: {by: laptop, restore: true}\n", "s/frame/x.yaml:9:25: visit takes no `restore`", true},
	{"route of what the player does", minimal + "  - whoami: {by: laptop, route: a}\n", "s/frame/x.yaml:9:26: whoami takes no `route`", true},
	{"nobody of that name", minimal + "  - disable: {by: office, user: alise}\n", `s/frame/x.yaml:9:33: nobody is called "alise" here (did you mean "alice"?)`, false},
	{"name of a new user", minimal + "  - create_user: {by: office, user: Dave X}\n", `s/frame/x.yaml:9:37: user name "Dave X": small letters and digits only`, true},
	{"count beside others", minimal + "  - count_sessions:\n", "s/frame/x.yaml:9:5: count_sessions looks at the whole target", false},

	{"duplicate client", strings.Replace(minimal, "clients:", "clients:\n  desk: alice", 1), `s/frame/x.yaml:6:3: key "desk" stands here twice, first in line 4`, false},
	{"second document", minimal + "---\n" + minimal, "s/frame/x.yaml:9:1: a second document begins here", false},
	{"tab", minimal + "\t- sign_out: laptop\n", "s/frame/x.yaml:9:1: found a tab character that violates indentation; the line is indented by a tab", false},
	{"empty", "", "s/frame/x.yaml:1:1: the file is empty", false},
}

func load(files map[string]string) (*Library, error) {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Load(Source{"s", m})
}

func TestBrokenScenariosAreRefused(t *testing.T) {
	for _, c := range brokenScenarios {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(map[string]string{"frame/requirements.yaml": oneRequirement, "frame/x.yaml": c.in})
			var errs yamlx.Errors
			if !errors.As(err, &errs) || !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("want %s\ngot  %v", c.want, err)
			}
		})
	}
}

func TestGoodScenarios(t *testing.T) {
	for name, more := range map[string]string{
		"minimal":              "",
		"a user made on stage": "  - create_user: {by: office, user: dave}\n  - disable: {by: office, user: dave}\n  - sign_in: {by: desk, user: dave}\n",
		"move alone":           "  - move: laptop\n",
		"move to another":      "  - move: {by: laptop, of: desk}\n",
		"revoking oneself":     "  - revoke_session: {by: laptop, of: laptop}\n",
		"a refused one":        "  - sign_in: {by: laptop, wrong: yes, expect: refused}\n",
		"restored":             "  - restart_browser: {by: laptop, restore: true}\n",
		"counted":              "  - count_sessions:\n  - count_sessions: office\nserial: true\n",
		"with needs":           "needs: [connection, pages]\n",
	} {
		lib, err := load(map[string]string{"frame/requirements.yaml": oneRequirement, "frame/x.yaml": minimal + more})
		if err != nil || len(lib.Scenarios) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []string{"{user: bob, in: firefox}", "{user: bob, in: browser, third_party: block}", "bob", "{}", "{user: bob, connection: null}", "{user: bob, connection: ~}", "{user: bob, connection: laptop, address: laptop}",
		"{user: bob, address: 127.0.0.3, strip: X-A, headers: {A: '${laptop.address} ${laptop.account} ${desk.address}'}}"} {
		if _, err := load(map[string]string{"frame/requirements.yaml": oneRequirement, "frame/x.yaml": client(c)}); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
}

// Words that YAML 1.1 took for truth values are names like any other.
func TestNamesThatWereTruthValues(t *testing.T) {
	lib, err := load(map[string]string{"frame/requirements.yaml": oneRequirement, "frame/x.yaml": `title: yes
tests: [frame/one]
clients: {on: no, y: off, true: false}
story: [{sign_in: on}, {sign_in: y}, {sign_in: true}]
`})
	if err != nil {
		t.Fatal(err)
	}
	s := lib.Scenarios[0]
	if c, ok := s.Story.Client("on"); !ok || c.User != "no" || s.Title != "yes" || s.Story.Steps[1].Client != "y" || s.Story.Steps[2].Client != "true" {
		t.Errorf("%+v", s)
	}
}
