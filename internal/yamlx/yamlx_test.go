package yamlx

import (
	"errors"
	"strings"
	"testing"
	"time"
)

type inner struct {
	Kind string `yaml:"kind,required,oneof=cookie|header"`
	Pos  Pos
}

type sample struct {
	Name  string            `yaml:"name,required"`
	Idle  time.Duration     `yaml:"idle"`
	On    bool              `yaml:"on"`
	Tags  []string          `yaml:"tags"`
	Vars  map[string]string `yaml:"vars"`
	Inner []inner           `yaml:"inner"`
	Any   any               `yaml:"any"`
}

func TestDecode(t *testing.T) {
	var s sample
	err := Load("f.yaml", []byte("name: x\nidle: 14d\non: yes\ntags: one\nvars: {a: b}\ninner:\n  - kind: cookie\n  - {kind: header}\nany: {n: 1, s: '1'}\n"), &s)
	if err != nil {
		t.Fatal(err)
	}
	if s.Idle != 14*24*time.Hour || !s.On || s.Tags[0] != "one" || s.Vars["a"] != "b" {
		t.Fatalf("%+v", s)
	}
	if s.Inner[0].Pos.Line != 7 || s.Inner[1].Pos.Line != 8 {
		t.Fatalf("positions: %+v", s.Inner)
	}
	m := s.Any.(map[string]any)
	if m["n"] != int64(1) || m["s"] != "1" {
		t.Fatalf("any: %#v", m)
	}
}

func TestComplaintsNamePlaceAndNearestWord(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"unknown key", "name: x\ntag: [a]\n", `f.yaml:2:1: unknown key "tag" (did you mean "tags"?)`},
		{"missing key", "on: true\n", `f.yaml:1:1: missing key "name"`},
		{"bad word", "name: x\ninner: [{kind: cokie}]\n", `f.yaml:2:16: unknown value "cokie" (did you mean "cookie"?)`},
		{"bad duration", "name: x\nidle: soon\n", `f.yaml:2:7: expected a duration`},
		{"not a map", "- a\n", `f.yaml:1:1: expected a mapping`},
		{"scalar for list of structs", "name: x\ninner: 3\n", `f.yaml:2:8: expected a mapping`},
		{"duplicate key", "name: x\nname: y\n", `f.yaml:2:1:`},
		{"syntax", "name: [x\n", `f.yaml:`},
		{"empty", "", `f.yaml:1:1:`},
		{"second document", "name: x\n---\nname: y\n", `f.yaml:`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var s sample
			err := Load("f.yaml", []byte(c.in), &s)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("want %q in\n%v", c.want, err)
			}
		})
	}
}

func TestAllComplaintsAtOnceWithCaret(t *testing.T) {
	var s sample
	err := Load("f.yaml", []byte("nam: x\nidle: soon\n"), &s)
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != 3 {
		t.Fatalf("want 3 complaints, got %v", err)
	}
	if !strings.Contains(errs[0].Excerpt, "  1 | nam: x\n    | ^") {
		t.Fatalf("excerpt:\n%s", errs[0].Excerpt)
	}
}

func TestAliasBombIsRefused(t *testing.T) {
	var b strings.Builder
	b.WriteString("any:\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 9; i++ {
		prev, cur := string(rune('0'+i-1)), string(rune('0'+i))
		b.WriteString("  a" + cur + ": &a" + cur + " [" + strings.Repeat("*a"+prev+",", 9) + "]\n")
	}
	b.WriteString("name: x\n")
	done := make(chan error, 1)
	go func() { var s sample; done <- Load("f.yaml", []byte(b.String()), &s) }()
	if err := <-done; err == nil {
		t.Fatal("an alias bomb was accepted")
	}
}
