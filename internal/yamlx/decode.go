package yamlx

import (
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/words"
)

// Decoder is implemented by types with more than one spelling in YAML.
// Complaints go to n.Errorf.
type Decoder interface{ DecodeYAML(n *Node) }

// Checker is implemented by types with rules across their fields; it is called
// after the value has been read.
type Checker interface{ CheckYAML(n *Node) }

var (
	posType      = reflect.TypeFor[Pos]()
	durationType = reflect.TypeFor[time.Duration]()
)

// Decode reads the node into what out points to. Struct fields are named by
// their `yaml:"name"` tag, options: `required`, and `oneof=a|b|c` for strings. Unknown keys are errors. Complaints
// are collected, see Err.
func (n *Node) Decode(out any) { n.decode(reflect.ValueOf(out).Elem()) }

func (n *Node) decode(v reflect.Value) {
	if v.CanAddr() {
		if d, ok := v.Addr().Interface().(Decoder); ok {
			d.DecodeYAML(n)
			n.check(v)
			return
		}
	}
	switch {
	case v.Type() == durationType:
		n.duration(v)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		n.decode(v.Elem())
	case v.Kind() == reflect.Struct:
		n.structure(v)
	case v.Kind() == reflect.Map:
		n.mapping(v)
	case v.Kind() == reflect.Slice:
		n.list(v)
	case v.Kind() == reflect.Interface:
		if x := reflect.ValueOf(n.Any()); x.IsValid() {
			v.Set(x)
		}
	default:
		n.scalar(v)
	}
	n.check(v)
}

func (n *Node) check(v reflect.Value) {
	if v.CanAddr() {
		if c, ok := v.Addr().Interface().(Checker); ok {
			c.CheckYAML(n)
		}
	}
}

type field struct {
	index    int
	required bool
	oneof    []string
}

func fields(t reflect.Type) (map[string]field, []string) {
	byName, names := map[string]field{}, []string{}
	for i := range t.NumField() {
		parts := strings.Split(t.Field(i).Tag.Get("yaml"), ",")
		if parts[0] == "" || parts[0] == "-" {
			continue
		}
		f := field{index: i}
		for _, opt := range parts[1:] {
			if opt == "required" {
				f.required = true
			} else if list, ok := strings.CutPrefix(opt, "oneof="); ok {
				f.oneof = strings.Split(list, "|")
			}
		}
		byName[parts[0]] = f
		names = append(names, parts[0])
	}
	return byName, names
}

func (n *Node) structure(v reflect.Value) {
	known, names := fields(v.Type())
	if p := v.FieldByName("Pos"); p.IsValid() && p.Type() == posType {
		p.Set(reflect.ValueOf(n.Pos()))
	}
	if !n.IsMap() {
		n.Errorf("expected a mapping with %s, found %s", list(names), n.kind())
		return
	}
	seen := map[string]bool{}
	for _, e := range n.Entries() {
		f, ok := known[e.Key]
		if !ok {
			e.KeyAt.Errorf("unknown key %q%s; expected one of %s", e.Key, words.DidYouMean(e.Key, names), list(names))
			continue
		}
		seen[e.Key] = true
		fv := v.Field(f.index)
		e.Value.decode(fv)
		if f.oneof != nil && fv.Kind() == reflect.String && e.Value.IsScalar() {
			e.Value.OneOf(fv.String(), f.oneof)
		}
	}
	for _, name := range names {
		if known[name].required && !seen[name] {
			n.Errorf("missing key %q", name)
		}
	}
}

// OneOf complains unless word is among allowed.
func (n *Node) OneOf(word string, allowed []string) bool {
	for _, a := range allowed {
		if a == word {
			return true
		}
	}
	n.Errorf("unknown value %q%s; expected one of %s", word, words.DidYouMean(word, allowed), list(allowed))
	return false
}

