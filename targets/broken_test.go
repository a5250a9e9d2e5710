package targets

import (
	"errors"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// minimal is a whole target file in six lines; the cases below add to it, so
// what they add begins in line 7.
const minimal = `name: x
base: http://127.0.0.1:1
operations:
  whoami:
    - {GET: /whoami, live: status == 200, name: $.user}
  sign_in: [{POST: /login, keep: {credential: $.token}}]
`

// step puts a step into an operation of its own: its first column is 13, in line 7.
func step(s string) string { return minimal + "  sign_out: [" + s + "]\n" }

// broken is a file that must be refused. The first complaint has to begin with
// want; grammar says that a schema is able to see the mistake as well.
type broken struct {
	name, in, want string
	grammar        bool
}

var brokenTargets = []broken{
	{"no mapping", "- a\n", "f.yaml:1:1: expected a mapping with name, title, ", true},
	{"only null", "---\n", "f.yaml:2:1: expected a mapping with name", true},
	{"nothing needed is there", "title: x\n", `f.yaml:1:1: missing key "name"`, true},
	{"unknown key at the top", minimal + "operatons: {}\n", `f.yaml:7:1: unknown key "operatons" (did you mean "operations"?)`, true},
	{"unknown key of a release", minimal + "releases:\n  a: {titel: x}\n", `f.yaml:8:7: unknown key "titel" (did you mean "title"?)`, true},
	{"unknown key of start", minimal + "start: {comand: x}\n", `f.yaml:7:8: missing key "command"`, true},
	{"unknown key of declares", minimal + "declares:\n  chnge_password: {}\n", `f.yaml:8:3: unknown key "chnge_password" (did you mean "change_password"?)`, true},
	{"unknown key of change_password", minimal + "declares: {change_password: {other: end}}\n", `f.yaml:7:30: unknown key "other" (did you mean "others"?)`, true},
	{"unknown word in declares", minimal + "declares: {disable: {sessions: suspended}}\n", `f.yaml:7:32: unknown value "suspended" (did you mean "suspend"?)`, true},
	{"unknown key of an account", minimal + "users: {admin: {user: a, pasword: b}}\n", `f.yaml:7:16: missing key "password"`, true},
	{"unknown key of a client", minimal + "clients: {cli: {operation: {}}}\n", `f.yaml:7:16: missing key "operations"`, true},
	{"unknown key of storage", minimal + "clients: {cli: {operations: {}, storage: {file: a, credential: $.x, path: b}}}\n", `f.yaml:7:69: unknown key "path"`, true},
	{"unknown key of a page", minimal + "pages: [{path: /, signd_in: a}]\n", `f.yaml:7:19: unknown key "signd_in" (did you mean "signed_in"?)`, true},
	{"unknown key of claim", minimal + "claim: {cokie: a}\n", `f.yaml:7:8: missing key "cookie"`, true},
	{"unknown operation", minimal + "  sign_of: [{GET: /}]\n", `f.yaml:7:3: unknown operation "sign_of" (did you mean "sign_in"?)`, true},
	{"operation that is no part of a file", minimal + "  visit: [{GET: /}]\n", `f.yaml:7:3: unknown operation "visit"`, true},
	{"unknown operation of a client", minimal + "clients: {cli: {operations: {whoami: [{exec: a, live: exit == 0}], sign_ot: [{exec: a}]}}}\n", `f.yaml:7:68: unknown operation "sign_ot" (did you mean "sign_out"?)`, true},
	{"unknown key of a route", step("{GET: /, pendng: status == 1}"), `f.yaml:7:23: unknown key "pendng" (did you mean "pending"?)`, true},
	{"unknown key of a route with steps", step("{steps: [{GET: /}], lve: status == 1}"), `f.yaml:7:34: unknown key "lve" (did you mean "live"?)`, true},
	{"unknown key of a step", step("{steps: [{GET: /, header: {}}]}"), `f.yaml:7:32: unknown key "header" (did you mean "headers"?)`, true},
	{"method in small letters", step("{get: /}"), `f.yaml:7:15: unknown key "get" (did you mean "GET"?)`, true},
	{"a step's key beside steps", step("{steps: [{GET: /}], keep: {a: $.a}}"), `f.yaml:7:34: unknown key "keep"`, true},
	{"registering that is no sign-in", step("{registers: true, GET: /}"), "f.yaml:7:14: `registers` belongs to a further route of sign_in", false},
	{"registering that is the only sign-in", "name: n\nbase: http://h\noperations:\n  whoami: {GET: /, live: status == 200}\n  sign_in: {registers: true, POST: /}\n", "f.yaml:5:12: `registers` belongs to a further route", false},
	{"by somebody else", step("{by: anybody, GET: /}"), `f.yaml:7:19: unknown value "anybody" (did you mean "nobody"?)`, true},
	{"two actions", step("{GET: /, exec: [a]}"), "f.yaml:7:14: a step does exactly one thing (a request, exec, websocket, stream, channel, drive, open, fill, click or wait); this one does 2", true},
	{"two methods", step("{GET: /, POST: /}"), "f.yaml:7:14: a step does exactly one thing", true},
	{"no action", step("{ok: status == 200}"), "f.yaml:7:14: a step does exactly one thing (a request, exec, websocket, stream, channel, drive, open, fill, click or wait); this one does 0", true},
	{"two bodies", step("{POST: /, json: {}, form: {}}"), "f.yaml:7:34: form beside json: a request has one body", true},
	{"body of a command", step("{exec: a, json: {}}"), "f.yaml:7:24: json goes with a request", true},
	{"query of a command", step("{exec: a, query: {a: b}}"), "f.yaml:7:24: query goes with a request", true},
	{"headers of a command", step("{exec: a, headers: {a: b}}"), "f.yaml:7:24: headers go with a request, a websocket or a stream", true},
	{"environment of a request", step("{GET: /, env: {A: b}}"), "f.yaml:7:23: env goes with exec", true},
	{"messages of a request", step("{GET: /, send: [1]}"), "f.yaml:7:23: send goes with websocket", true},
	{"empty command", step("{exec: []}"), "f.yaml:7:21: exec needs at least one word", true},
	{"empty start command", minimal + "start: {command: []}\n", "f.yaml:7:18: a command needs at least one word", true},
	{"path without a slash", step("{GET: health}"), `f.yaml:7:20: path "health" has to begin with /`, true},
	{"page without a slash", minimal + "pages: [{path: account}]\n", `f.yaml:7:16: path "account" has to begin with /`, true},
	{"step that is a text", step("{steps: [GET /]}"), "f.yaml:7:23: expected a step such as", true},
	{"operation without a route", minimal + "  sign_out: []\n", "f.yaml:7:13: sign_out: no route", true},
	{"route without a step", step("{steps: []}"), "f.yaml:7:14: a route without steps", true},
	{"browser step on the wire", step("{open: /}"), "f.yaml:7:14: a browser step (open, fill, click, wait) outside of clients.browser", false},
	{"browser step in provision", minimal + "provision: [{GET: /}, {click: a}]\n", "f.yaml:7:23: a browser step", false},
	{"live outside of whoami", step("{GET: /, live: status == 200}"), "f.yaml:7:29: `live` belongs to whoami", true},
	{"name outside of whoami", step("{GET: /, name: form}"), "f.yaml:7:29: expected a JSONPath that begins with $", true},
	{"whoami without live", minimal + "clients: {cli: {operations: {whoami: {exec: a}}}}\n", "f.yaml:7:38: whoami needs `live:`", true},
	{"without whoami", "name: x\nbase: http://127.0.0.1:1\noperations:\n  sign_in: {POST: /}\n", "f.yaml:4:3: operations need whoami", true},
	{"without sign_in", "name: x\nbase: http://127.0.0.1:1\noperations:\n  whoami: {GET: /, live: status == 200}\n", "f.yaml:4:3: operations need sign_in", true},
	{"without operations", "name: x\nbase: http://127.0.0.1:1\n", `f.yaml:1:1: missing key "operations"`, true},
	{"operations are a list", "name: x\nbase: http://127.0.0.1:1\noperations: []\n", "f.yaml:3:13: expected a mapping from operations to routes", true},
	{"driven without a driver", step("{drive: sign_out}"), "f.yaml:7:14: `drive` needs `driver:` in the file", false},
	{"a driver with nothing to do", minimal + "driver: {command: ./d}\n", "f.yaml:7:9: there is a driver, and no step has it `drive` anything", false},
	{"driven by an unknown word", step("{drive: sign_of}") + "driver: {}\n", `f.yaml:7:22: drive: "sign_of" is no operation (did you mean "sign_in"?)`, true},
	{"condition on a driver", step("{drive: sign_out, ok: status == 200}") + "driver: {}\n", "f.yaml:7:36: `ok` beside `drive`: the driver says what it came to", false},
	{"kept by a step that is driven", step("{drive: sign_out, keep: {a: $.a}}") + "driver: {}\n", "f.yaml:7:32: keep goes with an answer", false},
	{"unknown variable in a driver", step("{drive: sign_out}") + "driver: {command: [./d, '${prot}']}\n", `f.yaml:8:25: no value for ${prot} (did you mean "port"?)`, false},
	{"a value that no driver keeps", step("{drive: sign_out}, {route: b, GET: '/${tikcet}'}") + "driver: {keeps: ticket}\n", `f.yaml:7:49: no value for ${tikcet} (did you mean "ticket"?)`, false},
	{"duplicate route", step("{GET: /a}, {GET: /b}"), "f.yaml:7:25: sign_out: two routes are called \"get\"; give them names: `route: name`", false},
	{"duplicate key", minimal + "name: y\n", `f.yaml:7:1: key "name" stands here twice, first in line 1`, false},

	{"misspelt name in a condition", step("{GET: /, ok: stauts == 200}"), `f.yaml:7:27: condition: unknown name "stauts" (did you mean "status"?)`, false},
	{"misspelt name in quotes", step(`{GET: /, ok: "status == 200 and stauts == 200"}`), `f.yaml:7:46: condition: unknown name "stauts" (did you mean "status"?)`, false},
	{"misspelt function", step(`{GET: /, if: 'headr("A") == ""'}`), `f.yaml:7:28: condition: unknown name "headr" (did you mean "header"?)`, false},
	{"one equals sign", step("{GET: /, ok: status = 200}"), `f.yaml:7:34: condition: unexpected token Operator("=")`, false},
	{"condition that is a number", step("{GET: /, ok: status}"), "f.yaml:7:27: condition: expected bool, but got int", false},
	{"number against text", step("{GET: /, ok: status == '200'}"), "f.yaml:7:34: condition: invalid operation: == (mismatched types int and string)", false},
	{"condition that is a list", step("{GET: /, ok: [200]}"), "f.yaml:7:27: expected a condition such as `status == 200`", true},
	{"JSONPath in a condition", step(`{GET: /, ok: 'json("$.[") == 1'}`), `f.yaml:7:27: condition: JSONPath "$.["`, false},
	{"selector in a condition", step(`{GET: /, ok: 'css("#") == 1'}`), `f.yaml:7:27: condition: CSS selector "#"`, false},
	{"variable in a condition, unknown", step("{GET: /, keep: {state: $.s}, ok: vars.stat == 'x'}"), `f.yaml:7:47: no value for ${stat} (did you mean "state"?)`, false},
	{"variable in a condition, spelt as elsewhere", step("{GET: /, ok: 'body contains \"${user}\"'}"), "f.yaml:7:43: condition: variables are written vars.NAME here, not ${NAME}", true},
}

func TestBrokenTargetsAreRefused(t *testing.T) {
	for _, c := range append(brokenTargets, brokenValues...) {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("f.yaml", []byte(c.in))
			var errs yamlx.Errors
			if !errors.As(err, &errs) {
				t.Fatalf("accepted, or an error without a place: %v", err)
			}
			if !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("want %s\ngot  %v", c.want, err)
			}
		})
	}
}

func TestTheMinimalTargetIsGood(t *testing.T) {
	if _, err := Parse("f.yaml", []byte(minimal)); err != nil {
		t.Fatal(err)
	}
	if _, err := Parse("f.yaml", []byte(step("{DELETE: /}"))); err != nil {
		t.Fatal(err)
	}
}

// An anchor that is used three times is one mistake in one place.
func TestAnAliasBringsAMistakeUpOnce(t *testing.T) {
	_, err := Parse("f.yaml", []byte(step("{steps: [&s {GET: '/${nobody}'}, *s, *s]}")))
	var errs yamlx.Errors
	if !errors.As(err, &errs) || len(errs) != 1 {
		t.Fatalf("want one complaint, got %v", err)
	}
}
