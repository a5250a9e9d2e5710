package judge

import (
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// What could not have failed is no check: a story that gives no occasion must
// not count as a pass.
func TestNoOccasionNoCheck(t *testing.T) {
	signed := func() *tale { return tell("laptop=alice", "desk=bob").do("sign_in", "laptop") }
	for name, c := range map[string]struct {
		tale  *tale
		terms Terms
		id    string
	}{
		"creation with nobody signed in":   {tell("office=admin").do("create_user", "office", user("carol")), Terms{}, "frame/create-user-keeps-sessions"},
		"creation with the actor alone":    {tell("office=admin").do("sign_in", "office").do("create_user", "office", user("carol"), acted), Terms{}, "frame/create-user-keeps-sessions"},
		"creation not by the own session":  {tell("office=admin").do("sign_in", "office").do("create_user", "office", user("carol")), Terms{}, keepsActor},
		"the only sign-in":                 {signed(), Terms{}, "frame/sign-in-keeps-others"},
		"a sign-out with no bystander":     {signed().do("sign_out", "laptop"), Terms{}, "frame/sign-out-keeps-others"},
		"a failed sign-in, nobody live":    {tell("laptop=alice").do("sign_in", "laptop", refused), Terms{}, "frame/failed-sign-in-changes-nothing"},
		"a sign-out of nothing":            {tell("laptop=alice").do("sign_out", "laptop"), Terms{}, kills},
		"a live sign-out":                  {signed().do("sign_out", "laptop"), Terms{}, idempotent},
		"a change with one session":        {signed().do("change_password", "laptop", acted), Terms{}, "terminate/credential-change-ends-others"},
		"a disabled account, signed out":   {tell("laptop=alice").do("disable", "laptop"), Terms{}, "terminate/account-end-kills-all"},
		"another's account, nobody else":   {signed().do("disable", "laptop"), Terms{}, "frame/account-change-scope"},
		"a new account of a new name":      {signed().do("create_user", "laptop", user("carol")), Terms{}, "isolate/no-identity-reuse"},
		"undeclared move":                  {tell("laptop=alice").do("sign_in", "laptop").do("move", "laptop"), Terms{}, "nothing"},
		"nobody live at the address":       {tell("laptop=alice").do("whoami", "laptop"), Terms{}, byNetwork},
		"whoami that names nobody":         {tell("laptop=alice").do("sign_in", "laptop", gets(""), answer("alice.laptop#1", history.Answer{State: history.Live})), Terms{}, oneIdentity},
		"one cookie":                       {tell("laptop=alice").do("sign_in", "laptop", cookies(0)), Terms{}, sameLife},
		"cookies that present nothing":     {tell("laptop=alice").do("sign_in", "laptop", jar(history.JarCookie{Name: "a"}, history.JarCookie{Name: "b"})), Terms{}, sameLife},
		"two cookies, sign-in refused":     {tell("laptop=alice").do("sign_in", "laptop", refused, cookies(0, 0)), Terms{}, sameLife},
		"two cookies of a sign-out":        {tell("laptop=alice").do("sign_out", "laptop", cookies(0, 0)), Terms{}, sameLife},
		"a visit without whoami":           {signed().do("visit", "laptop", page("/", "in", true)), Terms{}, reachable},
		"a visit of a dead session":        {signed().do("visit", "laptop", self(dead), page("/", "out", false)), Terms{}, reachable},
		"a visit to no page":               {signed().do("visit", "laptop", self(liveAs("alice"))), Terms{}, reachable},
		"a page that says nothing":         {signed().do("visit", "laptop", self(liveAs("alice")), set(func(o *history.Op) { o.Visits = []history.Visit{{Path: "/"}} })), Terms{}, reachable},
		"a restart without whoami":         {signed().do("restart_browser", "laptop", page("/", "in", true)), Terms{}, restartPlain},
		"a restart that nobody speaks of":  {signed().do("restart_browser", "laptop", self(dead), page("/", "", false)), Terms{}, restartPlain},
		"a restart with restore":           {signed().do("restart_browser", "laptop", restore, self(dead), page("/", "out", false)), Terms{}, restartPlain},
		"persistence of nobody's session":  {tell("laptop=alice").do("restart_browser", "laptop", self(dead)), Terms{Persistence: "persistent"}, restartPlain},
		"a disk that never held anything":  {tell("shell=alice").do("sign_out", "shell", stored(false)), Terms{}, clearStorage},
		"a sign-out with no disk":          {signed().do("sign_out", "laptop"), Terms{}, clearStorage},
		"a sign-out that was refused":      {tell("laptop=alice").do("sign_out", "laptop", refused), Terms{}, noGhost},
		"strangers get sessions":           {signed().do("sign_out", "laptop", offers("x")), Terms{AnonymousSessions: true}, noGhost},
		"a command's sign-out":             {tell("shell=alice").do("sign_out", "shell", set(func(o *history.Op) { o.Events = []history.Event{{Exec: &history.Exec{}}} })), Terms{}, noGhost},
		"counted once":                     {tell("laptop=alice").do("count_sessions", "", counted(1)), Terms{}, noGhost},
		"counted, nobody signed out":       {tell("laptop=alice").do("count_sessions", "", counted(1)).do("sign_in", "laptop").do("count_sessions", "", counted(9)), Terms{}, noGhost},
		"reading with nobody's note":       {signed().do("read_note", "laptop"), Terms{}, dataPer},
		"reading the own note":             {signed().do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a")), Terms{}, dataPer},
		"reading refused":                  {signed().do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a")).do("read_note", "desk", refused), Terms{}, dataPer},
		"a note that could not be written": {signed().do("note", "laptop", wrote("a"), refused).do("read_note", "desk"), Terms{}, dataPer},
	} {
		t.Run(name, func(t *testing.T) {
			r := Judge(c.tale.p, c.terms)
			for _, f := range r.Findings {
				if f.Requirement == c.id {
					t.Fatalf("%s", all(r))
				}
			}
			if n := r.Checks[c.id]; n != 0 {
				t.Errorf("%s was checked %d times: %s", c.id, n, all(r))
			}
		})
	}
}

// What could have failed is counted, once for each time.
func TestChecksAreCounted(t *testing.T) {
	signed := tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("sign_in", "desk")
	for name, c := range map[string]struct {
		tale *tale
		id   string
		n    int
	}{
		"a name for each live answer":    {signed, oneIdentity, 3},
		"a stranger for each live one":   {signed, byNetwork, 3},
		"a sign-out of nothing":          {tell("laptop=alice").do("sign_out", "laptop"), noGhost, 1},
		"a sign-out and the dead answer": {tell("laptop=alice").do("sign_in", "laptop").do("sign_out", "laptop"), noGhost, 2},
		"a ghost is one, too":            {tell("laptop=alice").do("sign_out", "laptop", offers("boo-boo")), noGhost, 1},
		"a count": {tell("laptop=alice").do("count_sessions", "", counted(1)).do("sign_in", "laptop").do("sign_out", "laptop").
			do("count_sessions", "", counted(1)), noGhost, 4},
		"one that reads nothing beside another's note": {tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("sign_in", "desk").
			do("note", "laptop", wrote("a")).do("note", "desk", wrote("b")).do("read_note", "desk", read("b")).do("whoami", "desk").do("read_note", "laptop"), dataPer, 1},
		"one that reads nothing of its former session": {tell("laptop=alice").do("sign_in", "laptop").do("note", "laptop", wrote("a")).
			do("read_note", "laptop", read("a")).do("sign_out", "laptop").do("sign_in", "laptop").do("read_note", "laptop"), dataPer, 1},
		"one that reads nothing behind the same address": {behindOne(), dataPer, 0},
		"pages": {tell("laptop=alice").do("sign_in", "laptop").do("visit", "laptop", self(liveAs("alice")), page("/", "in", true), page("/b", "", true)), reachable, 2},
	} {
		t.Run(name, func(t *testing.T) {
			if r := Judge(c.tale.p, Terms{}); r.Checks[c.id] != c.n {
				t.Errorf("want %d of %s: %s", c.n, c.id, all(r))
			}
		})
	}
}

func behindOne() *tale {
	p := tell("laptop=alice", "desk=bob")
	p.client("desk").Address = p.client("laptop").Address
	return p.do("sign_in", "laptop").do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a")).do("sign_in", "desk").do("read_note", "desk")
}

// How long a cookie lives is told to the second.
func TestLifeInWords(t *testing.T) {
	if got := life(history.JarCookie{Persistent: true, Expires: epoch.Add(90*time.Second + 400*time.Millisecond)}, epoch); got != "lives for 1m30s" {
		t.Error(got)
	}
}
