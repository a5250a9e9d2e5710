package judge

import (
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/scenarios"
)

// duty is one requirement at work: the same tale without and with the fault.
type duty struct {
	id, name string
	terms    Terms
	tale     func(bad bool) *tale
	// What the fault must be reported as; want and got are parts of the texts.
	op, rank   int
	credential string
	want, got  string
}

// home is the usual beginning: four operations, alice twice.
func home() *tale {
	return tell("laptop=alice", "phone=alice", "desk=bob", "office=admin").
		do("sign_in", "laptop").do("sign_in", "phone").do("sign_in", "desk").do("sign_in", "office")
}

func duties() []duty {
	var out []duty
	for _, d := range [][]duty{frames(), ends(), isolations(), establishes(), plenty(), ofClients(), cookieDuties(), choiceDuties(), channelDuties(), grantDuties(), parallelDuties()} {
		out = append(out, d...)
	}
	out = append(out, transportDuties()...)
	out = append(out, valueDuties()...)
	out = append(out, windowDuties()...)
	out = append(out, tabDuties()...)
	out = append(out, forgeryDuties()...)
	out = append(out, frameDuties()...)
	out = append(out, raceDuties()...)
	return out
}

// TestDuties: the clean tale puts the requirement to the test and breaks
// nothing; the faulty one breaks that requirement once, and nothing else.
func TestDuties(t *testing.T) {
	for _, d := range duties() {
		t.Run(d.id+" "+d.name, func(t *testing.T) {
			clean := Judge(d.tale(false).p, d.terms)
			silent(t, clean)
			if clean.Checks[d.id] == 0 {
				t.Fatalf("the clean tale is no check of %s: %s", d.id, all(clean))
			}
			r := Judge(d.tale(true).p, d.terms)
			only(t, r, d.id)
			f := r.Findings[0]
			if r.Stopped != "" || r.Checks[d.id] == 0 {
				t.Errorf("stopped, or not counted: %s", all(r))
			}
			if f.Op != d.op || f.Rank != d.rank || f.Credential != d.credential {
				t.Errorf("want op %d rank %d credential %q: %s", d.op, d.rank, d.credential, all(r))
			}
			if !strings.Contains(f.Want, d.want) || !strings.Contains(f.Got, d.got) || d.want == "" || d.got == "" {
				t.Errorf("want %q, got %q: %s", d.want, d.got, all(r))
			}
			if f.Probe >= 0 && d.tale(true).p.Ops[f.Op].Probes[f.Probe].Credential != f.Credential {
				t.Errorf("the evidence is the answer to another credential: %s", all(r))
			}
		})
	}
}

// TestEveryRequirementHasATale: a requirement that is judged is judged here.
func TestEveryRequirementHasATale(t *testing.T) {
	lib, err := scenarios.Load(scenarios.Builtin())
	if err != nil {
		t.Skipf("the library does not load: %v", err)
	}
	told := map[string]bool{}
	for _, d := range duties() {
		told[d.id] = true
		if _, ok := lib.Requirement(d.id); !ok {
			t.Errorf("%s is no requirement", d.id)
		}
	}
	for _, s := range lib.Scenarios {
		for _, id := range s.Tests {
			if r, ok := lib.Requirement(id); ok && !r.Planned && !told[id] {
				t.Errorf("%s is tested by %s and has no tale here", id, s.ID)
			}
		}
	}
}

