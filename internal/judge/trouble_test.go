package judge

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// A whoami without verdict is trouble, not conformance: the row does not count,
// whatever its other answers say, and nothing after it does.
func TestNoVerdict(t *testing.T) {
	for name, e := range map[string]effect{
		"alice.laptop#1": mute("alice.laptop#1"),
		"admin.office#1": mute("admin.office#1"),
		"a stranger":     strangerIs("desk", history.Answer{State: history.NoVerdict, Why: "whoami answered 500"}),
	} {
		t.Run(name, func(t *testing.T) {
			r := Judge(home().do("whoami", "laptop", dies("alice.phone#1"), e).do("whoami", "laptop", dies("bob.desk#1")).p, Terms{})
			only(t, r)
			if !r.Error || !strings.Contains(r.Stopped, "no verdict for "+name+` after "whoami: laptop": whoami answered 500`) || len(r.Timeline) != 5 {
				t.Errorf("not an error that says so: %s", all(r))
			}
		})
	}
}

// What was found before the trouble began stands, until the control says otherwise.
func TestFoundBeforeTrouble(t *testing.T) {
	p := home().do("sign_out", "laptop", lives("alice.laptop#1")).do("whoami", "phone", mute("alice.phone#1"))
	r := Judge(p.p, Terms{})
	only(t, r, kills)
	if !r.Error {
		t.Error("no error")
	}
}

func TestControl(t *testing.T) {
	alive, stranger := liveAs("control"), dead
	for name, c := range map[string]struct {
		control *history.Control
		stands  bool
		says    string
	}{
		"none":               {nil, true, ""},
		"good":               {&history.Control{Fresh: alive, Stranger: stranger}, true, ""},
		"no sign-in":         {&history.Control{Error: "a fresh sign-in was not ok: 503"}, false, "a fresh sign-in was not ok: 503"},
		"newcomer is dead":   {&history.Control{Fresh: history.Answer{State: history.Dead, Why: "GET /me -> 401"}, Stranger: stranger}, false, "a fresh sign-in is not live but dead GET /me -> 401"},
		"stranger is living": {&history.Control{Fresh: alive, Stranger: alive}, false, "a stranger is live"},
	} {
		t.Run(name, func(t *testing.T) {
			p := home().do("sign_out", "laptop", lives("alice.laptop#1"), dies("bob.desk#1")).p
			p.Control = c.control
			r := Judge(p, Terms{})
			if c.stands {
				only(t, r, kills, "frame/sign-out-keeps-others")
				return
			}
			only(t, r)
			if !r.Error || !strings.HasSuffix(r.Stopped, "nothing of this play counts: "+c.says) {
				t.Errorf("says %q", r.Stopped)
			}
			if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "2 differences were seen") {
				t.Errorf("notes %q", r.Notes)
			}
		})
	}
}

// A failed control is the last word also where the story had stopped before,
// and says nothing where there was nothing to find.
func TestControlAfterStop(t *testing.T) {
	p := home().do("sign_out", "laptop", lives("alice.laptop#1")).p
	p.Aborted, p.Control = "step 6 was refused", &history.Control{Error: "503"}
	r := Judge(p, Terms{})
	only(t, r)
	if !r.Error || !strings.Contains(r.Stopped, "503") {
		t.Errorf("%s", all(r))
	}
	p = home().do("sign_out", "laptop").p
	p.Control = &history.Control{Error: "503"}
	silent(t, Judge(p, Terms{}))
}

// A story that was not played to its end is not judged; it is an error where
// the target or the harness broke, and what was found before stands.
func TestAborted(t *testing.T) {
	abort := func(p *tale) *history.Play { p.p.Aborted = "because"; return p.p }
	for name, c := range map[string]struct {
		play    *history.Play
		isError bool
	}{
		"set-up":  {abort(tell("laptop=alice")), true},
		"refused": {abort(home().do("create_user", "office", user("carol"), refused)), false},
		"broken":  {abort(home().do("create_user", "office", user("carol"), failed)), true},
	} {
		t.Run(name, func(t *testing.T) {
			r := Judge(c.play, Terms{})
			only(t, r)
			if r.Stopped != "because" || r.Error != c.isError {
				t.Errorf("%s", all(r))
			}
		})
	}
	only(t, Judge(abort(home().do("sign_out", "laptop", lives("alice.laptop#1"))), Terms{}), kills)
}

