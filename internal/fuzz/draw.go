package fuzz

import (
	"math/rand/v2"
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
)

// Shares of what is drawn, in per cent.
const (
	mutatorShare = 4  // of walks: those that show and plant values
	commandShare = 3  // of walks: those in which routes may run a program, which is slow
	crowdedShare = 30 // of walks: those that begin with everybody signing in
	plotShare    = 60 // of walks: those with a plot, see plot
	luggageShare = 20 // of walks: those in which whoever signs in writes a note at once
	againShare   = 15 // of steps: the same once more, since it has happened already
)

// commandsUntil is the walk from which on one in a hundred of these may: a program
// that reads the target's whole store takes the longer the more has been played.
const commandsUntil = 1000

// troubles is what differs from walk to walk: in some all goes well, in others a
// lot fails, steps and sign-ins alike. One mean would make what takes several
// failures rare.
var troubles = []struct {
	refused int // of steps: those that must be refused, or change nothing
	wrong   int // of sign-ins: with a wrong password
}{{0, 0}, {5, 20}, {10, 10}, {30, 45}}

// lengths of walks, and how often each range comes up.
var lengths = []struct{ from, to, weight int }{{5, 8, 30}, {9, 14, 35}, {15, 24, 25}, {25, 40, 8}, {41, 60, 2}}

// walk draws the story that seed and index stand for. It is pure: the same seed,
// index and target file give the same story, whatever the target answers.
func (g *game) walk(seed uint64, index int) Trace {
	d := &drawing{g: g, dice: rand.New(rand.NewPCG(seed, uint64(index)))}
	return d.walk(index)
}

// percent decides something about the i-th story beside what is in it.
func (g *game) percent(seed uint64, i, n int) bool {
	return rand.New(rand.NewPCG(seed^0x5e55, uint64(i))).IntN(100) < n
}

type drawing struct {
	g    *game
	dice *rand.Rand
	s    *state
	out  []story.Step
	// office tells that the administrator has signed in.
	office         bool
	refused, wrong int
	// luggage: every session has something in it that may turn up elsewhere.
	luggage bool
	carried int // steps that luggage has taken
	// about is whom most of it is about, "" for nobody in particular: what there is
	// for others, and sign-ins of who is in already, comes up in one of ten cases.
	about string
}

func (d *drawing) percent(n int) bool { return d.dice.IntN(100) < n }

func (d *drawing) walk(index int) Trace {
	plot := d.percent(plotShare)
	t := Trace{Kind: "walk", Index: index, Clients: d.cast(plot), Routes: d.routes(d.percent(commandShare) && (index < commandsUntil || index%100 == 0))}
	trouble := troubles[d.dice.IntN(len(troubles))]
	d.refused, d.wrong = trouble.refused, trouble.wrong
	mutating := d.percent(mutatorShare) && !plot
	if mutating {
		t.Kind = "mutator"
	}
	n := d.length()
	if mutating || plot {
		n = min(n, 12)
	}
	allowed := d.kinds(plot, mutating)
	d.luggage = d.percent(luggageShare) && !mutating && d.g.offers("note")
	d.s = d.g.begin(t.Clients)
	if d.percent(crowdedShare) && !plot { // everybody is in before anything happens
		for _, c := range d.s.devices() {
			d.add(story.Step{Op: "sign_in", Client: c.Name, Expect: "any"})
		}
		n += len(d.out)
	}
	for len(d.out) < n+d.carried {
		st, ok := d.next(allowed)
		if !ok {
			break
		}
		d.add(st)
	}
	d.readAll()
	return t.with(d.out).pruned()
}

// readAll has everybody who is in read their note, where anybody has written one:
// whoami does not tell whose data a session has.
func (d *drawing) readAll() {
	if !d.g.offers("read_note") || !slices.ContainsFunc(d.out, func(st story.Step) bool { return st.Op == "note" }) {
		return
	}
	for _, c := range d.s.devices() {
		if d.s.world.ClientState(c.Name) == "live" && !d.s.planted[c.Name] {
			d.add(story.Step{Op: "read_note", Client: c.Name, Expect: "any"})
		}
	}
}

// kinds are those that the story is made of.
func (d *drawing) kinds(plot, mutating bool) []kind {
	if plot {
		return d.plot()
	}
	return d.swarm(mutating)
}

