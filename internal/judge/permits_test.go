package judge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/internal/story"
)

// actsOn are operations that an administrator makes, on the account of alice.
var actsOn = map[string]bool{"create_user": true, "reset_password": true, "disable": true, "enable": true, "delete_user": true, "set_role": true,
	"rename": true, "expire": true, "revoke_all": true}

// TestAtOnceDemandsNoMore goes through all operations that may be done at once:
// what breaks no duty where nothing else is going on breaks none beside a question.
func TestAtOnceDemandsNoMore(t *testing.T) {
	const laptop, phone, desk = "alice.laptop#1", "alice.phone#1", "bob.desk#1"
	declared := []model.Declared{{}, {CurrentAfterChange: "rotate", StepUp: "rotate", SignInAgain: "replaces"}, {CurrentAfterChange: "end", Disable: "suspend"},
		{OthersAfterChange: "keep", OthersAfterReset: "keep", CurrentAfterChange: "keep", SignInAgain: "adds", AddressChange: "keep"},
		{SignOut: "all", ReuseRefused: true, SignInAgain: "refused"}, {RevokeNeeds: "password", StepUp: "keep"}}
	anyway := set(func(o *history.Op) { o.Step.Expect = "any" })
	ops, compared := 0, 0
	for _, name := range story.Names() {
		if kind, _ := story.Lookup(name); !kind.Branch || name == "whoami" {
			continue
		}
		ops++
		for i, d := range declared {
			for _, out := range []string{history.OK, history.Refused, history.Failed} {
				for bits := range 64 {
					has := func(bit int) bool { return bits>>bit&1 == 1 }
					client, effects := "laptop", []effect{acted, outcome(out), anyway}
					if actsOn[name] {
						client, effects = "office", []effect{user("alice"), outcome(out), anyway}
					}
					if name == "revoke_session" {
						effects = append(effects, of("phone"), target(phone))
						if has(5) {
							effects = append(effects, set(func(o *history.Op) { o.Step.Wrong = true }))
						}
					} else if has(5) {
						continue
					}
					switch fresh := has(3) || name == "sign_in" && out == history.OK; {
					case fresh && actsOn[name], !fresh && has(4):
						continue
					case fresh:
						effects = append(effects, gets(""))
					}
					var end []effect
					for bit, cred := range []string{laptop, phone, desk} {
						if has(bit) {
							end = append(end, dies(cred))
						} else if name == "sign_out" {
							end = append(end, lives(cred))
						}
					}
					if has(4) {
						end = append(end, dies("alice.laptop#2"))
					}
					begin := func() *tale {
						return tell("laptop=alice", "phone=alice", "desk=bob", "office=admin").
							do("sign_in", "laptop").do("sign_in", "phone").do("sign_in", "desk").do("sign_in", "office")
					}
					single := begin().do(name, client, append(effects, end...)...)
					both := begin().together([][]nested{one(name, client, 0, 20, effects...), one("whoami", "desk", 0, 20)}, end...)
					single.p.Generated, both.p.Generated = true, true
					alone, at := Judge(single.p, Terms{Declared: d}), Judge(both.p, Terms{Declared: d})
					if compared++; len(alone.Findings) == 0 && !alone.Error && len(at.Findings) > 0 {
						t.Errorf("%s %s, declared %d, dead %s: alone nothing is wrong, at once: %s", name, out, i, strings.Join(deadOf(both), " "), all(at))
					}
				}
			}
		}
	}
	if ops < 15 || compared < 5000 {
		t.Error(ops, compared)
	}
}

func deadOf(t *tale) (out []string) {
	for cred, a := range t.truth {
		if a.State == history.Dead {
			out = append(out, fmt.Sprint(cred))
		}
	}
	return out
}
