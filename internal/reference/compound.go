package reference

import (
	"embed"
	"path"
	"slices"
)

// CompoundFault is a fault that no single operation shows: a story of several
// steps is needed, in each of which the server does right. They measure the
// fuzzer; the catalogue's stories are not meant to find them.
type CompoundFault struct {
	// Fault's ID is fuzz/kebab-name and no requirement.
	Fault
	// Breaks are the requirements that the judge may name for it: first the one
	// that the witness breaks, then those of other stories, as short or longer. What
	// was found first counts: a session that is somebody else's does more harm later.
	Breaks []string
	// Minimal is the number of steps of the shortest story that shows it, each
	// operation by the first of its routes, no sign-in repeated by `times`. Where
	// steps overlap or worlds run beside each other all of them count.
	Minimal int
	// ByCommand is the same where the administrator's command line may be used,
	// which needs nobody signed in; 0 where it makes no difference.
	ByCommand int
	// Overlap holds the steps of the witness, from 0, that must run at the same
	// time; nil where one after the other shows it. Played in order such a witness
	// is clean.
	Overlap []int
	// Abroad faults do their damage in another world, that is to accounts of
	// another play: the other story's steps come after the witness's first one.
	Abroad bool
	// Held faults are not for tuning the fuzzer.
	Held bool
}

//go:embed compound/*.yaml
var witnesses embed.FS

// Witness is a scenario file, a shortest story that shows the fault.
func (f CompoundFault) Witness() string { return witness(path.Base(f.ID)) }

// Beside is the scenario file of the other world of a fault that is Abroad, else "".
func (f CompoundFault) Beside() string {
	if !f.Abroad {
		return ""
	}
	return witness(path.Base(f.ID) + "-beside")
}

func witness(name string) string {
	text, err := witnesses.ReadFile("compound/" + name + ".yaml")
	if err != nil {
		panic(err) // only for a fault without its file, which is ours
	}
	return string(text)
}

// CompoundFaults lists the faults that take several steps to be seen.
func CompoundFaults() []CompoundFault { return slices.Clone(compoundTable) }