// cast is who takes part: two to five devices, of one or two people; four of one
// person in a plot.
func (d *drawing) cast(plot bool) (out []story.Client) {
	devices, n, alone := d.g.devices(), 2+d.dice.IntN(4), d.percent(30)
	if plot {
		n, alone = 4, true
	}
	for _, i := range d.dice.Perm(len(devices))[:min(n, len(devices))] {
		c := devices[i]
		if alone {
			c.User = devices[0].User
		}
		out = append(out, c)
	}
	return append(out, d.g.cast[len(d.g.cast)-1])
}

// add takes a step into the story, the administrator's sign-in before it where
// that is the first thing that an administrator does.
func (d *drawing) add(st story.Step) {
	if st.Client == office && !d.office {
		d.office = true
		d.add(story.Step{Op: "sign_in", Client: office, Expect: "any"})
	}
	d.out = append(d.out, st)
	d.s.apply(st)
	if d.luggage && st.Op == "sign_in" && st.Client != office && d.s.world.ClientState(st.Client) == "live" {
		d.carried++
		d.add(story.Step{Op: "note", Client: st.Client, Expect: "any"})
	}
}

func (d *drawing) length() int {
	at := d.dice.IntN(100)
	for _, l := range lengths {
		if at -= l.weight; at < 0 {
			return l.from + d.dice.IntN(l.to-l.from+1)
		}
	}
	return lengths[0].from
}

// swarm chooses which kinds take part at all: with fewer kinds each comes up more
// often, and some faults need one left out.
func (d *drawing) swarm(mutating bool) (out []kind) {
	share := 35 + d.dice.IntN(60)
	for _, k := range kinds {
		in := d.percent(share) || k.op == "sign_in" || mutating && k.mutates
		if in && (mutating || !k.mutates) && d.g.offers(k.op) {
			out = append(out, k)
		}
	}
	return out
}

// routes fixes the way of each operation for the whole story; commands tells
// whether it may run programs where there are other ways.
func (d *drawing) routes(commands bool) map[string]string {
	out := map[string]string{}
	for _, k := range kinds { // in this order, so that the same dice give the same
		rs := d.g.routes[k.op]
		if len(rs) < 2 {
			continue
		}
		r := rs[d.dice.IntN(len(rs))]
		if d.g.commands[k.op][r] && !commands {
			r = rs[0]
		}
		if r != rs[0] {
			out[k.op] = r
		}
	}
	return out
}

// next draws one step: a kind, then who and whom.
func (d *drawing) next(allowed []kind) (story.Step, bool) {
	if last := len(d.out) - 1; last >= 0 && d.percent(againShare) && d.out[last].Client != office {
		return d.out[last], true
	}
	refused := d.percent(d.refused)
	for range 20 {
		k := d.kind(allowed)
		var fit []story.Step
		for _, st := range d.s.moves(k) {
			ok, effect := d.s.able(st)
			if (ok && effect) != refused && (!d.aside(st) || d.percent(10)) {
				fit = append(fit, st)
			}
		}
		if len(fit) == 0 {
			continue
		}
		st := fit[d.dice.IntN(len(fit))]
		if k.op == "sign_in" {
			st = d.signIn(fit, st)
		}
		if k.op == "refresh" && d.percent(15) {
			st.With = story.Spent
		}
		return st, true
	}
	return story.Step{}, false
}

func (d *drawing) kind(allowed []kind) kind {
	total := 0
	for _, k := range allowed {
		total += k.weight
	}
	at := d.dice.IntN(total)
	for _, k := range allowed {
		if at -= k.weight; at < 0 {
			return k
		}
	}
	return allowed[0]
}

// signIn prefers the device's own user, and at times has the password wrong.
func (d *drawing) signIn(fit []story.Step, st story.Step) story.Step {
	if st.User != "" && d.percent(60) {
		own := slices.DeleteFunc(slices.Clone(fit), func(o story.Step) bool { return o.User != "" })
		if len(own) > 0 {
			st = own[d.dice.IntN(len(own))]
		}
	}
	if d.percent(d.wrong) && !d.g.secretless[d.route("sign_in")] {
		st.Wrong = true
	}
	return st
}

func (d *drawing) route(op string) string {
	if rs := d.g.routes[op]; len(rs) > 0 {
		return rs[0]
	}
	return ""
}
