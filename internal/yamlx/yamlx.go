// Package yamlx loads the YAML files that users write: strictly, with
// file:line:column on every complaint, all complaints at once, and the nearest
// valid word beside an unknown one. It is the only package that knows which
// YAML library is underneath.
package yamlx

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v4"
)

// MaxSize is the largest file accepted, in bytes.
const MaxSize = 1 << 20

// Pos is a place in a file, 1-based. A struct field of this type named Pos is
// filled by Decode with the place of the value that the struct was read from.
type Pos struct {
	File string `json:"file" yaml:"-"`
	Line int    `json:"line" yaml:"-"`
	Col  int    `json:"col" yaml:"-"`
}

func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// Error is one complaint about one place.
type Error struct {
	Pos
	Msg string
	// Excerpt is the offending line with a caret under the column.
	Excerpt string
}

func (e *Error) Error() string {
	s := e.Pos.String() + ": " + e.Msg
	if e.Excerpt != "" {
		s += "\n" + e.Excerpt
	}
	return s
}

// Errors is every complaint about one file, in file order.
type Errors []*Error

func (e Errors) Error() string {
	parts := make([]string, len(e))
	for i, x := range e {
		parts[i] = x.Error()
	}
	return strings.Join(parts, "\n")
}

// Node is a value with its place. Decoders that implement Decoder receive it.
type Node struct {
	n   *yaml.Node
	doc *document
}

type document struct {
	file  string
	lines []string
	errs  Errors
	said  map[string]bool // aliases bring one mistake up many times
}

// maxErrors bounds the complaints about one file.
const maxErrors = 100

// Parse reads one YAML document in UTF-8. The error is an Errors.
func Parse(file string, data []byte) (*Node, error) {
	doc := &document{file: file, lines: strings.Split(string(data), "\n")}
	if len(data) > MaxSize {
		doc.lines = nil
		doc.add(1, 1, fmt.Sprintf("file has %d bytes, more than the %d allowed", len(data), MaxSize))
		return nil, doc.errs
	}
	if doc.encoding(); len(doc.errs) > 0 {
		return nil, doc.errs
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithUniqueKeys())
	var root, second yaml.Node
	if err == nil {
		err = loader.Load(&root)
	}
	if errors.Is(err, io.EOF) {
		doc.add(1, 1, "the file is empty")
		return nil, doc.errs
	}
	if err != nil {
		doc.addYAML(err)
		return nil, doc.errs
	}
	if err := loader.Load(&second); err == nil {
		doc.add(second.Line, second.Column, "a second document begins here; a file holds one")
		return nil, doc.errs
	} else if !errors.Is(err, io.EOF) {
		doc.addYAML(err)
		return nil, doc.errs
	}
	n := &root
	if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
		n = n.Content[0]
	}
	doc.vet(n, new(int))
	if len(doc.errs) > 0 {
		return nil, doc.errs
	}
	return &Node{n: n, doc: doc}, nil
}

// maxNodes bounds a document after its aliases are expanded: a few lines of
// nested aliases otherwise stand for billions of values.
const maxNodes = 100_000

// vet looks for what the library lets through when it builds nodes only:
// duplicate keys, keys that are no text, merge keys and alias bombs.
func (d *document) vet(n *yaml.Node, seen *int) {
	if *seen++; *seen > maxNodes {
		if *seen == maxNodes+1 {
			d.add(n.Line, n.Column, "the document is too large once its aliases are expanded")
		}
		return
	}
	if n.Kind == yaml.AliasNode {
		d.vet(n.Alias, seen)
		return
	}
	keys := map[string]int{}
	for i, c := range n.Content {
		if *seen > maxNodes {
			return
		}
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			d.vetKey(c, keys)
		}
		d.vet(c, seen)
	}
}

func (d *document) vetKey(c *yaml.Node, keys map[string]int) {
	switch {
	case c.Kind != yaml.ScalarNode:
		d.add(c.Line, c.Column, "a key has to be a plain text")
	case c.ShortTag() == "!!merge":
		d.add(c.Line, c.Column, "merge keys (<<) are not supported; an alias stands for a whole value")
	default:
		if line, dup := keys[c.Value]; dup {
			d.add(c.Line, c.Column, fmt.Sprintf("key %q stands here twice, first in line %d", c.Value, line))
		}
		keys[c.Value] = c.Line
	}
}

