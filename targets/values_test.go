package targets

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// decode reads one YAML value, and fails unless that is fine.
func decode(t *testing.T, text string, out any) {
	t.Helper()
	n, err := yamlx.Parse("f", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	n.Decode(out)
	if err := n.Err(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

func TestTemplates(t *testing.T) {
	vars := Vars{"user": "ann", "gone": Missing{}, "nil": Null{}, "empty": "", "of.agent": "phone-1", "$": "s"}
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{"plain", "plain", true},
		{"", "", true},
		{"${user}", "ann", true},
		{"/a/${user}/b?x=${user}", "/a/ann/b?x=ann", true},
		{"${of.agent}", "phone-1", true},
		{"${empty}", "", true},
		{"${gone}", "", false},
		{"Bearer ${gone}", "Bearer ", true}, // only what consists of just the variable is left out
		{"${gone}${gone}", "", true},
		{"${nil}", "null", true},
		{"a${nil}", "anull", true},
		{"$${user}", "${user}", true},
		{"$$${user}", "$${user}", true},
		{"$${", "${", true},
		{"$user $ {user} }", "$user $ {user} }", true},
		{"${user}$${user}${user}", "ann${user}ann", true},
	} {
		got, ok, err := Template{Text: c.in}.Expand(vars)
		if err != nil || got != c.want || ok != c.ok {
			t.Errorf("%q: %q %v %v, want %q %v", c.in, got, ok, err, c.want, c.ok)
		}
	}
	for in, want := range map[string]string{
		"${usr}":        `f:3:4: no value for ${usr} (did you mean "user"?)`,
		"a ${usr} b":    `f:3:4: no value for ${usr} (did you mean "user"?)`,
		"${}":           "f:3:4: no value for ${}",
		"${a}${user}${": "f:3:4: no value for ${a}",
	} {
		_, _, err := Template{in, yamlx.Pos{File: "f", Line: 3, Col: 4}}.Expand(vars)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

// A variable's value is text: what stands in it is not filled in again.
func TestValuesAreNotTemplates(t *testing.T) {
	got, _, err := Template{Text: "${a} ${b}"}.Expand(Vars{"a": "${b}", "b": "$${x}"})
	if err != nil || got != "${b} $${x}" {
		t.Errorf("%q %v", got, err)
	}
}

func TestJSONBodies(t *testing.T) {
	vars := Vars{"user": `a"nn`, "gone": Missing{}, "nil": Null{}, "n": "5"}
	for in, want := range map[string]string{
		`{name: "${user}", n: "${n}"}`:                      `{"n":"5","name":"a\"nn"}`,
		`{a: 1, b: 1.5, c: true, d: ~, e: '1', f: 'null'}`:  `{"a":1,"b":1.5,"c":true,"d":null,"e":"1","f":"null"}`,
		`{big: 12345678901234567890, id: 9007199254740993}`: `{"big":12345678901234567890,"id":9007199254740993}`,
		`{a: [{b: "${user}"}, ["${n}", 2]], c: {}, d: []}`:  `{"a":[{"b":"a\"nn"},["5",2]],"c":{},"d":[]}`,
		`{keep: "x${gone}", drop: "${gone}"}`:               `{"keep":"x"}`,
		`{list: [1, "${gone}", 2]}`:                         `{"list":[1,2]}`,
		`{deep: {drop: "${gone}"}}`:                         `{"deep":{}}`,
		`{typed: "${nil}", text: "is ${nil}"}`:              `{"text":"is null","typed":null}`,
		`["${nil}"]`:                                        `[null]`,
		`"${user}"`:                                         `"a\"nn"`,
		`"$${user}"`:                                        `"${user}"`,
		`{"<&>": "<&>"}`:                                    `{"<&>":"<&>"}`,
		`{yes: no, on: "off", v: 1.0}`:                      `{"on":"off","v":1,"yes":"no"}`,
		`42`:                                                `42`,
	} {
		var d Data
		decode(t, in, &d)
		v, err := d.Expand(vars)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got, err := marshal(v); err != nil || string(got) != want {
			t.Errorf("%s\ngot  %s %v\nwant %s", in, got, err, want)
		}
	}
}

func TestJSONBodiesKeepWhatWasWritten(t *testing.T) {
	var d Data
	decode(t, `{a: "${user}", b: [1, "$${x}"]}`, &d)
	if b, err := json.Marshal(d); err != nil || string(b) != `{"a":"${user}","b":[1,"$${x}"]}` {
		t.Errorf("%s %v", b, err)
	}
	var names []string
	for _, r := range d.refs() {
		names = append(names, r.name)
	}
	if !reflect.DeepEqual(names, []string{"user"}) {
		t.Errorf("refs %v", names)
	}
	_, err := d.Expand(Vars{})
	if err == nil || !strings.HasPrefix(err.Error(), "f:1:5: no value for ${user}") {
		t.Errorf("%v", err)
	}
}

func TestFieldsKeepTheirOrder(t *testing.T) {
	var s Step
	decode(t, `{POST: /, headers: {Z: "1", A: "${gone}", M: 2, b: true}, form: {}}`, &s)
	want := []string{"Z", "A", "M", "b"}
	for i, f := range s.Headers {
		if f.Name != want[i] {
			t.Errorf("%d: %s", i, f.Name)
		}
	}
	if _, ok, _ := s.Headers[1].Value.Expand(Vars{"gone": Missing{}}); ok {
		t.Error("a header that is just a missing variable stays")
	}
	if s.Form == nil {
		t.Error("an empty form is a form all the same")
	}
}

func TestConditions(t *testing.T) {
	a := &Answer{Status: 303, Exit: 2, Stdout: "out\nTOKEN x", Body: `{"a":{"b":[1,{"c":"d"}]},"ok":true,"nil":null,"big":9007199254740993}`,
		Header: history.Lines{{Name: "location", Value: "/account"}, {Name: "Set-Cookie", Value: "a=1"}},
		Cookie: func(n string) string { return map[string]string{"sid": "s1"}[n] }}
	vars := Vars{"state": "pending", "gone": Missing{}, "of.handle": "h"}
	for in, want := range map[string]bool{
		"status == 303":                              true,
		"status in [401, 410]":                       false,
		"status >= 300 and status < 400":             true,
		"exit != 0 && exit < 3":                      true,
		`stdout contains "TOKEN"`:                    true,
		`stdout matches "(?m)^TOKEN"`:                true,
		`header("Location") == "/account"`:           true,
		`header("X-None") == ""`:                     true,
		`json("$.a.b[1].c") == "d"`:                  true,
		`json("$.a.b[0]") == 1`:                      true,
		`json("$.big") == 9007199254740993`:          true,
		`json("$.nope") == nil`:                      true,
		`json("$.nil") == nil`:                       true,
		`json("$.ok")`:                               true,
		`json("$.a.b[?(@.c == 'd')].c") != nil`:      true,
		`cookie("sid") == "s1"`:                      true,
		`cookie("none") == ""`:                       true,
		`vars.state == "pending"`:                    true,
		`vars.gone == ""`:                            true, // missing is empty here
		`vars["of.handle"] == "h"`:                   true,
		`vars.credential != "" or vars.state == "x"`: false,
	} {
		var e Expr
		n, err := yamlx.Parse("f", []byte(`v: '`+strings.ReplaceAll(in, "'", "''")+`'`))
		if err != nil {
			t.Fatal(err)
		}
		n.Find("v").Decode(&e)
		if err := n.Err(); err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got, err := e.Holds(a, vars); err != nil || got != want {
			t.Errorf("%s: %v %v", in, got, err)
		}
	}
}

func TestConditionsOnPages(t *testing.T) {
	a := &Answer{Body: `<ul><li class=x>1<li>2<li class="x y">3</ul><p id=user>ann</p>`}
	for in, want := range map[string]bool{
		`css("li") == 3`: true, `css("li.x") == 2`: true, `css("#user") > 0`: true, `css("#none") == 0`: true,
		`cookie("a") == ""`: true, `json("$.a") == nil`: true, `body contains "ann"`: true,
	} {
		var e Expr
		decode(t, "'"+in+"'", &e)
		if got, err := e.Holds(a, nil); err != nil || got != want {
			t.Errorf("%s: %v %v", in, got, err)
		}
	}
	var e Expr
	decode(t, `json("$.[" + vars.x) == nil`, &e)
	if _, err := e.Holds(a, Vars{"x": "a"}); err == nil || !strings.HasPrefix(err.Error(), "f:1:1: condition") {
		t.Errorf("a path put together at run time: %v", err)
	}
}
