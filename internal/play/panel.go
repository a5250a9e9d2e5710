package play

import (
	"context"
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Panel says how much is asked after an operation.
type Panel int

const (
	// PanelAll asks every credential captured so far, and a stranger at every address.
	PanelAll Panel = iota
	// PanelSome asks the acting client's newest credential, in turn one of the
	// others and one that is older, and now and then a stranger; after the last
	// operation everybody. What it finds is a suspicion: only PanelAll can tell
	// which operation did it.
	PanelSome
	// PanelLast asks everybody after the last operation, and after the one before
	// it: so it shows what the last one did, and to whom.
	PanelLast
)

// panel asks as much as the plan says; left is how many operations there are to come.
func (p *player) panel(ctx context.Context, op *history.Op, left int) {
	switch {
	case p.plan.Panel == PanelAll || left == 0 || p.plan.Panel == PanelLast && left == 1:
		for _, cr := range p.rec.Credentials {
			p.question(ctx, op, cr)
		}
		p.strangers(ctx, op, -1)
	case p.plan.Panel == PanelSome:
		for _, cr := range p.some(op) {
			p.question(ctx, op, cr)
		}
		if op.Index%3 == 0 {
			p.strangers(ctx, op, op.Index/3)
		}
	}
}

// some chooses up to three credentials.
func (p *player) some(op *history.Op) (out []history.Credential) {
	newest := map[string]int{}
	for i, cr := range p.rec.Credentials {
		newest[cr.Client] = i
	}
	var others, older []history.Credential
	for i, cr := range p.rec.Credentials {
		switch {
		case newest[cr.Client] != i:
			older = append(older, cr)
		case cr.Client == op.Step.Client:
			out = append(out, cr)
		default:
			others = append(others, cr)
		}
	}
	for _, list := range [][]history.Credential{others, older} {
		if len(list) > 0 {
			out = append(out, list[op.Index%len(list)])
		}
	}
	return out
}

// question asks one credential from a clean client.
func (p *player) question(ctx context.Context, op *history.Op, cr history.Credential) {
	twin := p.clients[cr.Client].twin(cr.Carriers)
	a := twin.whoami(ctx, p.role)
	p.extra = append(p.extra, twin)
	op.Probes = append(op.Probes, history.Probe{Credential: cr.ID, Client: cr.Client, Answer: a})
}

// strangers asks without any credential from every address, or from one only.
func (p *player) strangers(ctx context.Context, op *history.Op, only int) {
	seen := map[string]bool{}
	var places []*client
	for _, c := range p.cast {
		key := c.address + fmt.Sprint(c.headers, c.spec.Strip)
		if seen[key] || c.holds == "" && len(c.headers) == 0 {
			continue
		}
		seen[key] = true
		places = append(places, c)
	}
	if only >= 0 && len(places) > 0 {
		places = places[only%len(places):][:1]
	}
	for _, c := range places {
		twin := c.twin(nil)
		a := twin.whoami(ctx, p.role)
		p.extra = append(p.extra, twin)
		op.Probes = append(op.Probes, history.Probe{Client: c.spec.Name, Answer: a})
	}
}
