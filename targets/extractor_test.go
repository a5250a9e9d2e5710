package targets

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

func TestExtractors(t *testing.T) {
	a := &Answer{
		Body: `{"user":"ann","n":7,"big":9007199254740993,"huge":123456789012345678901234567890,"f":1.25,"yes":true,"no":false,"nil":null,"empty":"",
			"obj":{"b":"<&>","a":1},"data":[{"id":3,"agent":"laptop"},{"id":4,"agent":"phone"}],"tokens":{"x@y":"tok"}}`,
		Stdout: "name: ann\n{\"no\": 1}", Header: history.Lines{{Name: "x-session-token", Value: "t1"}, {Name: "X-Session-Token", Value: "t2"}},
		Cookie: func(n string) string { return map[string]string{"csrf": "c1"}[n] },
	}
	vars := Vars{"of.agent": "phone", "key": "user", "gone": Missing{}, "path": "$.n"}
	for _, c := range []struct {
		in, want string
		found    bool
	}{
		{"$.user", "ann", true},
		{"{json: $.n}", "7", true},
		{"$.big", "9007199254740993", true},
		{"$.huge", "123456789012345678901234567890", true},
		{"$.f", "1.25", true},
		{"$.yes", "true", true},
		{"$.no", "false", true},
		{"$.nil", "", false},
		{"$.empty", "", false}, // an empty token is none
		{"$.nope", "", false},
		{"$.obj", `{"a":1,"b":"<&>"}`, true},
		{"$.tokens.*", "tok", true},
		{"$['tokens']['x@y']", "tok", true},
		{`"$.data[?(@.agent == '${of.agent}')].id"`, "4", true},
		{`"$.${key}"`, "ann", true},
		{`"${path}"`, "7", true},
		{`"${gone}"`, "", false},
		{`"$.data[?(@.agent == '${gone}')].id"`, "", false},
		{"{header: X-Session-Token}", "t1", true},
		{"{header: X-None}", "", false},
		{"{cookie: csrf}", "c1", true},
		{"{cookie: none}", "", false},
		{`{regex: '"agent":"(\w+)"'}`, "laptop", true},
		{`{regex: '"${key}":"(\w+)"'}`, "ann", true},
		{"{regex: 'nope(.)'}", "", false},
		{`{stdout_regex: '(?m)^name: (\S+)$'}`, "ann", true},
		{"{stdout_json: $.no}", "", false}, // the whole of it has to be JSON
	} {
		var e Extractor
		decode(t, c.in, &e)
		got, found, err := e.From(a, vars)
		if err != nil || got != c.want || found != c.found {
			t.Errorf("%s: %q %v %v, want %q %v", c.in, got, found, err, c.want, c.found)
		}
	}
	var e Extractor
	decode(t, "{stdout_json: '$.tokens[0]'}", &e)
	if got, found, err := e.From(&Answer{Stdout: "\n {\"tokens\": [\"x\"]}\n"}, nil); got != "x" || !found || err != nil {
		t.Errorf("JSON on standard output: %q %v %v", got, found, err)
	}
}

func TestExtractorsOnPages(t *testing.T) {
	a := &Answer{Body: `<!doctype html><form id=login><input name="csrf" value="a&amp;b"><input name=user value></form>
		<ul id=sessions><li data-handle=h1>x<li class=current data-handle=h2>y</ul><p id=note>  two <b>words</b>
		</p><p id=none></p>`}
	for _, c := range []struct {
		in, want string
		found    bool
	}{
		{`{css: 'input[name="csrf"]', attr: value}`, "a&b", true},
		{`{css: 'input[name="user"]', attr: value}`, "", true},
		{`{css: "#sessions li.current", attr: data-handle}`, "h2", true},
		{`{css: li, attr: data-handle}`, "h1", true},
		{`{css: li, attr: nope}`, "", false},
		{`{css: "#note"}`, "two words", true},
		{`{css: "#none"}`, "", true},
		{`{css: "#nope"}`, "", false},
		{`{css: "#${id}"}`, "two words", true},
	} {
		var e Extractor
		decode(t, c.in, &e)
		got, found, err := e.From(a, Vars{"id": "note"})
		if err != nil || got != c.want || found != c.found {
			t.Errorf("%s: %q %v %v, want %q %v", c.in, got, found, err, c.want, c.found)
		}
	}
}

