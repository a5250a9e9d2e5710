package reference

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// Fault is one thing the server can be told to do wrong.
type Fault struct {
	// ID is the requirement the fault breaks.
	ID string
	// Title names the fault in a few words.
	Title string
	// Dialects are those in which the fault can be observed, with -tls those
	// of them that are served by https.
	Dialects []string
	// How says in one sentence what is broken.
	How string
	// AlsoBreaks holds the other requirements this fault cannot help breaking, each with the reason.
	AlsoBreaks map[string]string
}

// Faults lists the faults that break a requirement by themselves, in the order of
// the catalogue. CompoundFaults lists the others.
func Faults() []Fault { return slices.Clone(faultTable) }

// faultSet is the set of planted faults. The nil set is the well-behaved server.
type faultSet struct {
	on  map[string]bool
	mu  sync.Mutex
	log io.Writer
}

// plant checks ids against the table. Empty ids are ignored, so that a target
// file may always pass its variable, and an id may itself be a comma list.
func plant(ids []string, log io.Writer) (*faultSet, error) {
	set := &faultSet{on: map[string]bool{}, log: log}
	for _, id := range strings.Split(strings.Join(ids, ","), ",") {
		id = strings.TrimSpace(id)
		if id == "" {
			continue
		}
		if known := FaultIDs(); !slices.Contains(known, id) {
			return nil, fmt.Errorf("no fault %q; there are: %s", id, strings.Join(known, ", "))
		}
		set.on[id] = true
	}
	return set, nil
}

// On says whether the fault is planted.
func (f *faultSet) On(id string) bool { return f != nil && f.on[id] }

// Fires is On at the place where the wrong thing happens; it leaves a line in the log.
func (f *faultSet) Fires(id string) bool {
	if !f.On(id) {
		return false
	}
	if f.log != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		fmt.Fprintln(f.log, "fired:", id)
	}
	return true
}

// FaultIDs are the ids of all faults that can be planted: the catalogue's, then
// the compound ones.
func FaultIDs() (ids []string) {
	for _, f := range faultTable {
		ids = append(ids, f.ID)
	}
	for _, f := range compoundTable {
		ids = append(ids, f.ID)
	}
	return ids
}
