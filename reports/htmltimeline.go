package reports

import (
	"slices"
	"strings"
)

// lanesView is a timeline as swim lanes: a lane for each credential, those of a
// client side by side, time runs downwards.
type lanesView struct {
	Clients []clientView
	Lanes   []laneView
	Rows    []rowView
	// Quiet counts lanes without a difference that paper has no room for.
	Quiet int
}

type clientView struct {
	Name, User string
	Span       int
}

type laneView struct {
	Tag, Short string
	First      bool // of its client
	Quiet      bool // left out on paper
}

type rowView struct {
	Row
	Bad   bool
	Cells []cellView
}

// cellView is what a credential answered after a step. How names the operation
// where that changed something, or where the lane's client did it.
type cellView struct {
	State, Text, Want, How string
	Bad, First, Acts       bool
	Quiet                  bool
}

// lanesOnPaper is how many lanes a page of paper takes.
const lanesOnPaper = 7

// lanesOf puts the clients in which something differs first.
func lanesOf(rows []Row) lanesView {
	var v lanesView
	owners := clientsOf(badFirst(rows))
	for _, o := range owners {
		v.Clients = append(v.Clients, clientView{o.name, o.user, len(o.tags)})
		for i, tag := range o.tags {
			_, number, ok := strings.Cut(tag, "#")
			if !ok {
				number = tag
			}
			v.Lanes = append(v.Lanes, laneView{Tag: tag, Short: "#" + number, First: i == 0})
		}
	}
	if len(v.Lanes) > lanesOnPaper {
		for i := range v.Lanes {
			v.Lanes[i].Quiet = !slices.ContainsFunc(rows, func(row Row) bool { return row.Cells[v.Lanes[i].Tag].Bad })
			if v.Lanes[i].Quiet {
				v.Quiet++
			}
		}
		if v.Quiet == len(v.Lanes) { // nothing differs: better small than empty
			v.Quiet = 0
			for i := range v.Lanes {
				v.Lanes[i].Quiet = false
			}
		}
	}
	before := map[string]string{}
	for _, row := range rows {
		v.Rows = append(v.Rows, rowOf(row, v.Lanes, actingLane(row, owners), before))
		for tag, c := range row.Cells {
			before[tag] = c.Got
		}
	}
	return v
}

func rowOf(row Row, lanes []laneView, acting string, before map[string]string) rowView {
	rv := rowView{Row: row, Bad: row.bad()}
	op, _, _ := strings.Cut(row.Step, ":")
	for _, lane := range lanes {
		c, asked := row.Cells[lane.Tag]
		cell := cellView{Bad: c.Bad, State: c.State(), Text: short(c.Got), First: lane.First, Quiet: lane.Quiet, Acts: lane.Tag == acting}
		if asked && cell.Text == "" {
			cell.Text = "no answer"
		}
		if c.Bad {
			cell.Want = short(c.Want)
			if cell.Want == "" {
				cell.Want = "nothing"
			}
		}
		was, known := before[lane.Tag]
		switch {
		case asked && !known:
			cell.How = "from " + op
		case asked && was != c.Got && c.Got == Dead:
			cell.How = "ended by " + op
		case asked && was != c.Got:
			cell.How = "since " + op
		case cell.Acts:
			cell.How = op
		}
		rv.Cells = append(rv.Cells, cell)
	}
	return rv
}

// owner is a client with its credentials.
type owner struct {
	name, user string
	tags       []string
}

// clientsOf groups tags such as alice.laptop#1, in the order given.
func clientsOf(tags []string) (out []*owner) {
	for _, tag := range tags {
		user, name := "", tag
		if who, _, ok := strings.Cut(tag, "#"); ok {
			name = who
			if i := strings.LastIndex(who, "."); i >= 0 {
				user, name = who[:i], who[i+1:]
			}
		}
		i := slices.IndexFunc(out, func(o *owner) bool { return o.name == name })
		if i < 0 {
			i = len(out)
			out = append(out, &owner{name: name, user: user})
		}
		if !slices.Contains(strings.Split(out[i].user, ", "), user) {
			out[i].user += ", " + user
		}
		out[i].tags = append(out[i].tags, tag)
	}
	for _, o := range out {
		slices.SortStableFunc(o.tags, naturally)
	}
	return out
}

// naturally puts laptop#2 before laptop#10.
func naturally(a, b string) int {
	if len(a) != len(b) && strings.TrimRight(a, "0123456789") == strings.TrimRight(b, "0123456789") {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// actingLane is the newest lane of the client that acted, in this row.
func actingLane(row Row, owners []*owner) string {
	for _, o := range owners {
		if o.name != row.By || row.By == "" {
			continue
		}
		for _, tag := range slices.Backward(o.tags) {
			if _, ok := row.Cells[tag]; ok {
				return tag
			}
		}
		return o.tags[0]
	}
	return ""
}
