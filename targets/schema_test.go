package targets

import (
	"path"
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

// Types with a spelling of their own, and the definitions that describe it.
var special = map[reflect.Type]string{
	reflect.TypeFor[Template]():   "template",
	reflect.TypeFor[Extractor]():  "extractor",
	reflect.TypeFor[Steps]():      "steps",
	reflect.TypeFor[Operations](): "operations",
}

func generated(t *testing.T) *schema {
	t.Helper()
	s, err := schemagen.Of("https://sessionspec.dev/schema/target/v1", "sessionspec target file", &Target{}, special, ".")
	if err != nil {
		t.Fatal(err)
	}
	d := s.Definitions
	d["template"] = &schema{Ref: "#/$defs/text", Description: "A text; ${name} is filled in, $${ is a literal ${."}
	d["path"] = &schema{Type: "string", Pattern: `^($|/|\$\{|.*://)`, Description: "A path of the target; ${name} is filled in."}
	d["condition"] = &schema{AnyOf: []*schema{{Type: "string"}, {Type: "boolean"}}, Not: &schema{Type: "string", Pattern: `\$\{`},
		Description: `A condition on the answer: status, exit, stdout, body, header("X"), json("$.a"), cookie("c"), css("sel") (a count), vars.NAME.`,
		Examples:    []any{"status == 200", `status in [401, 410]`, `json("$.user") != nil`}}
	d["fields"] = &schema{Type: "object", AdditionalProperties: schemagen.Ref("template")}
	d["extractor"] = extractorSchema()
	d["step"] = stepSchema()
	d["steps"] = orList(schemagen.Ref("step"), false)
	for name, own := range map[string]map[string]*schema{
		"route":        {},
		"route_whoami": {"live": described("condition", "Whether somebody is signed in."), "name": described("extractor", "Who is signed in.")},
	} {
		routeSchemas(d, name, own)
		d[name+"s"] = orList(schemagen.Ref(name), true)
	}
	d["operations"] = operationsSchema()

	top := d["Target"].Properties
	base, _ := top.Get("base")
	base.Ref, base.Type, base.Pattern = "", "string", `^($|https?://|\$\{)`
	ops, _ := top.Get("operations")
	ops.Required = []string{"whoami", "sign_in"}
	own := &schema{Not: &schema{Enum: schemagen.Any(slices.DeleteFunc(slices.Concat(runVars, storyVars), func(v string) bool { return v == "port" }))}}
	for _, def := range []string{"Target", "Release"} {
		vars, _ := d[def].Properties.Get("vars")
		vars.PropertyNames = own
	}
	command, _ := d["Command"].Properties.Get("command")
	command.AnyOf[1].MinItems = &one
	ready, _ := d["Command"].Properties.Get("ready")
	ready.Ref, ready.Type, ready.Pattern = "", "string", "^$|"+readyForm.String()
	setup, _ := top.Get("setup")
	setup.Not = &schema{Required: []string{"ready"}, Properties: schemagen.Object(map[string]*schema{"ready": {MinLength: &one}}).Properties}
	path, _ := d["Page"].Properties.Get("path")
	path.Ref = "#/$defs/path"
	without, _ := d["Declares"].Properties.Get("without")
	words := &schema{Enum: schemagen.Any(append(Capabilities(), story.Names()...))}
	without.AnyOf = orList(words, false).AnyOf
	return s
}

func orList(item *schema, atLeastOne bool) *schema {
	list := &schema{Type: "array", Items: item}
	if atLeastOne {
		list.MinItems = &one
	}
	return &schema{AnyOf: []*schema{item, list}}
}

func described(ref, text string) *schema {
	s := schemagen.Ref(ref)
	s.Description = text
	return s
}

func extractorSchema() *schema {
	docs := map[string]string{
		"json": "JSONPath into the body.", "header": "Name of a header.", "cookie": "Name of a cookie in the client's jar.",
		"css": "CSS selector: the first element's text, or its attribute.", "attr": "Attribute of the element found by css.",
		"regex": "Regular expression on the body, with one group.", "stdout_json": "JSONPath into a command's standard output.",
		"stdout_regex": "Regular expression on a command's standard output, with one group.",
	}
	props, kinds := map[string]*schema{}, []string{}
	for _, k := range extractorKeys {
		props[k] = &schema{Type: "string", MinLength: &one, Description: docs[k]}
		if k != "attr" && k != "all" {
			kinds = append(kinds, k)
		}
	}
	props["all"] = &schema{Type: "boolean", Description: "Take every value, as a list, and not the first only."}
	o := schemagen.Object(props)
	o.OneOf = schemagen.OneKeyOf(kinds).OneOf
	o.DependentRequired = map[string][]string{"attr": {"css"}}
	none := &schema{AnyOf: []*schema{schemagen.Has("header"), schemagen.Has("cookie")}}
	o.Not = &schema{AllOf: []*schema{none, {Required: []string{"all"}, Properties: schemagen.Object(map[string]*schema{"all": {Enum: []any{true}}}).Properties}}}
	return &schema{Description: "One value out of an answer: a JSONPath, or where else to find it.",
		AnyOf: []*schema{{Type: "string", Pattern: `^\$`, Examples: []any{"$.token"}}, o}}
}

func stepProperties() map[string]*schema {
	p := map[string]*schema{
		"headers":   described("fields", "Header lines, in this order; one that is just a missing variable is left out."),
		"query":     described("fields", "Query parameters."),
		"json":      {Description: "JSON body; texts in it are templates."},
		"form":      described("fields", "Form body (application/x-www-form-urlencoded)."),
		"multipart": described("fields", "Form body (multipart/form-data)."),
		"body":      described("template", "Body as it stands."),
		"frame":     frameSchema("Body of text and JSON behind it, as Socket.IO writes packets."),
		"env":       described("fields", "Environment of the command."),
		"stdin":     described("template", "Standard input of the command."),
		"websocket": described("path", "Holds one websocket conversation."),
		"send":      {Description: "JSON messages to send: one, or a list."},
		"until":     described("condition", "Read messages, or make the GET again, until this holds."),
		"within":    described("duration", "How long an answer has to come; silence is then a refusal."),
		"stream":    described("path", "Opens an event stream; in open_channel."),
		"channel":   {Description: "JSON messages to send over the open channel: one, a list, or an empty list; then waits for data."},
		"drive":     {Type: "string", Pattern: "^(" + strings.Join(append(operationNames(), Provision), "|") + ")(/.*)?$", Description: "The driver does it: an operation, or operation/route."},
		"open":      described("path", "Browser: open a page."),
		"fill":      {Type: "object", AdditionalProperties: schemagen.Ref("template"), MinProperties: &one, Description: "Browser: fill in fields, by CSS selector, by label (label=Password) or by role (role=textbox Name)."},
		"click":     described("template", "Browser: click on the element of this CSS selector, label or role (role=button Sign in)."),
		"wait":      described("template", "Browser: wait until the element of this CSS selector, label or role is visible."),
		"refused":   {Type: "string", Description: "Browser: what the page shows in place of what is filled, clicked or waited for, where it refuses."},
		"keep":      {Type: "object", AdditionalProperties: schemagen.Ref("extractor"), Description: "Values to keep as variables; `credential` presents the session."},
		"ok":        described("condition", "When the step has worked; below 400 or exit 0 unless given."),
		"if":        described("condition", "Leave the step out unless this holds of the answer before."),
	}
	p["frames"] = &schema{Type: "array", Items: frameSchema("One message."), Description: "Messages of text and JSON behind it, in order."}
	exec := orList(schemagen.Ref("template"), true)
	exec.Description = "Runs a command; ./x is in the file's folder."
	p["exec"] = exec
	for _, m := range methods {
		p[m] = described("path", "Sends a request. Redirects are not followed.")
	}
	return p
}

func frameSchema(doc string) *schema {
	o := schemagen.Object(map[string]*schema{"text": described("template", "What stands in front."), "json": {Description: "JSON value behind it; texts in it are templates."}})
	o.Description, o.MinProperties = doc, &one
	return o
}

var actions = append([]string{"exec", "websocket", "stream", "channel", "drive", "open", "fill", "click", "wait"}, methods...)

// fits says what the keys of a step demand of each other.
func fits(s *schema) {
	s.OneOf = schemagen.OneKeyOf(actions).OneOf
	request := &schema{AnyOf: schemagen.OneKeyOf(methods).OneOf}
	alone := func(key string) *schema {
		r := &schema{AnyOf: request.AnyOf, Not: &schema{}}
		for _, other := range []string{"json", "form", "multipart", "body", "frame"} {
			if other != key {
				r.Not.AnyOf = append(r.Not.AnyOf, schemagen.Has(other))
			}
		}
		return r
	}
	s.DependentSchemas = map[string]*schema{
		"json": alone("json"), "form": alone("form"), "multipart": alone("multipart"), "body": alone("body"), "frame": alone("frame"), "query": request,
		"until":   {AnyOf: []*schema{schemagen.Has("GET"), schemagen.Has("websocket"), schemagen.Has("stream"), schemagen.Has("channel")}},
		"refused": {AnyOf: []*schema{schemagen.Has("fill"), schemagen.Has("click"), schemagen.Has("wait")}},
		"within":  {AnyOf: append(slices.Clone(request.AnyOf), schemagen.Has("websocket"))},
		"headers": {AnyOf: append(slices.Clone(request.AnyOf), schemagen.Has("websocket"), schemagen.Has("stream"))},
	}
	s.DependentRequired = map[string][]string{"env": {"exec"}, "stdin": {"exec"}, "send": {"websocket"}, "frames": {"websocket"}}
}

func stepSchema() *schema {
	s := schemagen.Object(stepProperties())
	s.Description = "One request, command, websocket conversation, use of an open channel, call of the driver or browser action."
	fits(s)
	return s
}

// routeSchemas describes a route: with steps, or with one step's keys in it.
func routeSchemas(d jsonschema.Definitions, name string, own map[string]*schema) {
	head := func() map[string]*schema {
		p := map[string]*schema{
			"route":     described("text", "The route's name; its first step's method or action unless given."),
			"by":        {Enum: []any{"self", "nobody"}, Description: "Who does it: the acting client, or a clean throw-away client."},
			"ok":        described("condition", "When the operation has worked; when every step has, unless given."),
			"registers": {Type: "boolean", Description: "A further route of sign_in that makes the account: taken for a person's first sign-in."},
			"pending":   described("condition", "When the client is partly signed in (a second factor is due)."),
		}
		for k, v := range own {
			p[k] = v
		}
		return p
	}
	steps := head()
	steps["steps"] = &schema{AnyOf: []*schema{schemagen.Ref("step"), {Type: "array", Items: schemagen.Ref("step"), MinItems: &one}},
		Description: "What is done, in order, until a step is not ok."}
	single := stepProperties()
	for k, v := range head() {
		single[k] = v
	}
	d[name+"_of_steps"] = schemagen.Object(steps)
	d[name+"_of_one_step"] = schemagen.Object(single)
	fits(d[name+"_of_one_step"])
	d[name] = &schema{If: schemagen.Has("steps"), Then: schemagen.Ref(name + "_of_steps"), Else: schemagen.Ref(name + "_of_one_step")}
	if _, ok := own["live"]; ok {
		d[name].AnyOf = []*schema{schemagen.Has("live"), schemagen.Has("drive"), schemagen.Has("steps")}
	}
}

func operationsSchema() *schema {
	p := map[string]*schema{}
	for _, o := range story.Ops() {
		if slices.Contains(operationNames(), o.Name) {
			p[o.Name] = described("routes", o.Doc)
		}
	}
	p["whoami"] = described("route_whoamis", "who the client is, if anybody; asked after every operation")
	return schemagen.Object(p)
}

func TestSchemaIsCurrent(t *testing.T) {
	schemagen.Current(t, "target.schema.json", targetSchema, generated(t))
}

func TestSchemaKnowsTheKeysOfTheLoader(t *testing.T) {
	keys := func(m map[string]*schema) (out []string) {
		for k := range m {
			out = append(out, k)
		}
		slices.Sort(out)
		return out
	}
	want := slices.Clone(stepKeys)
	slices.Sort(want)
	if got := keys(stepProperties()); !slices.Equal(got, want) {
		t.Errorf("a step's keys: %v, the loader's %v", got, want)
	}
	d := jsonschema.Definitions{}
	routeSchemas(d, "r", map[string]*schema{"live": {}, "name": {}})
	var got []string
	for pair := d["r_of_steps"].Properties.Oldest(); pair != nil; pair = pair.Next() {
		got = append(got, pair.Key)
	}
	want = slices.Clone(routeKeys)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("a route's keys: %v, the loader's %v", got, want)
	}
}

func TestEveryTargetThatShipsMeetsTheSchema(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	s := schemagen.Compile(t, text)
	for p, data := range schemagen.Files(t, builtin) {
		if path.Base(p) == baselineFile {
			continue
		}
		if _, err := schemagen.Validate(s, data); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
	for name, in := range map[string]string{"minimal": minimal, "one step": step("{DELETE: /}"), "empty form": step("{POST: /, form: {}}"),
		"null body": step("{POST: /, json: null}"), "number": step("{POST: /, form: {a: 1}}"), "truth": minimal + "declares: {anonymous_sessions: no}\n"} {
		if _, err := Parse("f", []byte(in)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := schemagen.Validate(s, []byte(in)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefusesBrokenTargets(t *testing.T) {
	s := schemagen.Compile(t, targetSchema)
	for _, c := range append(brokenTargets, brokenValues...) {
		parsed, err := schemagen.Validate(s, []byte(c.in))
		if !parsed {
			continue
		}
		if c.grammar && err == nil {
			t.Errorf("%s: the schema lets it pass", c.name)
		}
		if !c.grammar && err != nil {
			t.Errorf("%s: the schema sees it; say so in the table", c.name)
		}
	}
}