func (n *Node) mapping(v reflect.Value) {
	if !n.IsMap() {
		n.Errorf("expected a mapping, found %s", n.kind())
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, e := range n.Entries() {
		item := reflect.New(v.Type().Elem()).Elem()
		e.Value.decode(item)
		v.SetMapIndex(reflect.ValueOf(e.Key).Convert(v.Type().Key()), item)
	}
}

// list reads a sequence; a single value stands for a sequence of one.
func (n *Node) list(v reflect.Value) {
	items := n.Items()
	if !n.IsList() {
		items = []*Node{n}
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, it := range items {
		it.decode(out.Index(i))
	}
	v.Set(out)
}

func (n *Node) duration(v reflect.Value) {
	m := durationForm.FindStringSubmatch(n.Text())
	if m == nil || m[0] == "" || !n.IsScalar() {
		n.Errorf("expected a duration such as 30s, 5m, 12h or 14d, found %s", n.kind())
		return
	}
	days, _ := strconv.ParseFloat(m[1], 64) // "" is 0
	rest, err := time.ParseDuration("0s" + m[2])
	d := days*24*float64(time.Hour) + float64(rest)
	if err != nil || d >= math.MaxInt64 {
		n.Errorf("duration %s is too long", n.kind())
		return
	}
	v.SetInt(int64(d))
}

// DurationPattern is the form of durations, as a regular expression. Days are
// ours: time.ParseDuration knows none.
const DurationPattern = `^(?:(\d+(?:\.\d+)?)d)?((?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h))+)?$`

var durationForm = regexp.MustCompile(DurationPattern)

func (n *Node) scalar(v reflect.Value) {
	if !n.IsScalar() {
		n.Errorf("expected %s, found %s", kindName(v.Kind()), n.kind())
		return
	}
	text := n.Text()
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, ok := truth[strings.ToLower(text)]
		if !ok {
			n.Errorf("expected true or false, found %q", text)
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			n.Errorf("expected a whole number, found %q", text)
			return
		}
		v.SetInt(i)
	case reflect.Float64:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			n.Errorf("expected a number, found %q", text)
			return
		}
		v.SetFloat(f)
	default:
		panic("yamlx: no rule for " + v.Type().String())
	}
}

// truth is what counts as a truth value where one is expected.
var truth = map[string]bool{"true": true, "yes": true, "on": true, "false": false, "no": false, "off": false}

// Any reads the node as plain Go data: map[string]any, []any, string, int64,
// float64, json.Number (what neither of the two holds exactly), bool, nil.
func (n *Node) Any() any {
	switch {
	case n.IsMap():
		m := map[string]any{}
		for _, e := range n.Entries() {
			m[e.Key] = e.Value.Any()
		}
		return m
	case n.IsList():
		s := []any{}
		for _, it := range n.Items() {
			s = append(s, it.Any())
		}
		return s
	}
	text := n.Text()
	switch n.node().ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		if b, ok := truth[strings.ToLower(text)]; ok {
			return b
		}
	case "!!int":
		if oldOctal.MatchString(text) {
			n.Errorf("%s is read as an octal number by some and as a decimal one by others; put it in quotes if it is a text", text)
		}
		if i, err := strconv.ParseInt(text, 0, 64); err == nil {
			return i
		}
		if decimal.MatchString(text) {
			return json.Number(strings.TrimPrefix(text, "+"))
		}
	case "!!float":
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	}
	return text
}

var (
	oldOctal = regexp.MustCompile(`^[-+]?0\d+$`)
	decimal  = regexp.MustCompile(`^[-+]?[1-9]\d*$`)
)

func (n *Node) kind() string {
	switch {
	case n.IsMap():
		return "a mapping"
	case n.IsList():
		return "a list"
	case n.IsNull():
		return "nothing"
	}
	return strconv.Quote(n.Text())
}

func kindName(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	}
	return "a number"
}

func list(names []string) string { return strings.Join(names, ", ") }