// TestInterrupted: a play that was cut off has found nothing.
func TestInterrupted(t *testing.T) {
	p := home().do("sign_out", "laptop", lives("alice.laptop#1")).p
	p.Interrupt()
	r := Judge(p, Terms{})
	only(t, r)
	if r.Stopped != "interrupted" || !r.Error || len(r.Checks) > 0 {
		t.Errorf("%s", all(r))
	}
}

// An operation that broke off says nothing about the sessions it was about,
// and everything about those it was not.
func TestBrokenOff(t *testing.T) {
	only(t, Judge(home().do("disable", "office", user("alice"), failed, dies("alice.laptop#1")).p, Terms{}))
	only(t, Judge(home().do("sign_out", "laptop", failed, lives("alice.laptop#1")).p, Terms{}))
	only(t, Judge(home().do("disable", "office", user("alice"), failed, dies("bob.desk#1")).p, Terms{}), "frame/account-change-scope")
	only(t, Judge(home().do("create_user", "office", user("carol"), failed, dies("bob.desk#1")).p, Terms{}), "frame/create-user-keeps-sessions")
}

// An operation that was left out is no row, and changes nothing.
func TestSkipped(t *testing.T) {
	p := home().do("delete_user", "office", user("alice"), outcome(history.Skipped)).do("whoami", "laptop")
	r := Judge(p.p, Terms{})
	silent(t, r)
	if len(r.Timeline) != 5 {
		t.Errorf("%d rows", len(r.Timeline))
	}
}

// The story's own ground: what it needs and no duty covers stops it.
func TestGround(t *testing.T) {
	for name, p := range map[string]*tale{
		"signed in, not live": tell("laptop=alice").do("sign_in", "laptop", gets(""), dies("alice.laptop#1")),
		"expired, still live": home().do("expire", "office", user("bob")),
	} {
		t.Run(name, func(t *testing.T) {
			r := Judge(p.p, Terms{})
			only(t, r)
			if r.Error || !strings.Contains(r.Stopped, "the story rests on that") {
				t.Errorf("%s", all(r))
			}
		})
	}
}

// What nobody promised anything about may end the account's own sessions, and
// the story goes on.
func TestNobodyPromised(t *testing.T) {
	for name, p := range map[string]*tale{
		"disable refused, yet ended": home().do("disable", "office", user("bob"), refused, dies("bob.desk#1")),
		"role changed, ended":        home().do("set_role", "office", user("bob"), dies("bob.desk#1")),
		"renamed, ended":             home().do("rename", "office", user("bob"), dies("bob.desk#1")),
		"change refused, ended":      home().do("change_password", "desk", refused, dies("bob.desk#1")),
	} {
		t.Run(name, func(t *testing.T) {
			r := Judge(p.do("whoami", "laptop").p, Terms{})
			silent(t, r)
			only(t, Judge(p.do("sign_in", "desk", gets("")).do("whoami", "laptop", dies("bob.desk#2")).p, Terms{}), "frame/safe-methods-are-pure")
		})
	}
}

// An empty play, and one that speaks of what nobody knows, are judged calmly.
func TestNothingAndNobody(t *testing.T) {
	silent(t, Judge(&history.Play{}, Terms{}))
	silent(t, Judge(home().do("create_user", "office", user("alice")).p, Terms{})) // who is in the cast is no newcomer
	p := home()
	p.p.Ops[3].Probes = append(p.p.Ops[3].Probes, history.Probe{Credential: "zoe.attic#1", Client: "attic", Answer: liveAs("zoe")})
	p.do("dance", "laptop")
	silent(t, Judge(p.p, Terms{}))
}

func TestTimeline(t *testing.T) {
	p := tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("sign_in", "desk", dies("alice.laptop#1"))
	rows := Judge(p.p, Terms{}).Timeline
	if len(rows) != 2 || rows[1].Op != 1 || rows[1].Line != 11 || rows[1].Step != "sign_in: desk" || rows[1].Outcome != history.OK {
		t.Fatalf("%+v", rows)
	}
	want := []Cell{{"alice.laptop#1", "live as alice", "dead", true}, {"bob.desk#1", "live as bob", "live as bob", false}}
	if len(rows[1].Cells) != 2 || rows[1].Cells[0] != want[0] || rows[1].Cells[1] != want[1] {
		t.Errorf("%+v", rows[1].Cells)
	}
	if got := gotText(history.Answer{State: history.Live}); got != "live" {
		t.Errorf("a live answer that names nobody reads %q", got)
	}
}
