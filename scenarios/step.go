package scenarios

import (
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

type step struct {
	story.Step
	key, value *yamlx.Node
	branches   branches
}

type steps []step

// stepFile is the long form of a step.
type stepFile struct {
	// By is the client who acts.
	By string `yaml:"by"`
	// User is the account acted on, where it is not the client's own.
	User string `yaml:"user"`
	// Of is a second client: whose session is revoked, whose address is taken.
	Of string `yaml:"of"`
	// Route fixes one of the target's routes for the operation.
	Route string `yaml:"route"`
	// Expect is what the operation has to come to: ok (default), refused or any.
	Expect string `yaml:"expect,oneof=ok|refused|any"`
	// Wrong asks for a wrong password.
	Wrong bool `yaml:"wrong"`
	// Unanswered leaves out the password that the operation asks for once more.
	Unanswered bool `yaml:"unanswered"`
	// Fill repeats a sign-in until the account has as many sessions as the target declares to be the most.
	Fill bool `yaml:"fill"`
	// Former is the user whose name of before the renamed account gets.
	Former string `yaml:"former"`
	// Times repeats a sign-in, each from an empty jar, or redeems one thing so often at once.
	Times int `yaml:"times"`
	// AtOnce makes the sign-ins of `times` at the same time, in turn for the users of all clients.
	AtOnce bool `yaml:"at_once"`
	// To is the role that the account gets.
	To string `yaml:"to,oneof=user|admin"`
	// Restore starts the browser with its last session restored.
	Restore bool `yaml:"restore"`
	// How is what a present does with what the client holds, or what kind of value a plant invents.
	How string `yaml:"how,oneof=loss|mix|twin|malformed|tampered|neighbours|injection|lookalike|elsewhere|handles|artefacts|origins"`
	// With sends, instead of what the client holds: what it held at its last refresh, or a copy from before its sign-out.
	With string `yaml:"with,oneof=spent|copy"`
	// Does is the operation whose form is filled in.
	Does string `yaml:"does"`
	// Window forges once more when the cookies are older than the two minutes in which Chrome is lax.
	Window bool `yaml:"window"`
	// Hold keeps back, in a branch of a parallel step, the last byte of the request that acts until the other branches are at their end.
	Hold bool `yaml:"hold"`
	// Branches are played at once, each in its order; two to four, of at most six steps.
	Branches branches `yaml:"branches"`
	// Optional steps are left out where the target does not offer the operation.
	Optional bool `yaml:"optional"`
}

var stepKeys = []string{"by", "user", "of", "route", "expect", "wrong", "unanswered", "fill", "former", "times", "at_once", "to", "restore", "how", "with", "does", "window", "hold", "branches", "optional"}

// takes lists the keys that the long form of an operation may hold.
func takes(op story.Op) []string {
	if op.Name == story.Parallel {
		return []string{"branches", "times"}
	}
	keys := []string{"by", "expect", "optional"}
	add := func(key string, when bool) {
		if when {
			keys = append(keys, key)
		}
	}
	add("route", !op.Local)
	add("of", op.Of || op.Name == "move" || op.Name == "plant" || op.Name == "redeem")
	add("user", op.Account || op.Name == "sign_in" || op.Name == "sign_in_partial")
	add("wrong", op.Name == "sign_in" || op.Name == "sign_in_partial" || op.Name == "change_password" || proves(op))
	add("unanswered", proves(op))
	add("fill", op.Name == "sign_in")
	add("former", op.Name == "rename")
	add("times", op.Name == "sign_in" || op.Name == "redeem")
	add("at_once", op.Name == "sign_in")
	add("to", op.Name == "set_role")
	add("restore", op.Name == "restart_browser")
	add("of", op.Name == "present")
	add("with", op.Name == "refresh")
	add("does", does(op.Name))
	add("window", op.Name == "forge")
	add("how", op.Name == "present" || op.Name == "plant")
	add("hold", op.Branch && !op.Local)
	return keys
}

// proves tells whether the operation may ask for a factor once more.
func proves(op story.Op) bool { return op.Name == "revoke_session" || op.Name == "step_up" }

// does tells whether the operation is about the form of another one.
func does(op string) bool { return op == "begin_form" || op == "forge" || op == "swap_token" }

// needsBrowser tells whether only a browser can do the operation.
func needsBrowser(op string) bool {
	return slices.Contains([]string{"back", "leave", "open_tab", "begin_form", "send_form", "close_private_window", "arrive", "forge", "embed"}, op)
}

// needsClient tells whether the operation is somebody's.
func needsClient(op story.Op) bool { return op.Name != "count_sessions" && op.Name != story.Parallel }

// DecodeYAML reads a list of `op: client` or `op: {by: client, ...}`.
func (s *steps) DecodeYAML(n *yamlx.Node) {
	if !n.IsList() || len(n.Items()) == 0 {
		n.Errorf("expected a list of steps such as `- sign_in: laptop`")
		return
	}
	for _, it := range n.Items() {
		if st, ok := decodeStep(it); ok {
			n := st.again()
			if st.Op == story.Parallel {
				st.Times = 0
			}
			for range n {
				*s = append(*s, st)
			}
		}
	}
}

func decodeStep(it *yamlx.Node) (step, bool) {
	entries := it.Entries()
	if len(entries) != 1 {
		it.Errorf("expected one operation, such as `sign_in: laptop`")
		return step{}, false
	}
	e := entries[0]
	op, ok := story.Lookup(e.Key)
	if !ok {
		e.KeyAt.Errorf("unknown operation %q%s; operations are %s", e.Key,
			words.DidYouMean(e.Key, story.Names()), strings.Join(story.Names(), ", "))
		return step{}, false
	}
	st := step{Step: story.Step{Op: op.Name, Expect: "ok", File: e.KeyAt.Pos().File, Line: e.KeyAt.Pos().Line}, key: e.KeyAt, value: e.Value}
	switch {
	case op.Name == story.Parallel && e.Value.IsList():
		var bs branches
		e.Value.Decode(&bs)
		st.fork(bs)
	case op.Name != story.Parallel && e.Value.IsScalar():
		st.Client = e.Value.Text()
	case e.Value.IsNull():
	case !e.Value.IsMap():
		e.Value.Errorf("expected a client or a mapping with %s", strings.Join(takes(op), ", "))
		return step{}, false
	default:
		var long stepFile
		e.Value.Decode(&long)
		st.Client, st.User, st.Of, st.Route = long.By, long.User, long.Of, long.Route
		st.Wrong, st.Restore, st.Optional = long.Wrong, long.Restore, long.Optional
		st.Times, st.AtOnce, st.To = long.Times, long.AtOnce, long.To
		st.Unanswered, st.Fill, st.Former = long.Unanswered, long.Fill, long.Former
		if st.AtOnce && st.Times < 2 {
			e.Value.Find("at_once").Errorf("at_once goes with `times`")
		}
		if st.Times < 0 || st.Times > 1000 {
			e.Value.Find("times").Errorf("times: expected a number from 1 to 1000")
		}
		st.How = long.How
		st.With, st.Does, st.Window, st.Hold = long.With, long.Does, long.Window, long.Hold
		st.fork(long.Branches)
		if long.Expect != "" {
			st.Expect = long.Expect
		}
		for _, arg := range e.Value.Entries() {
			if slices.Contains(stepKeys, arg.Key) && !slices.Contains(takes(op), arg.Key) {
				arg.KeyAt.Errorf("%s takes no `%s`; it takes %s", op.Name, arg.Key, strings.Join(takes(op), ", "))
			}
		}
	}
	if op.Name == story.Parallel && len(st.Parallel) == 0 {
		e.KeyAt.Errorf("parallel takes a list of branches such as `parallel: [[sign_in: phone], [change_password: laptop]]`")
	}
	if st.Client == "" && needsClient(op) {
		e.KeyAt.Errorf("%s: who does it? Write `%s: client` or `%s: {by: client, ...}`", op.Name, op.Name, op.Name)
	}
	if op.Of && st.Of == "" {
		e.KeyAt.Errorf("%s needs `of: client`", op.Name)
	}
	st.checkHow()
	if o, ok := story.Lookup(st.Does); does(op.Name) && (!ok || o.Local) {
		e.KeyAt.Errorf("%s needs `does:`, an operation of the target", op.Name)
	}
	return st, true
}

// checkHow sees to it that `how` and `of` go together.
func (st step) checkHow() {
	h, known := story.LookupHow(st.How)
	switch {
	case st.Op == "plant" && st.How != "":
		if st.How != story.Malformed || st.Of != "" {
			st.key.Errorf("plant takes `how: malformed` only, and then no `of`")
		}
	case st.Op != "present":
	case !known:
		st.key.Errorf("present needs `how:`, one of %s", strings.Join(howWords(), ", "))
	case h.Of == "must" && st.Of == "":
		st.key.Errorf("present with `how: %s` needs `of: client`", st.How)
	case h.Of == "never" && st.Of != "":
		st.key.Errorf("present with `how: %s` takes no `of`", st.How)
	}
}

func howWords() (out []string) {
	for _, h := range story.Hows() {
		out = append(out, h.Name)
	}
	return out
}

// CheckYAML sees to it that every name used is a member of the cast, or a user
// who has come into being.
func (f *scenarioFile) CheckYAML(n *yamlx.Node) {
	f.Clients.check()
	for i, w := range f.Needs {
		at := n.Find("needs")
		if at.IsList() {
			at = at.Items()[i]
		}
		at.OneOf(w, needWords())
	}
	if tests := n.Find("tests"); tests.IsList() && len(f.Tests) == 0 {
		tests.Errorf("a scenario tests at least one requirement")
	}
	var users []string
	for _, c := range f.Clients {
		if c.User != "" {
			users = append(users, c.User)
		}
	}
	for _, s := range f.Story {
		if s.Hold {
			s.key.Errorf("hold is for steps in a branch of parallel: elsewhere there is nobody to wait for")
		}
	}
	for s := range f.Story.each() {
		if m, ok := f.Clients.member(s.Client); ok && needsBrowser(s.Op) && m.In != "browser" {
			s.key.Errorf("%s is for browsers: write `%s: {user: ..., in: browser}` among the clients", s.Op, s.Client)
		}
		if len(f.Clients) > 0 {
			f.Clients.known(s.value.Find("by"), s.Client)
			f.Clients.known(s.value.Find("of"), s.Of)
		}
		if s.Former != "" && !slices.Contains(users, s.Former) {
			s.value.Find("former").Errorf("nobody is called %q here%s; there are %s", s.Former, words.DidYouMean(s.Former, users), strings.Join(users, ", "))
		}
		at := s.value.Find("user")
		switch {
		case s.User == "":
		case !roleName.MatchString(s.User):
			at.Errorf("user name %q: small letters and digits only", s.User)
		case s.Op == "create_user":
			users = append(users, s.User)
		case !slices.Contains(users, s.User):
			at.Errorf("nobody is called %q here%s; there are %s", s.User, words.DidYouMean(s.User, users), strings.Join(users, ", "))
		}
		if s.Op == "count_sessions" && !f.Serial {
			s.key.Errorf("count_sessions looks at the whole target, so that nobody else may be at it: write `serial: true`")
		}
		s.checkBranches(f.Clients)
	}
}