func TestExtractorsOnGarbage(t *testing.T) {
	for _, body := range []string{"", "<html>", "{", "{} {}", "null", "\x00\xff", "[1,2", `{"a":}`, strings.Repeat("[", 100_000), strings.Repeat("<div>", 100_000)} {
		a := &Answer{Body: body, Stdout: body}
		for _, in := range []string{"$.a", "$..a", "$.a[?(@.b == 'c')].d", "{css: div div p}", "{regex: 'q(x)'}", "{stdout_json: '$.a'}"} {
			var e Extractor
			decode(t, in, &e)
			if v, found, err := e.From(a, nil); found || err != nil {
				t.Errorf("%s in %.20q: %q %v %v", in, body, v, found, err)
			}
		}
	}
}

func TestExtractorsSayWhereTheVariableIsMissing(t *testing.T) {
	var e Extractor
	decode(t, `"$.${nope}"`, &e)
	if _, _, err := e.From(&Answer{Body: "{}"}, Vars{}); err == nil || !strings.HasPrefix(err.Error(), "f:1:1: no value for ${nope}") {
		t.Error(err)
	}
	var re Extractor
	decode(t, `{regex: '(${v}'}`, &re)
	if _, _, err := re.From(&Answer{}, Vars{"v": "("}); err == nil {
		t.Error("a regular expression that a variable breaks was used")
	}
}

// A list has every value, in order; a variable in the place to look at counts.
func TestFromAll(t *testing.T) {
	a := &Answer{Body: `{"s": [{"id": "a", "n": 1}, {"id": "", "n": 2}, {"id": "a", "n": {"x": "<"}}]}`, Stdout: "id=7\nid=8\n"}
	page := &Answer{Body: `<ul><li data-h="x"> one </li><li>two</li></ul>`}
	for _, c := range []struct {
		e    Extractor
		a    *Answer
		want string
	}{
		{Extractor{JSON: "$.s[*].id"}, a, "[a  a]"},
		{Extractor{JSON: "$.s[*].n"}, a, `[1 2 {"x":"<"}]`},
		{Extractor{JSON: "$.${where}[*].id"}, a, "[a  a]"},
		{Extractor{JSON: "${missing}"}, a, "[]"},
		{Extractor{JSON: "$.s[*].id"}, page, "[]"},
		{Extractor{CSS: "li"}, page, "[one two]"},
		{Extractor{CSS: "li", Attr: "data-h"}, page, "[x ]"},
		{Extractor{Regex: `"id": "(\w*)"`}, a, "[a  a]"},
		{Extractor{StdoutRegex: `id=(\d)`}, a, "[7 8]"},
		{Extractor{StdoutJSON: "$[*]"}, &Answer{Stdout: "[1,2]"}, "[1 2]"},
	} {
		c.e.All = true
		got, err := c.e.FromAll(c.a, Vars{"where": "s", "missing": Missing{}})
		if err != nil || fmt.Sprint([]string(got)) != c.want {
			t.Errorf("%+v: %v %v, want %s", c.e, got, err, c.want)
		}
	}
	if _, err := (Extractor{JSON: "$.${nobody}"}).FromAll(a, Vars{}); err == nil {
		t.Error("an unknown variable")
	}
	vars := Vars{"ids": List{"a", "b"}}
	if got, ok, err := (Template{Text: "${ids}"}).Expand(vars); got != "a,b" || !ok || err != nil {
		t.Errorf("%q %v %v", got, ok, err)
	}
	if got, _, _ := (Template{Text: "x=${ids}"}).Expand(vars); got != "x=a,b" {
		t.Errorf("%q", got)
	}
}