// Load parses data and decodes it into the struct that out points to.
func Load(file string, data []byte, out any) error {
	n, err := Parse(file, data)
	if err != nil {
		return err
	}
	n.Decode(out)
	return n.Err()
}

// Err returns all complaints collected so far about the node's file, or nil.
func (n *Node) Err() error {
	if len(n.doc.errs) == 0 {
		return nil
	}
	slices.SortStableFunc(n.doc.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return n.doc.errs
}

// Pos is where the node starts.
func (n *Node) Pos() Pos { return Pos{File: n.doc.file, Line: n.n.Line, Col: n.n.Column} }

// Errorf records a complaint about the node.
func (n *Node) Errorf(format string, args ...any) {
	n.doc.add(n.n.Line, n.n.Column, fmt.Sprintf(format, args...))
}

// ErrorAt records a complaint about another place of the same file.
func (n *Node) ErrorAt(p Pos, format string, args ...any) {
	n.doc.add(p.Line, p.Col, fmt.Sprintf(format, args...))
}

// ErrorInText records a complaint about the character of a scalar's text with
// that index. Where the text is not written literally (folded, with escapes),
// the place is the node's.
func (n *Node) ErrorInText(index int, format string, args ...any) {
	p := n.Pos()
	if p.Line >= 1 && p.Line <= len(n.doc.lines) {
		line := []rune(n.doc.lines[p.Line-1])
		for quote := range 2 {
			from := p.Col - 1 + quote
			if from >= 0 && from <= len(line) && strings.HasPrefix(string(line[from:]), n.Text()) {
				p.Col = from + 1 + index
				break
			}
		}
	}
	n.ErrorAt(p, format, args...)
}

// Find follows keys down through mappings and returns the last value that is there.
func (n *Node) Find(keys ...string) *Node {
	for _, k := range keys {
		i := slices.IndexFunc(n.Entries(), func(e Entry) bool { return e.Key == k })
		if i < 0 {
			return n
		}
		n = n.Entries()[i].Value
	}
	return n
}

// IsMap tells whether the node is a mapping.
func (n *Node) IsMap() bool { return n.node().Kind == yaml.MappingNode }

// IsList tells whether the node is a sequence.
func (n *Node) IsList() bool { return n.node().Kind == yaml.SequenceNode }

// IsScalar tells whether the node is a single value, and not null.
func (n *Node) IsScalar() bool { return n.node().Kind == yaml.ScalarNode && !n.IsNull() }

// IsNull tells whether the node is null, or empty.
func (n *Node) IsNull() bool {
	return n.node().Kind == yaml.ScalarNode && n.node().ShortTag() == "!!null"
}

// IsString tells whether a scalar is a string, by quoting or by form.
func (n *Node) IsString() bool {
	return n.node().Kind == yaml.ScalarNode && n.node().ShortTag() == "!!str"
}

// Text is a scalar's text as written, unquoted.
func (n *Node) Text() string { return n.node().Value }

// Entry is one key of a mapping with its value.
type Entry struct {
	Key   string
	KeyAt *Node
	Value *Node
}

// Entries lists a mapping in file order.
func (n *Node) Entries() []Entry {
	m := n.node()
	if m.Kind != yaml.MappingNode {
		return nil
	}
	out := make([]Entry, 0, len(m.Content)/2)
	for i := 0; i+1 < len(m.Content); i += 2 {
		k := &Node{m.Content[i], n.doc}
		out = append(out, Entry{Key: m.Content[i].Value, KeyAt: k, Value: &Node{m.Content[i+1], n.doc}})
	}
	return out
}

// Items lists a sequence in file order.
func (n *Node) Items() []*Node {
	s := n.node()
	if s.Kind != yaml.SequenceNode {
		return nil
	}
	out := make([]*Node, len(s.Content))
	for i, c := range s.Content {
		out[i] = &Node{c, n.doc}
	}
	return out
}

func (n *Node) node() *yaml.Node {
	if n.n.Kind == yaml.AliasNode && n.n.Alias != nil {
		return n.n.Alias
	}
	return n.n
}
