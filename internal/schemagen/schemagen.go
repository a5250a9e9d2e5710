// Package schemagen writes JSON Schemas (draft 2020-12) of the YAML files that
// users write, from the Go types that read them. Tests alone import it; the
// program embeds what they wrote.
package schemagen

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Schema is one schema or part of one.
type Schema = jsonschema.Schema

// Of reflects the struct that root points to as package yamlx decodes it: names,
// `required` and `oneof` come from the yaml tags, one value may stand for a list
// of one, comments in the Go files of dirs become descriptions. Types with a
// spelling of their own are in special, under the name of a definition that the
// caller adds.
func Of(id, title string, root any, special map[reflect.Type]string, dirs ...string) (*Schema, error) {
	docs, err := comments(dirs)
	if err != nil {
		return nil, err
	}
	structs := map[string]reflect.Type{}
	r := &jsonschema.Reflector{
		FieldNameTag: "yaml",
		LookupComment: func(t reflect.Type, field string) string {
			text := docs[t.Name()+"."+field]
			if t.Kind() != reflect.Struct {
				return text
			}
			if f, ok := t.FieldByName(field); ok { // users know the key, not the field
				if rest, ok := strings.CutPrefix(text, field+" "); ok {
					key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
					return key + " " + rest
				}
			}
			return text
		},
		Mapper: func(t reflect.Type) *Schema {
			if name, ok := special[t]; ok {
				return Ref(name)
			}
			switch {
			case t == reflect.TypeFor[time.Duration]():
				return Ref("duration")
			case t.Kind() == reflect.String:
				return Ref("text")
			case t.Kind() == reflect.Bool:
				return Ref("flag")
			case t.Kind() == reflect.Struct:
				structs[t.Name()] = t
			}
			return nil
		},
	}
	s := r.Reflect(root)
	s.ID, s.Title = jsonschema.ID(id), title
	for name, t := range structs {
		rules(s.Definitions[name], t)
	}
	for _, d := range s.Definitions {
		listOrOne(d)
	}
	one := uint64(1)
	s.Definitions["text"] = AnyOf(&Schema{Type: "string"}, &Schema{Type: "number"}, &Schema{Type: "boolean"})
	s.Definitions["flag"] = AnyOf(&Schema{Type: "boolean"}, &Schema{Enum: []any{"yes", "no", "on", "off"}})
	s.Definitions["duration"] = &Schema{Type: "string", Pattern: yamlx.DurationPattern, MinLength: &one, Examples: []any{"30s", "5m", "14d"}}
	return s, nil
}

// rules puts what the yaml tags of a struct say into its schema.
func rules(s *Schema, t reflect.Type) {
	s.Required = nil
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		p, ok := s.Properties.Get(name)
		if !ok {
			continue
		}
		for _, o := range strings.Split(options, ",") {
			if o == "required" {
				s.Required = append(s.Required, name)
			} else if list, ok := strings.CutPrefix(o, "oneof="); ok {
				p.Ref = ""
				p.Enum = Any(strings.Split(list, "|"))
			}
		}
	}
}

// listOrOne lets a single value stand for a list of one, as yamlx does.
func listOrOne(s *Schema) {
	if s == nil {
		return
	}
	if s.Type == "array" {
		list := &Schema{Type: "array", Items: s.Items}
		s.Type, s.Items, s.AnyOf = "", nil, []*Schema{list.Items, list}
		return
	}
	listOrOne(s.AdditionalProperties)
	if s.Properties == nil {
		return
	}
	for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
		listOrOne(pair.Value)
	}
}

// Ref refers to a definition.
func Ref(name string) *Schema { return &Schema{Ref: "#/$defs/" + name} }

// AnyOf joins alternatives.
func AnyOf(s ...*Schema) *Schema { return &Schema{AnyOf: s} }

// Has demands a key.
func Has(keys ...string) *Schema { return &Schema{Required: keys} }

// OneKeyOf demands exactly one of the keys.
func OneKeyOf(keys []string) *Schema {
	s := &Schema{}
	for _, k := range keys {
		s.OneOf = append(s.OneOf, Has(k))
	}
	return s
}

// Object has the properties of the map, sorted by name, and no others.
func Object(properties map[string]*Schema) *Schema {
	s := &Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	names := make([]string, 0, len(properties))
	for n := range properties {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		s.Properties.Set(n, properties[n])
	}
	return s
}

// Any turns words into the values of an enumeration.
func Any(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}

// Encode renders a schema as the file to embed.
func Encode(s *Schema) ([]byte, error) {
	b, err := json.MarshalIndent(s, "", "  ")
	for from, to := range map[string]string{`\u003c`: "<", `\u003e`: ">", `\u0026`: "&"} { // for the eyes of a reader
		b = bytes.ReplaceAll(b, []byte(from), []byte(to))
	}
	return append(b, '\n'), err
}
