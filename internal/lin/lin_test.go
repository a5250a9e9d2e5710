package lin

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/model"
)

// rotates is what most targets declare.
var rotates = model.Declared{CurrentAfterChange: "rotate"}

func at(process int, from, to int64, o Op) Op {
	o.Process, o.Start, o.End = process, from, to
	return o
}
func in(cred string, password int) Op { return Op{What: "sign_in", Gets: cred, Password: password} }
func ask(cred string, live bool) Op   { return Op{What: "whoami", Cred: cred, Live: live} }
func change(cred, gets string, number int) Op {
	return Op{What: "change_password", Cred: cred, Gets: gets, New: number, Acted: true}
}
func unknown(o Op) Op { o.Unknown = true; return o }
func refused(o Op) Op { o.Refused = true; return o }

// alice is switched on, her password is 0, and L is live.
var alice = Start{Exists: true, Enabled: true, Passwords: []int{0}, Live: []string{"L"}, Session: map[string]string{"L": "L"}}

// TestCheck are recorded histories: what some order explains, and what none does.
func TestCheck(t *testing.T) {
	suspends := model.Declared{Disable: "suspend"}
	off, on := Op{What: "disable"}, Op{What: "enable"}
	for _, c := range []struct {
		name     string
		declared model.Declared
		start    Start
		ops      []Op
		want     string // verdict, then culprits
	}{
		{"a sign-in before the change is ended by it", rotates, alice, []Op{at(0, 0, 10, change("L", "M", 1)), at(1, 0, 10, in("P", 0)), at(2, 20, 21, ask("P", false)), at(2, 22, 23, ask("M", true)), at(2, 24, 25, ask("L", false))}, "ok"},
		{"a sign-in by the old password lives", rotates, alice, []Op{at(0, 0, 10, change("L", "M", 1)), at(1, 0, 10, in("P", 0)), at(2, 20, 21, ask("P", true))}, "illegal alive P"},
		{"live while the change may still come", rotates, alice, []Op{at(0, 0, 30, change("L", "M", 1)), at(1, 0, 10, in("P", 0)), at(2, 20, 21, ask("P", true)), at(2, 40, 41, ask("P", false))}, "ok"},
		{"dead, and then live again", rotates, alice, []Op{at(0, 0, 30, change("L", "M", 1)), at(1, 0, 10, in("P", 0)), at(2, 20, 21, ask("P", false)), at(2, 40, 41, ask("P", true))}, "illegal alive P"},
		{"the old password after the change", rotates, alice, []Op{at(0, 0, 10, change("L", "M", 1)), at(1, 11, 20, in("P", 0))}, "illegal"},
		{"refused for any reason", rotates, alice, []Op{at(1, 11, 20, refused(in("", 0)))}, "ok"},
		{"others are declared as kept", model.Declared{OthersAfterChange: "keep"}, alice, []Op{at(0, 0, 10, change("L", "", 1)), at(1, 0, 10, in("P", 0)), at(2, 20, 21, ask("P", true))}, "ok"},
		{"the current session is not declared", model.Declared{}, alice, []Op{at(0, 0, 10, change("L", "", 1)), at(2, 20, 21, ask("L", false))}, "ok"},
		{"not declared, and dead is dead", model.Declared{}, alice, []Op{at(0, 0, 10, change("L", "", 1)), at(2, 20, 21, ask("L", false)), at(2, 22, 23, ask("L", true))}, "illegal alive L"},
		{"two sign-ins that both raced", rotates, alice, []Op{at(0, 0, 10, change("L", "M", 1)), at(1, 0, 10, in("P", 0)), at(2, 0, 10, in("Q", 0)), at(3, 20, 21, ask("P", true)), at(3, 22, 23, ask("Q", true))}, "illegal alive P Q"},
		{"nothing ended it", rotates, alice, []Op{at(0, 0, 10, Op{What: "note", Cred: "L"}), at(1, 20, 21, ask("L", false))}, "illegal died L"},
		{"signed out", rotates, alice, []Op{at(0, 0, 10, Op{What: "sign_out", Cred: "L"}), at(1, 20, 21, ask("L", true))}, "illegal alive L"},
		{"a sign-out without an answer may come at any time", rotates, alice, []Op{at(0, 0, 10, unknown(Op{What: "sign_out", Cred: "L"})), at(1, 20, 21, ask("L", true)), at(1, 30, 31, ask("L", false))}, "ok"},
		{"or never", rotates, alice, []Op{at(0, 0, 10, unknown(Op{What: "sign_out", Cred: "L"})), at(1, 20, 21, ask("L", true))}, "ok"},
		{"but only once", rotates, alice, []Op{at(0, 0, 10, unknown(Op{What: "sign_out", Cred: "L"})), at(1, 20, 21, ask("L", false)), at(1, 30, 31, ask("L", true))}, "illegal alive L"},
		{"no answer to a change: either password", rotates, alice, []Op{at(0, 0, 10, unknown(change("L", "", 1))), at(1, 20, 30, in("P", 1)), at(2, 40, 41, ask("P", true))}, "ok"},
		{"a refresh that raced a revocation", rotates, alice, []Op{at(0, 0, 10, Op{What: "refresh", Cred: "L", Gets: "M", Acted: true}), at(1, 0, 10, Op{What: "revoke_all"}), at(2, 20, 21, ask("M", true))}, "illegal alive M"},
		{"a revocation of another session", rotates, alice, []Op{at(0, 0, 10, in("P", 0)), at(1, 20, 30, Op{What: "revoke_session", Cred: "P", Target: "L"}), at(2, 40, 41, ask("L", false)), at(2, 42, 43, ask("P", true))}, "ok"},
		{"the wrong one was revoked", rotates, alice, []Op{at(0, 0, 10, in("P", 0)), at(1, 20, 30, Op{What: "revoke_session", Cred: "P", Target: "L"}), at(2, 42, 43, ask("P", false))}, "illegal died P"},
		{"others", rotates, alice, []Op{at(0, 0, 10, in("P", 0)), at(1, 20, 30, Op{What: "revoke_others", Cred: "P"}), at(2, 40, 41, ask("L", true))}, "illegal alive L"},
		{"a sign-in while it is switched off", rotates, alice, []Op{at(0, 0, 10, off), at(1, 0, 10, in("P", 0)), at(2, 20, 21, ask("P", true))}, "illegal alive P"},
		{"suspended and back", suspends, alice, []Op{at(0, 0, 10, off), at(1, 11, 12, ask("L", false)), at(0, 20, 30, on), at(1, 40, 41, ask("L", true))}, "ok"},
		{"suspended, and live", suspends, alice, []Op{at(0, 0, 10, off), at(1, 11, 12, ask("L", true))}, "illegal alive L"},
		{"deleted and made again", rotates, alice, []Op{at(0, 0, 10, Op{What: "delete_user"}), at(0, 20, 30, Op{What: "create_user", Password: 0}), at(1, 0, 40, in("P", 0)), at(2, 50, 51, ask("P", true)), at(2, 52, 53, ask("L", false))}, "ok"},
		{"and the old session with it", rotates, alice, []Op{at(0, 0, 10, Op{What: "delete_user"}), at(0, 20, 30, Op{What: "create_user"}), at(2, 52, 53, ask("L", true))}, "illegal alive L"},
		{"dead from the beginning", rotates, Start{Exists: true, Enabled: true, Session: map[string]string{"D": "D"}}, []Op{at(0, 0, 10, Op{What: "note", Cred: "D"}), at(1, 20, 21, ask("D", true))}, "illegal alive D"},
		{"one of two passwords", rotates, Start{Exists: true, Enabled: true, Passwords: []int{3, 5}}, []Op{at(0, 0, 10, in("P", 5)), at(1, 20, 21, ask("P", true))}, "ok"},
		{"but not both", rotates, Start{Exists: true, Enabled: true, Passwords: []int{3, 5}}, []Op{at(0, 0, 10, in("P", 5)), at(1, 20, 30, in("Q", 3))}, "illegal"},
		{"signing in again replaces", model.Declared{SignInAgain: "replaces"}, alice, []Op{at(0, 0, 10, Op{What: "sign_in", Gets: "M", Cred: "L"}), at(1, 20, 21, ask("L", true))}, "illegal alive L"},
		{"signing in again adds", model.Declared{SignInAgain: "adds"}, alice, []Op{at(0, 0, 10, Op{What: "sign_in", Gets: "M", Cred: "L", Presented: true}), at(1, 20, 21, ask("L", true))}, "ok"},
		{"somebody else signs in there", model.Declared{}, alice, []Op{at(0, 0, 10, Op{What: Leave, Cred: "L", Presented: true}), at(1, 20, 21, ask("L", false))}, "ok"},
		{"sign-out of all", model.Declared{SignOut: "all"}, alice, []Op{at(0, 0, 10, in("P", 0)), at(0, 20, 30, Op{What: "sign_out", Cred: "P"}), at(1, 40, 41, ask("L", true))}, "illegal alive L"},
		{"a limit ends others", model.Declared{Limit: 1, AtLimit: "end_oldest"}, alice, []Op{at(0, 0, 10, in("P", 0)), at(1, 40, 41, ask("L", false))}, "ok"},
		{"refused, and yet it got somewhere", rotates, alice, []Op{at(0, 0, 10, Op{What: "sign_in", Cred: "L", Refused: true, Offered: true}), at(1, 20, 21, ask("L", false))}, "ok"},
		{"a step-up rotates", model.Declared{StepUp: "rotate"}, alice, []Op{at(0, 0, 10, Op{What: "step_up", Cred: "L", Gets: "M", Acted: true}), at(1, 20, 21, ask("L", true))}, "illegal alive L"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Check(History{Declared: c.declared, Start: c.start, Ops: c.ops}, time.Minute)
			got := r.Verdict
			if len(r.Alive) > 0 {
				got += " alive " + strings.Join(r.Alive, " ")
			}
			if len(r.Died) > 0 {
				got += " died " + strings.Join(r.Died, " ")
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestUnexplained: a least set of answers that no order explains is named.
func TestUnexplained(t *testing.T) {
	for name, c := range map[string]struct {
		ops  []Op
		want string
	}{
		"one operation": {[]Op{at(0, 0, 10, change("L", "M", 1)), at(1, 11, 20, in("P", 0)), at(2, 30, 31, ask("P", true))}, "sign_in"},
		"a lost change": {[]Op{at(0, 0, 10, Op{What: "note", Cred: "L"}), at(1, 0, 10, change("L", "M", 1)), at(2, 20, 21, ask("L", true)), at(2, 22, 23, ask("M", false))}, "L, M"},
		"explained":     {[]Op{at(0, 0, 10, change("L", "M", 1)), at(2, 20, 21, ask("M", true))}, ""},
		"one session":   {[]Op{at(0, 0, 10, change("L", "M", 1)), at(2, 20, 21, ask("L", true))}, ""},
	} {
		var got []string
		for _, a := range Check(History{Declared: rotates, Start: alice, Ops: c.ops}, time.Minute).Unexplained {
			got = append(got, strings.TrimSpace(a.Cred+" "+a.Op.What))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// TestTooManyCredentials: what cannot be looked at is unknown, and no finding.
func TestTooManyCredentials(t *testing.T) {
	h := History{Start: alice}
	for i := range words*64 + 1 {
		h.Ops = append(h.Ops, at(0, int64(2*i), int64(2*i+1), in(fmt.Sprint("P", i), 0)))
	}
	if r := Check(h, time.Minute); r.Verdict != Unknown || r.Alive != nil || r.Died != nil {
		t.Errorf("%+v", r)
	}
}

// TestLessQuestions: without any of its questions an explained history stays so,
// and the order in which operations are written down does not matter.
func TestLessQuestions(t *testing.T) {
	ops := []Op{at(0, 0, 30, change("L", "M", 1)), at(1, 0, 10, in("P", 0)), at(2, 20, 21, ask("P", true)), at(3, 15, 25, ask("L", true)), at(2, 40, 41, ask("P", false)), at(2, 42, 43, ask("M", true))}
	for i := range ops {
		left := slices.Delete(slices.Clone(ops), i, i+1)
		slices.Reverse(left)
		if ops[i].What == "whoami" && Check(History{Declared: rotates, Start: alice, Ops: left}, time.Minute).Verdict != OK {
			t.Errorf("without %+v there is no order any more", ops[i])
		}
	}
}
