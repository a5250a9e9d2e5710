package fuzz

import (
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Classes of findings.
const (
	WrongIdentity = "wrong-identity"
	DeadAlive     = "dead-session-alive"
	LiveDead      = "live-session-dead"
	ClaimDiffers  = "claim-differs"
	Other         = "other"
)

var classes = []string{WrongIdentity, DeadAlive, LiveDead, ClaimDiffers, Other}

// Target of a shrinking, and what two findings must share to be one bug: the
// class and the requirement. Key adds the operation and how the victim relates
// to who did it.
type aim struct{ class, requirement string }

func aimOf(f judge.Finding) aim {
	c := Other
	if f.Rank >= 0 && f.Rank < len(classes) {
		c = classes[f.Rank]
	}
	return aim{c, f.Requirement}
}

// Key tells findings apart: a second one with the same key is a witness of the first.
type Key struct {
	Class       string `json:"class"`
	Requirement string `json:"requirement"`
	// Operation after which it showed, Relation of the victim to who acted: same
	// device, same user, other user, or "" where no credential is concerned.
	Operation string `json:"operation"`
	Relation  string `json:"relation,omitempty"`
}

func keyOf(f judge.Finding, p *history.Play) Key {
	a := aimOf(f)
	k := Key{Class: a.class, Requirement: a.requirement}
	if f.Op < 0 || f.Op >= len(p.Ops) {
		return k
	}
	op := p.Ops[f.Op]
	k.Operation = op.Step.Op
	for _, c := range p.Credentials {
		if c.ID != f.Credential || op.Step.Op == story.Parallel {
			continue
		}
		switch {
		case c.Client == op.Step.Client:
			k.Relation = "same-device"
		case c.User == op.User:
			k.Relation = "same-user"
		default:
			k.Relation = "other-user"
		}
	}
	return k
}

func (k Key) aim() aim { return aim{k.Class, k.Requirement} }

// Name is the key as the name of a scenario file.
func (k Key) Name() string {
	parts := []string{k.Requirement, k.Class, k.Operation, k.Relation}
	text := strings.Join(parts, "-")
	text = strings.NewReplacer("/", "-", "_", "-", " ", "-").Replace(text)
	return strings.Trim(strings.ReplaceAll(text, "--", "-"), "-")
}

func (k Key) String() string {
	return strings.TrimSpace(k.Class + " " + k.Requirement + " " + k.Operation + " " + k.Relation)
}

// first is where an aim shows first in a play; ok is false where it does not.
func first(r *judge.Result, a aim) (f judge.Finding, ok bool) {
	for _, x := range r.Findings {
		if aimOf(x) == a && (!ok || x.Op < f.Op) {
			f, ok = x, true
		}
	}
	return f, ok
}

// aims lists what a play shows, each once, the gravest first.
func aims(r *judge.Result) (out []aim) {
	seen := map[aim]bool{}
	for _, f := range r.Findings {
		if a := aimOf(f); !seen[a] {
			seen[a] = true
			out = append(out, a)
		}
	}
	return out
}
