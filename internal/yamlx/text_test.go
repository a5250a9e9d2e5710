package yamlx

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestBrokenFilesAreRefusedWithAPlace(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"tab in front of the first key", "\ta: 1\n", "f:1:1: found character that cannot start any token; the line is indented by a tab, YAML takes spaces only"},
		{"tab in an indentation", "a:\n\tb: 1\n", "f:2:1: found character that cannot start any token; the line is indented by a tab"},
		{"not UTF-8", "a: 1\nb: ä\xff\n", "f:2:5: byte 0xff is not UTF-8"},
		{"UTF-16", "\xff\xfea\x00:\x00 \x001\x00", "f:1:1: the file is UTF-16; save it as UTF-8"},
		{"NUL", "a: \"\x00\"\n", "f:1:5: control character U+0000"},
		{"escape sequence", "a: \x1b[31m\n", "f:1:4: control character U+001B"},
		{"second document", "a: 1\n---\nb: 2\n", "f:2:1: a second document begins here; a file holds one"},
		{"broken second document", "a: 1\n---\nb: [2\n", "f:4:1: did not find expected ',' or ']'"},
		{"empty", "", "f:1:1: the file is empty"},
		{"comments only", "# nothing\n", "f:1:1: the file is empty"},
		{"unknown anchor", "a: *nope\n", "f:1:4: unknown anchor 'nope' referenced"},
		{"anchor in itself", "a: &x [*x]\n", "f:1:4: the document is too large once its aliases are expanded"},
		{"merge key", "b: &b {a: 1}\nc:\n  <<: *b\n", "f:3:3: merge keys (<<) are not supported"},
		{"key that is a list", "? [a]\n: 1\n", "f:1:3: a key has to be a plain text"},
		{"key that is an alias", "&k a: 1\n*k : 2\n", "f:2:1: a key has to be a plain text"},
		{"duplicate key with CRLF", "a: 1\r\nb: 2\r\na: 3\r\n", `f:3:1: key "a" stands here twice, first in line 1`},
		{"duplicate key below", "a:\n  - b: 1\n    b: 2\n", `f:3:5: key "b" stands here twice, first in line 2`},
		{"too deep", strings.Repeat("[", 20_000), "f:1:10001: exceeded max depth"},
		{"unclosed", "a: [1, 2\nb: 3\n", "f:2:2: did not find expected ',' or ']'"},
		{"too big", strings.Repeat("#", MaxSize+1), "f:1:1: file has 1048577 bytes, more than the 1048576 allowed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("f", []byte(c.in))
			var errs Errors
			if !errors.As(err, &errs) || !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("want %s\ngot  %.300v", c.want, err)
			}
		})
	}
}

func TestHarmlessOdditiesAreRead(t *testing.T) {
	for name, in := range map[string]string{
		"BOM":           "\uFEFFname: x\n",
		"CRLF":          "name: x\r\ntags: [a]\r\n",
		"end mark":      "name: x\n...\n",
		"start mark":    "---\nname: x\n",
		"no line end":   "name: x",
		"emoji":         "name: x # 🦊\n",
		"exactly 1 MiB": "name: x\n#" + strings.Repeat("-", MaxSize-9),
		"deep":          "name: x\nany: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
	} {
		var s sample
		if err := Load("f", []byte(in), &s); err != nil || s.Name != "x" {
			t.Errorf("%s: %q %.300v", name, s.Name, err)
		}
	}
}

func TestCaretStandsUnderTheColumn(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"name: x\non: mäybe\n", "  2 | on: mäybe\n    |     ^"},
		{"name: \t[x\n", "  2 | \n    | ^"},
		{"name: x\nä: \t1\n", "  2 | ä: \t1\n    | ^"},
		{"name: x\ntags: [\t[1]]\n", "  2 | tags: [\t[1]]\n    |        \t^"},
		{"name: \x07\n", "  1 | name: \uFFFD\n    |       ^"},
	} {
		var s sample
		err := Load("f", []byte(c.in), &s)
		var errs Errors
		if !errors.As(err, &errs) || errs[0].Excerpt != c.want {
			t.Errorf("%q\nwant\n%s\ngot\n%v", c.in, c.want, err)
		}
	}
}

func TestAnyKeepsTypes(t *testing.T) {
	for in, want := range map[string]any{
		"1": int64(1), "-7": int64(-7), "0": int64(0), "0x1F": int64(31), "0o17": int64(15), "1_000": int64(1000),
		"9223372036854775807":  int64(9223372036854775807),
		"12345678901234567890": json.Number("12345678901234567890"),
		"1.5":                  1.5, "1e3": 1000.0,
		"true": true, "True": true, "FALSE": false, "'true'": "true",
		"yes": "yes", "no": "no", "on": "on", "off": "off", // texts since YAML 1.2: Norway stays Norway
		"~": nil, "null": nil, "''": "", "'1'": "1", "2024-01-01": "2024-01-01", "1.2.3": "1.2.3",
		"!!bool maybe": "maybe", "!!int x": "x",
		"[1, a]": []any{int64(1), "a"}, "{a: {b: 1}}": map[string]any{"a": map[string]any{"b": int64(1)}},
	} {
		n, err := Parse("f", []byte("v: "+in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		v := n.Entries()[0].Value
		if got := v.Any(); !reflect.DeepEqual(got, want) || n.Err() != nil {
			t.Errorf("%s: %#v, want %#v %v", in, got, want, n.Err())
		}
	}
	n, _ := Parse("f", []byte("pin: 0123"))
	if n.Any(); n.Err() == nil || !strings.HasPrefix(n.Err().Error(), "f:1:6: 0123 is read as an octal") {
		t.Errorf("leading zero: %v", n.Err())
	}
}

func TestDurations(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"0s": 0, "0d": 0, "30s": 30 * time.Second, "1.5h": 90 * time.Minute, "1d12h": 36 * time.Hour, "0.5d": 12 * time.Hour, "250ms": 250 * time.Millisecond,
	} {
		var s sample
		if err := Load("f", []byte("name: x\nidle: "+in), &s); err != nil || s.Idle != want {
			t.Errorf("%s: %s %v", in, s.Idle, err)
		}
	}
	for _, in := range []string{"-5s", "5", "nand", "infd", "1e9d", "-1d", "d", "''", "[1s]", "{}", "~", "1d-2h", "106752d", "9999999999h"} {
		var s sample
		if err := Load("f", []byte("name: x\nidle: "+in), &s); err == nil || !strings.HasPrefix(err.Error(), "f:2:7: ") || !strings.Contains(err.Error(), "duration") {
			t.Errorf("%s: %s %v", in, s.Idle, err)
		}
	}
}

func TestTruthHasManySpellings(t *testing.T) {
	for in, want := range map[string]bool{"true": true, "True": true, "yes": true, "ON": true, "false": false, "No": false, "off": false} {
		s := sample{On: !want}
		if err := Load("f", []byte("name: x\non: "+in), &s); err != nil || s.On != want {
			t.Errorf("%s: %v %v", in, s.On, err)
		}
	}
}

func TestOneComplaintForOneMistake(t *testing.T) {
	var s sample
	err := Load("f", []byte("name: x\ninner: [{kind: [cookie]}]\n"), &s)
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != 1 {
		t.Errorf("want one complaint, got %v", err)
	}
}
