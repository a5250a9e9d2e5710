// Package corpus holds what is shown to a target instead of a good credential,
// or around it: broken values, values that mean something to stores and files,
// alterations, foreign cookies, look-alike names, other places. They are data;
// how each value is made from an entry is pure.
package corpus

import (
	"embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

//go:embed *.yaml
var files embed.FS

// Entry is one item of a corpus. Which fields a file uses, its head says.
type Entry struct {
	// ID names the entry for ever; reports show it.
	ID string `yaml:"id,required"`
	// About says in a few words what it is.
	About string `yaml:"about,required"`
	// Value is the text itself; ${other} and ${other:N} stand for another
	// person's credential and its first N octets.
	Value string `yaml:"value"`
	// Hex are octets that YAML cannot hold.
	Hex string `yaml:"hex"`
	// Repeat says how often Value is written, 0 being once.
	Repeat int `yaml:"repeat"`
	// Good are the changes made to the good credential in place of Value.
	Good []string `yaml:"good"`
	// MayPass tells that a lenient reader may still read the good credential in it.
	MayPass bool `yaml:"may_pass"`
	// MayDrop tells that HTTP lets a server hang up on it without an answer.
	MayDrop bool `yaml:"may_drop"`
	// Raw tells that it holds octets that no header line may hold.
	Raw bool `yaml:"raw"`
	// Plant tells that a client is given it, to see whether it recovers.
	Plant bool `yaml:"plant"`

	// Alter, At and Word say how a good credential is altered. Opaque tells
	// that only a value without inner structure may be altered there.
	Alter  string  `yaml:"alter"`
	At     float64 `yaml:"at"`
	Word   string  `yaml:"word"`
	Opaque bool    `yaml:"opaque"`

	// Cookie are the lines of a Cookie header around the good cookies; Odd
	// tells that no browser sends such a header, so that nobody is an answer.
	Cookie []string `yaml:"cookie"`
	Odd    bool     `yaml:"odd"`

	// Pair or Rename makes a look-alike; Guarded tells that it only matters
	// for names that browsers guard (__Host-, __Secure-).
	Pair    string `yaml:"pair"`
	Rename  string `yaml:"rename"`
	Guarded bool   `yaml:"guarded"`

	// In and Name are another place for a credential.
	In   string `yaml:"in"`
	Name string `yaml:"name"`
}

// The corpora, read when first asked for: most commands need none.
var (
	malformed  = lazy("malformed")
	injection  = lazy("injection")
	tampered   = lazy("tampered")
	neighbours = lazy("neighbours")
	lookalikes = lazy("lookalike")
	places     = lazy("elsewhere")
)

func lazy(name string) func() []Entry { return sync.OnceValue(func() []Entry { return load(name) }) }

// Malformed are values that no sign-in has made.
func Malformed() []Entry { return slices.Clone(malformed()) }

// Injection are values that mean something to stores, files and headers.
func Injection() []Entry { return slices.Clone(injection()) }

// Tampered are alterations of a good credential.
func Tampered() []Entry { return slices.Clone(tampered()) }

// Neighbours are Cookie headers around the good cookies.
func Neighbours() []Entry { return slices.Clone(neighbours()) }

// Lookalikes are names that resemble that of the session cookie.
func Lookalikes() []Entry { return slices.Clone(lookalikes()) }

// Places are where else a credential could be read.
func Places() []Entry { return slices.Clone(places()) }

// Planted are the malformed values that a client may be given.
func Planted() []Entry {
	return slices.DeleteFunc(Malformed(), func(e Entry) bool { return !e.Plant })
}

func load(name string) []Entry {
	data, err := files.ReadFile(name + ".yaml")
	if err != nil {
		panic(err) // the file is embedded
	}
	out, err := parse(name+".yaml", data)
	if err != nil {
		panic(err) // and it is tested
	}
	return out
}

func parse(file string, data []byte) ([]Entry, error) {
	n, err := yamlx.Parse(file, data)
	if err != nil {
		return nil, err
	}
	var out []Entry
	n.Decode(&out)
	for i, e := range out {
		if slices.ContainsFunc(out[:i], func(x Entry) bool { return x.ID == e.ID }) {
			n.Errorf("id %q stands here twice", e.ID)
		}
		if _, err := hex.DecodeString(e.Hex); err != nil {
			n.Errorf("%s: hex: %v", e.ID, err)
		}
	}
	return out, n.Err()
}

// Make returns the value of an entry. good is the client's own credential,
// other another person's, "" for none; ok is false where the entry needs what
// is not there.
func (e Entry) Make(good, other string) (value string, ok bool) {
	switch {
	case len(e.Good) > 0:
		for _, change := range e.Good {
			good = changes[change](good)
		}
		return good, true
	case e.Hex != "":
		b, _ := hex.DecodeString(e.Hex)
		return string(b), true
	case strings.Contains(e.Value, "${other"):
		if len(other) < 16 {
			return "", false
		}
		return strings.NewReplacer("${other:8}", other[:8], "${other}", other).Replace(e.Value), true
	}
	return strings.Repeat(e.Value, max(1, e.Repeat)), true
}

// Derived tells whether the value holds a part of somebody's credential.
func (e Entry) Derived() bool { return len(e.Good) > 0 || strings.Contains(e.Value, "${other") }

// Lines returns the Cookie lines of a neighbours entry; good are the good
// cookies as one text.
func (e Entry) Lines(good string) []string {
	if e.Hex != "" {
		b, _ := hex.DecodeString(e.Hex)
		return []string{string(b) + good}
	}
	var many strings.Builder
	for i := range 50 {
		fmt.Fprintf(&many, "; foreign-%d=value-%d", i, i)
	}
	fill := strings.NewReplacer("${good}", good, "${many}", many.String()[2:], "${long}", "foreign="+strings.Repeat("x", 3500))
	out := make([]string, len(e.Cookie))
	for i, line := range e.Cookie {
		out[i] = fill.Replace(line)
	}
	return out
}
