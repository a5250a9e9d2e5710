package scenarios

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

	"github.com/sessionspec/sessionspec/internal/schemagen"
	"github.com/sessionspec/sessionspec/internal/story"
)

type schema = schemagen.Schema

var one = uint64(1)

// scenarioFile is the root; these two have a spelling of their own.
var special = map[reflect.Type]string{
	reflect.TypeFor[cast]():       "clients",
	reflect.TypeFor[steps]():      "story",
	reflect.TypeFor[branches]():   "branches",
	reflect.TypeFor[connection](): "connection",
}

func generated(t *testing.T) *schema {
	t.Helper()
	s, err := schemagen.Of("https://sessionspec.dev/schema/scenario/v1", "sessionspec scenario file", &scenarioFile{}, special, ".")
	if err != nil {
		t.Fatal(err)
	}
	d := s.Definitions
	d["name"] = &schema{AnyOf: []*schema{{Type: "string", Pattern: roleName.String()}, {Type: "boolean"}}, Description: "Small letters and digits."}
	d["connection"] = schemagen.AnyOf(&schema{Enum: []any{"missing", "empty", "null", nil}}, schemagen.Ref("text"))

	long := reflected(t, &clientFile{}, d)
	user, _ := long.Properties.Get("user")
	user.Ref = "#/$defs/name"
	d["client"] = &schema{AnyOf: []*schema{schemagen.Ref("name"), long}, Description: "A user agent of its own: whose it is, or more about it."}
	d["clients"] = &schema{Type: "object", PropertyNames: &schema{Pattern: roleName.String()}, AdditionalProperties: schemagen.Ref("client"), MinProperties: &one}
	d["story"] = &schema{Type: "array", Items: schemagen.Ref("step"), MinItems: &one}
	least, most, steps := uint64(story.LeastBranches), uint64(story.MostBranches), uint64(story.MostInBranch)
	d["branches"] = &schema{Type: "array", MinItems: &least, MaxItems: &most,
		Items: &schema{Type: "array", Items: schemagen.Ref("step"), MinItems: &one, MaxItems: &steps}, Description: "Lists of steps that are played at once, each in its order."}
	d["step"] = stepSchema(t, d)

	top := d["scenarioFile"].Properties
	tests, _ := top.Get("tests")
	tests.AnyOf[1].MinItems = &one
	id := &schema{Type: "string", Pattern: strings.TrimSuffix(kebab.String(), "$") + "/" + strings.TrimPrefix(kebab.String(), "^")}
	tests.AnyOf[0], tests.AnyOf[1].Items = id, id
	words, _ := top.Get("needs")
	need := &schema{}
	for _, n := range Needs() {
		need.OneOf = append(need.OneOf, &schema{Const: n.Name, Description: n.Doc})
	}
	words.AnyOf[0], words.AnyOf[1].Items = need, need
	return s
}

// reflected is the schema of a struct, its definitions moved to d.
func reflected(t *testing.T, v any, d jsonschema.Definitions) *schema {
	t.Helper()
	s, err := schemagen.Of("", "", v, special, ".")
	if err != nil {
		t.Fatal(err)
	}
	name := reflect.TypeOf(v).Elem().Name()
	for k, def := range s.Definitions {
		if k != name {
			d[k] = def
		}
	}
	return s.Definitions[name]
}

// stepSchema has one property for each operation, with the keys that it takes.
func stepSchema(t *testing.T, d jsonschema.Definitions) *schema {
	t.Helper()
	all := reflected(t, &stepFile{}, d)
	if user, ok := all.Properties.Get("user"); ok {
		user.Ref = "#/$defs/name"
	}
	ops := map[string]*schema{}
	for _, op := range story.Ops() {
		keys := map[string]*schema{}
		for _, k := range takes(op) {
			keys[k], _ = all.Properties.Get(k)
		}
		long := schemagen.Object(keys)
		s := &schema{Description: op.Doc, AnyOf: []*schema{long}}
		if op.Name == story.Parallel {
			long.Required = []string{"branches"}
			s.AnyOf = append(s.AnyOf, schemagen.Ref("branches"))
			ops[op.Name] = s
			continue
		}
		if op.Of {
			long.Required = []string{"of"}
		} else {
			s.AnyOf = append(s.AnyOf, schemagen.Ref("name"))
		}
		if needsClient(op) {
			long.Required = append(long.Required, "by")
		} else {
			s.AnyOf = append(s.AnyOf, &schema{Type: "null"})
		}
		ops[op.Name] = s
	}
	s := schemagen.Object(ops)
	s.MinProperties, s.MaxProperties = &one, &one
	return s
}

func generatedRequirements(t *testing.T) *schema {
	t.Helper()
	s, err := schemagen.Of("https://sessionspec.dev/schema/requirements/v1", "sessionspec requirements file", &Requirement{}, nil, ".")
	if err != nil {
		t.Fatal(err)
	}
	s.Type, s.PropertyNames, s.AdditionalProperties, s.MinProperties = "object", &schema{Pattern: kebab.String()}, schemagen.Ref("Requirement"), &one
	s.Ref = ""
	return s
}

func TestSchemaIsCurrent(t *testing.T) {
	schemagen.Current(t, "scenario.schema.json", scenarioSchema, generated(t))
	schemagen.Current(t, "requirements.schema.json", requirementsSchema, generatedRequirements(t))
}

func TestSchemaKnowsTheKeysOfTheLoader(t *testing.T) {
	var keys []string
	for i := range reflect.TypeFor[stepFile]().NumField() {
		key, _, _ := strings.Cut(reflect.TypeFor[stepFile]().Field(i).Tag.Get("yaml"), ",")
		keys = append(keys, key)
	}
	if !slices.Equal(keys, stepKeys) {
		t.Errorf("a step's keys: %v, %v", keys, stepKeys)
	}
	for _, op := range story.Ops() {
		for _, k := range takes(op) {
			if !slices.Contains(keys, k) {
				t.Errorf("%s takes %q, which no step has", op.Name, k)
			}
		}
	}
}

func TestEveryFileThatShipsMeetsTheSchema(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	scenario := schemagen.Compile(t, text)
	if text, err = RequirementsSchema(); err != nil {
		t.Fatal(err)
	}
	requirements := schemagen.Compile(t, text)
	for p, data := range schemagen.Files(t, builtin) {
		s := scenario
		if strings.HasSuffix(p, "/requirements.yaml") {
			s = requirements
		}
		if _, err := schemagen.Validate(s, data); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
	for _, in := range []string{minimal, client("{}"), client("{user: bob, connection: ~}"), client("no"), minimal + "  - count_sessions:\nserial: on\n"} {
		if _, err := schemagen.Validate(scenario, []byte(in)); err != nil {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func TestSchemaRefusesBrokenFiles(t *testing.T) {
	for _, set := range []struct {
		schema []byte
		files  []broken
	}{{scenarioSchema, brokenScenarios}, {requirementsSchema, brokenRequirements}} {
		s := schemagen.Compile(t, set.schema)
		for _, c := range set.files {
			parsed, err := schemagen.Validate(s, []byte(c.in))
			if !parsed {
				continue
			}
			if c.grammar && err == nil {
				t.Errorf("%s: the schema lets it pass", c.name)
			}
			if !c.grammar && err != nil {
				t.Errorf("%s: the schema sees it; say so in the table: %v", c.name, err)
			}
		}
	}
}
