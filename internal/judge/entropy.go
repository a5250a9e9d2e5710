package judge

import (
	"fmt"
	"math"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

const (
	// entropySample is how many credentials it takes to say anything.
	entropySample = 20
	// entropyBits is the lower bound that any source names (ASVS and NIST ask for 128 and
	// 64): fewer cannot hide what is left to guess.
	entropyBits = 64
)

// entropy measures the credentials of a series of sign-ins. It can show that
// they are weak, and never that they are strong.
func (b *bench) entropy(op *history.Op) {
	if op.Outcome != history.OK || len(op.Series) < entropySample {
		return
	}
	byName := map[string][]string{}
	var names []string
	for _, carriers := range op.Series {
		for _, c := range carriers {
			if byName[c.Name] == nil {
				names = append(names, c.Name)
			}
			byName[c.Name] = append(byName[c.Name], c.Value)
		}
	}
	if len(names) == 0 || strings.Contains(byName[names[0]][0], "‹") { // a tag of a written history, in which they are hidden
		return
	}
	room, same, measured := 0.0, len(op.Series), ""
	for _, name := range names {
		m := measure(byName[name])
		room += m.room
		same = min(same, m.same)
		measured += fmt.Sprintf("; %s: %s", name, m)
	}
	measured = fmt.Sprintf("measured on %d credentials of %s%s", len(op.Series), op.Step.Client, measured)
	switch {
	case same > 0:
		b.find(Finding{Requirement: entropyFloor, Op: op.Index, Probe: -1, Rank: 1,
			Want: "no two sign-ins bring the same credential", Got: measured,
			Try: "take at least 16 bytes from the system's random source for each"})
	case room < entropyBits:
		b.find(Finding{Requirement: entropyFloor, Op: op.Index, Probe: -1, Rank: 1,
			Want: fmt.Sprintf("what is neither fixed nor counts upwards leaves room for %d bits", entropyBits), Got: measured,
			Try: "take at least 16 bytes from the system's random source, and put nothing else in"})
	default:
		b.check(entropyFloor)
		b.res.Notes = append(b.res.Notes, measured)
	}
}

// measurement of a list of values in the order in which they were handed out.
type measurement struct {
	same   int // values that came before
	fixed  int // positions that never change
	counts int // leading positions that only ever count upwards: a counter, a clock
	length int // of the shortest
	// room is an upper bound for what is left to guess, in bits.
	room float64
}

func (m measurement) String() string {
	room := fmt.Sprintf("%.0f bits at most", math.Floor(m.room))
	if m.room >= plentyOfRoom { // how much more differs from run to run, and nobody need care
		room = fmt.Sprintf("%d bits or more", plentyOfRoom)
	}
	return fmt.Sprintf("%d repeated, %d of %d positions fixed, %d more only count upwards, the rest has room for %s",
		m.same, m.fixed, m.length, m.counts, room)
}

// plentyOfRoom is twice what the duty asks for.
const plentyOfRoom = 128

// measure compares position by position. Each position counts with as many bits
// as its different characters need; leading positions that ascend
// from sign-in to sign-in count nothing. The fast end of a clock looks random,
// and is short.
func measure(values []string) measurement {
	m := measurement{length: len(values[0])}
	seen := map[string]bool{}
	for _, v := range values {
		if seen[v] {
			m.same++
		}
		seen[v] = true
		m.length = min(m.length, len(v))
	}
	ascending := true
	for i := range m.length {
		chars := map[byte]bool{}
		pairs := 0 // neighbours that are alike up to here: only they tell whether this position counts
		for j, v := range values {
			chars[v[i]] = true
			if j > 0 && v[:i] == values[j-1][:i] {
				pairs++
				ascending = ascending && v[i] >= values[j-1][i]
			}
		}
		switch {
		case len(chars) == 1:
			m.fixed++
		case ascending && pairs >= len(values)/4:
			m.counts++
		default:
			m.room += math.Log2(float64(len(chars)))
		}
	}
	return m
}