func frames() []duty {
	return []duty{
		{id: "frame/create-user-keeps-sessions", name: "sign-up",
			tale: func(bad bool) *tale {
				return home().do("create_user", "office", user("carol"), when(bad, dies("bob.desk#1")))
			},
			op: 4, rank: 2, credential: "bob.desk#1", want: "bob.desk#1 is live as bob (creating an account ends nobody's session)", got: "bob.desk#1 is dead"},
		{id: "frame/create-user-keeps-sessions", name: "refused",
			tale: func(bad bool) *tale {
				return home().do("create_user", "office", user("alice"), refused, when(bad, dies("alice.phone#1")))
			},
			op: 4, rank: 2, credential: "alice.phone#1", want: "live as alice", got: "is dead"},
		{id: "frame/create-user-keeps-actor", name: "becomes the new user",
			tale: func(bad bool) *tale {
				return home().do("create_user", "office", user("carol"), acted, when(bad, answersAs("admin.office#1", "carol")))
			},
			op: 4, rank: 0, credential: "admin.office#1", want: "admin.office#1 answers for admin, or for nobody", got: "live as carol"},
		{id: "frame/create-user-keeps-actor", name: "signed out",
			tale: func(bad bool) *tale {
				return home().do("create_user", "office", user("carol"), acted, when(bad, dies("admin.office#1")))
			},
			op: 4, rank: 2, credential: "admin.office#1", want: "live as admin (it created an account for somebody else)", got: "is dead"},
		{id: "frame/sign-in-keeps-others",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "phone=alice").do("sign_in", "laptop").do("sign_in", "phone", when(bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 2, credential: "alice.laptop#1", want: "a sign-in ends no other session", got: "is dead"},
		{id: "frame/failed-sign-in-changes-nothing", name: "a stranger's",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "stranger=alice").do("sign_in", "laptop").do("sign_in", "stranger", refused, when(bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 2, credential: "alice.laptop#1", want: "a failed sign-in changes nothing", got: "is dead"},
		{id: "frame/failed-sign-in-changes-nothing", name: "in the client's own jar",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("sign_in", "laptop", refused, when(bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 2, credential: "alice.laptop#1", want: "a failed sign-in changes nothing", got: "is dead"},
		{id: "frame/sign-out-keeps-others",
			tale: func(bad bool) *tale { return home().do("sign_out", "laptop", when(bad, dies("alice.phone#1"))) },
			op:   4, rank: 2, credential: "alice.phone#1", want: "signing out ends that one session only", got: "is dead"},
		{id: "frame/account-change-scope", name: "password",
			tale: func(bad bool) *tale {
				return home().do("change_password", "laptop", acted, dies("alice.phone#1"), when(bad, dies("bob.desk#1")))
			},
			op: 4, rank: 2, credential: "bob.desk#1", want: "another user's password changed", got: "is dead"},
		{id: "frame/account-change-scope", name: "delete",
			tale: func(bad bool) *tale {
				return home().do("delete_user", "office", user("bob"), dies("bob.desk#1"), when(bad, dies("alice.phone#1")))
			},
			op: 4, rank: 2, credential: "alice.phone#1", want: "another user's account changed", got: "is dead"},
	}
}

func isolations() []duty {
	return []duty{
		{id: "isolate/one-token-one-identity", name: "another's",
			tale: func(bad bool) *tale {
				return home().do("whoami", "laptop", when(bad, answersAs("alice.phone#1", "bob")))
			},
			op: 4, rank: 0, credential: "alice.phone#1", want: "answers for alice, or for nobody", got: "live as bob"},
		{id: "isolate/one-token-one-identity", name: "unknown to the story",
			tale: func(bad bool) *tale { return home().do("whoami", "laptop", when(bad, unknown("alice.phone#1"))) },
			op:   4, rank: 0, credential: "alice.phone#1", want: "answers for alice", got: "somebody unknown to the story (zoe)"},
		{id: "isolate/not-keyed-by-network", name: "stranger",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop", when(bad, strangerIs("laptop", liveAs("alice"))))
			},
			op: 0, rank: 0, want: "a stranger at the address of laptop is nobody", got: "the stranger is live as alice"},
		{id: "isolate/not-keyed-by-network", name: "move", terms: Terms{Declared: model.Declared{AddressChange: "keep"}},
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("move", "laptop", when(bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 2, credential: "alice.laptop#1", want: "a session does not follow the address", got: "is dead"},
		{id: "isolate/not-keyed-by-network", name: "notes behind one address",
			tale: func(bad bool) *tale {
				p := tell("laptop=alice", "desk=bob")
				p.client("desk").Address = p.client("laptop").Address
				return p.do("sign_in", "laptop").do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a")).
					do("sign_in", "desk").do("read_note", "desk", when(bad, read("a")))
			},
			op: 4, rank: 0, want: "desk reads its own note or none", got: "desk reads the note of laptop (alice)"},
		{id: "isolate/session-data-per-session",
			tale: func(bad bool) *tale {
				return home().do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a")).do("read_note", "phone", when(bad, read("a")))
			},
			op: 6, rank: 0, want: "phone reads its own note or none", got: "phone reads the note of laptop (alice)"},
		{id: "isolate/no-identity-reuse",
			tale: func(bad bool) *tale {
				return home().do("delete_user", "office", user("bob"), dies("bob.desk#1")).
					do("create_user", "office", user("bob"), when(bad, lives("bob.desk#1")))
			},
			op: 5, rank: 1, credential: "bob.desk#1", want: "it belonged to an earlier account of the same name", got: "live as bob"},
	}
}

// cookies of one session, with their ends from now on; 0 ends with the browser.
func cookies(ends ...time.Duration) effect {
	var out []history.JarCookie
	for i, d := range ends {
		c := history.JarCookie{Name: string(rune('a' + i)), Value: "v", Session: i == 0, Claim: i > 0, Persistent: d != 0}
		if d != 0 {
			c.Expires = epoch.Add(d)
		}
		out = append(out, c)
	}
	return jar(out...)
}
