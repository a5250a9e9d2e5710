package audit

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	generate "github.com/invopop/jsonschema"
	check "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sessionspec/sessionspec/internal/schemagen"
)

var update = flag.Bool("update", false, "write audit.schema.json anew from the Go types")

func generated(t *testing.T) []byte {
	t.Helper()
	r := &generate.Reflector{FieldNameTag: "json"}
	if err := r.AddGoComments("github.com/sessionspec/sessionspec/internal/audit", "."); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(&Audit{})
	s.ID, s.Title = "urn:sessionspec:schema:audit:v1", "sessionspec audit.json"
	p, _ := s.Definitions["Audit"].Properties.Get("schema")
	p.Const = SchemaID
	p, _ = s.Definitions["Row"].Properties.Get("verdict")
	p.Enum = []any{Same, Differs, Open, NotProbed}
	out, err := schemagen.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSchemaIsCurrent(t *testing.T) {
	want := generated(t)
	if *update {
		if err := os.WriteFile("audit.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have, err := Schema(); err != nil || !bytes.Equal(have, want) {
		t.Errorf("audit.schema.json is out of date; run: go test ./internal/audit -run TestSchemaIsCurrent -update (%v)", err)
	}
}

// meets holds an audit, or what spoil makes of it, against the schema.
func meets(t *testing.T, a *Audit, spoil func(map[string]any)) error {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := a.json(&b); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if spoil != nil {
		spoil(doc)
	}
	again, _ := json.Marshal(doc)
	value, err := check.UnmarshalJSON(bytes.NewReader(again))
	if err != nil {
		t.Fatal(err)
	}
	return schemagen.Compile(t, text).Validate(value)
}

func TestSchema(t *testing.T) {
	if err := meets(t, sample(), nil); err != nil {
		t.Error(err)
	}
	row := func(m map[string]any) map[string]any {
		return m["engines"].([]any)[0].(map[string]any)["rows"].([]any)[0].(map[string]any)
	}
	for name, spoil := range map[string]func(map[string]any){
		"schema id":   func(m map[string]any) { m["schema"] = "other" },
		"verdict":     func(m map[string]any) { row(m)["verdict"] = "fine" },
		"missing id":  func(m map[string]any) { delete(row(m), "id") },
		"unknown key": func(m map[string]any) { m["surprise"] = 1 },
	} {
		if meets(t, sample(), spoil) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
