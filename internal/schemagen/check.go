package schemagen

import (
	"bytes"
	"flag"
	"os"
	"testing"

	check "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

var update = flag.Bool("update-schema", false, "write the schemas anew from the Go types")

// Current fails the test unless the embedded schema is what the types give. With
// -update-schema it writes the file instead.
func Current(t *testing.T, file string, embedded []byte, s *Schema) {
	t.Helper()
	want, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(embedded, want) {
		t.Errorf("%s is out of date; run: go test . -run TestSchemaIsCurrent -update-schema", file)
	}
}

// Compile makes a schema ready for use.
func Compile(t *testing.T, text []byte) *check.Schema {
	t.Helper()
	doc, err := check.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := check.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Validate holds a YAML file against a schema. parsed is false where it is no
// YAML that a schema could see.
func Validate(s *check.Schema, data []byte) (parsed bool, err error) {
	n, err := yamlx.Parse("f.yaml", data)
	if err != nil {
		return false, err
	}
	return true, s.Validate(n.Any())
}
