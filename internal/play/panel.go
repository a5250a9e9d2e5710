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
	var creds []history.Credential
	var places []*client
	switch {
	case p.plan.Panel == PanelAll || left == 0 || p.plan.Panel == PanelLast && left == 1:
		creds, places = p.rec.Credentials, p.places()
	case p.plan.Panel == PanelSome:
		creds = p.some(op)
		if op.Index%3 == 0 {
			if all := p.places(); len(all) > 0 {
				places = all[op.Index/3%len(all):][:1]
			}
		}
	}
	var probes []history.Probe
	var twins []*client // clean clients, with a credential or as strangers
	for _, cr := range creds {
		probes = append(probes, history.Probe{Credential: cr.ID, Client: cr.Client})
		twins = append(twins, p.clients[cr.Client].twin(cr.Carriers))
	}
	for _, c := range places {
		probes = append(probes, history.Probe{Client: c.spec.Name})
		twins = append(twins, c.twin(nil))
	}
	for i, a := range p.ask(ctx, twins) {
		probes[i].Answer = a
	}
	p.extra = append(p.extra, twins...)
	op.Probes = append(op.Probes, probes...)
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

// places are the clients from whose addresses a stranger asks, one for each.
func (p *player) places() (out []*client) {
	seen := map[string]bool{}
	for _, c := range p.cast {
		key := c.address
		if len(c.headers)+len(c.spec.Strip) > 0 {
			key += fmt.Sprint(c.headers, c.spec.Strip)
		}
		if seen[key] || c.holds == "" && len(c.headers) == 0 {
			continue
		}
		seen[key] = true
		out = append(out, c)
	}
	return out
}
