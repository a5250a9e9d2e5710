package play

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"sync"
	"sync/atomic"
)

// plays counts how often each plan was played against an environment.
type plays struct {
	mu    sync.Mutex
	tries map[string]int
}

func (p *plays) next(plan string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tries == nil {
		p.tries = map[string]int{}
	}
	p.tries[plan]++
	return p.tries[plan]
}

// own is what belongs to one play alone, so that its record does not depend on
// what is played beside it: two runs with one seed are then told in the same words.
type own struct {
	scope     string // the plan, and which try of it
	try, slot int
	nonces    atomic.Uint32
	addresses atomic.Uint32
}

// within is the environment for one play of a plan.
func (e *Env) within(plan Plan) *Env {
	c := *e
	try := e.plays.next(plan.ID)
	c.own = &own{scope: fmt.Sprintf("%s %d", plan.ID, try), try: try, slot: plan.Slot}
	return &c
}

// scope is under which secrets are counted.
func (e *Env) scope() string {
	if e.own == nil {
		return ""
	}
	return e.own.scope
}

var base32lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// nonce is short, lower-case, letters and digits: it becomes part of account names.
func (e *Env) nonce() string {
	var b [5]byte
	if e.Seed == 0 || e.own == nil {
		rand.Read(b[:])
	} else {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d", e.Seed, e.own.scope, e.own.nonces.Add(1)))
		copy(b[:], sum[:])
	}
	return base32lower.EncodeToString(b[:])
}

// Source addresses: a plan with a slot has two blocks of its own, for odd and even
// tries, since a target may hold the first against the second. Others, and what is
// asked outside of plays, count up from behind the blocks.
const (
	perBlock  = 128
	mostSlots = 1 << 14
	behind    = 2 * perBlock * (mostSlots + 1)
)

func (e *Env) addressOf() string {
	if e.own == nil || e.own.slot <= 0 || e.own.slot > mostSlots {
		return addressAt(behind + e.addresses.Add(1))
	}
	block := 2*e.own.slot + e.own.try%2
	return addressAt(uint32(block*perBlock) + e.own.addresses.Add(1)%perBlock)
}
