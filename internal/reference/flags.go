package reference

import (
	"flag"
	"io"
)

// parse reads flags that may stand anywhere between the words, as the standard
// package alone does not allow, and returns the words.
func parse(set *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := set.Parse(args); err != nil {
			return nil, err
		}
		if set.NArg() == 0 {
			return words, nil
		}
		words = append(words, set.Arg(0))
		args = set.Args()[1:]
	}
}

// newFlags makes a quiet set: whoever uses it prints errors with its own usage.
func newFlags(name string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	return set
}

// Exit codes of the command lines.
const (
	exitOK      = 0
	exitRefused = 1
	exitUsage   = 2
)
