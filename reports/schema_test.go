package reports

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	generate "github.com/invopop/jsonschema"
	check "github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write run.schema.json anew from the Go types")

func generated(t *testing.T) []byte {
	t.Helper()
	r := &generate.Reflector{FieldNameTag: "json"}
	if err := r.AddGoComments("github.com/sessionspec/sessionspec/reports", "."); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(&Run{})
	s.ID = "urn:sessionspec:schema:run:v1"
	s.Title = "sessionspec run.json"
	words := make([]any, len(Verdicts))
	for i, v := range Verdicts {
		words[i] = v.String()
	}
	s.Definitions["Verdict"] = &generate.Schema{Type: "string", Enum: words, Description: "Only pass counts as a pass."}
	verdict := &generate.Schema{Ref: "#/$defs/Verdict"}
	run := s.Definitions["Run"].Properties
	for _, name := range []string{"summary", "scenario_summary"} {
		p, _ := run.Get(name)
		p.PropertyNames, p.AdditionalProperties = verdict, &generate.Schema{Type: "integer", Minimum: "0"}
	}
	for _, def := range []string{"Requirement", "Scenario"} {
		p, _ := s.Definitions[def].Properties.Get("verdict")
		description := p.Description
		*p = *verdict
		p.Description = description
	}
	p, _ := run.Get("schema")
	p.Const = SchemaID
	p, _ = run.Get("verdict")
	p.Enum = []any{Conformant, NotConformant, Broken, NothingJudged}
	p, _ = run.Get("exit_code")
	p.Enum = []any{ExitConformant, ExitNotConformant, ExitBroken, ExitNothingJudged}
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

func TestSchemaIsCurrent(t *testing.T) {
	want := generated(t)
	if *update {
		if err := os.WriteFile("run.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := Schema()
	if err != nil || !bytes.Equal(have, want) {
		t.Errorf("run.schema.json is out of date; run: go test ./reports -run TestSchemaIsCurrent -update (%v)", err)
	}
}

func compiled(t *testing.T) *check.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := check.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := check.NewCompiler()
	if err := c.AddResource("run.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("run.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRunsMeetTheSchema(t *testing.T) {
	schema := compiled(t)
	for name, r := range map[string]*Run{"sample": sample(), "green": healthy(), "poisoned": poisoned(), "empty": {}, "broken": {Error: "unreachable"}} {
		path := filepath.Join(t.TempDir(), RunJSON)
		if err := r.Write(path); err != nil {
			t.Fatal(name, err)
		}
		b, _ := os.ReadFile(path)
		doc, err := check.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(name, err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefusesNonsense(t *testing.T) {
	schema := compiled(t)
	for name, spoil := range map[string]func(map[string]any){
		"schema id":    func(m map[string]any) { m["schema"] = "other" },
		"verdict word": func(m map[string]any) { m["requirements"].([]any)[0].(map[string]any)["verdict"] = "passed" },
		"summary word": func(m map[string]any) { m["summary"].(map[string]any)["passed"] = 1 },
		"unknown key":  func(m map[string]any) { m["surprise"] = true },
		"missing key":  func(m map[string]any) { delete(m, "scenarios") },
		"level":        func(m map[string]any) { m["requirements"].([]any)[0].(map[string]any)["level"] = "PERHAPS" },
		"exit code":    func(m map[string]any) { m["exit_code"] = 2 },
	} {
		r := sample()
		r.Finish()
		b, _ := json.Marshal(r)
		var doc map[string]any
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Fatal("the sample itself:", err)
		}
		spoil(doc)
		if schema.Validate(doc) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
