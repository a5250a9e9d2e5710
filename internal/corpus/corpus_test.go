package corpus

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

const token = "0123456789abcdef0123456789abcdef01234567"

func TestEntriesAreComplete(t *testing.T) {
	for name, es := range map[string][]Entry{"malformed": malformed(), "injection": injection(), "tampered": tampered(),
		"neighbours": neighbours(), "lookalike": lookalikes(), "elsewhere": places()} {
		if len(es) < 9 {
			t.Errorf("%s: %d entries", name, len(es))
		}
	}
	for _, e := range slices.Concat(malformed(), injection()) {
		v, ok := e.Make(token, strings.Repeat("z", 40))
		if !ok || v == token || v == "" && e.ID != "empty" {
			t.Errorf("%s makes %q, %v", e.ID, v, ok)
		}
		if raw := strings.ContainsAny(v, "\r\n\x00"); raw != e.Raw {
			t.Errorf("%s: raw %v, but holds such octets: %v", e.ID, e.Raw, raw)
		}
	}
	for _, e := range malformed() {
		for _, change := range e.Good {
			if changes[change] == nil {
				t.Errorf("%s: no change %q", e.ID, change)
			}
		}
	}
	if n := len(Planted()); n < 3 {
		t.Errorf("%d values to plant", n)
	}
}

func TestMakeNeedsTheOther(t *testing.T) {
	e := Entry{Value: "x/../${other}"}
	if _, ok := e.Make(token, ""); ok {
		t.Error("made without the other's credential")
	}
	if v, _ := (Entry{Value: "${other:8}*"}).Make("", token); v != "01234567*" {
		t.Errorf("%q", v)
	}
}

func TestBrokenCorpusIsRefused(t *testing.T) {
	for _, text := range []string{"- {id: a}", "- {id: a, about: b, valu: c}", "- {id: a, about: b}\n- {id: a, about: c}", "- {id: a, about: b, hex: zz}"} {
		if _, err := parse("x.yaml", []byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func alter(id, good, other string) []string {
	i := slices.IndexFunc(tampered(), func(e Entry) bool { return e.ID == id })
	return tampered()[i].Altered(good, other)
}

func TestFlipsChangeWhatIsSaid(t *testing.T) {
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MTB9.c2lnbmF0dXJlc2lnbmF0dXJl"
	for _, id := range []string{"flip-first", "flip-quarter", "flip-middle", "flip-late", "flip-last"} {
		for _, good := range []string{token, jwt, "QUJDREVGR0hJSktMTU5PUFFSUw==", "node01abcdefghijklmnop.node0"} {
			for _, v := range alter(id, good, "") {
				if strings.EqualFold(v, good) || len(v) != len(good) {
					t.Errorf("%s of %s is %s", id, good, v)
				}
				if a, err := base64.StdEncoding.DecodeString(good); err == nil {
					if b, err := base64.StdEncoding.DecodeString(v); err == nil && string(a) == string(b) {
						t.Errorf("%s of %s decodes to the same", id, good)
					}
				}
			}
		}
		if n := len(alter(id, token, "")); n != 1 {
			t.Errorf("%s: %d of an opaque token", id, n)
		}
	}
	if n := len(alter("flip-middle", jwt, "")); n != 3 {
		t.Errorf("%d flips of three parts", n)
	}
	if out := alter("flip-last", jwt, ""); len(out) != 0 {
		t.Errorf("the edge of a structured value was changed: %v", out)
	}
	if out := alter("flip-middle", "node01abcdefghijklmnop.node0", ""); len(out) != 1 || !strings.HasSuffix(out[0], ".node0") {
		t.Errorf("the name of a node was changed: %v", out)
	}
}

func TestParts(t *testing.T) {
	mine, theirs := "payload-of-alice.signature-of-alice", "payload-of-bobby.signature-of-bobby"
	want := []string{"payload-of-bobby.signature-of-alice", "payload-of-alice.signature-of-bobby"}
	if got := alter("part-swapped", mine, theirs); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := alter("part-swapped", token, strings.Repeat("9", 40)); len(got) != 0 {
		t.Errorf("an opaque token has parts: %v", got)
	}
	if got := alter("part-dropped", mine, ""); !slices.Equal(got, []string{"payload-of-alice"}) {
		t.Errorf("%v", got)
	}
	if got := alter("part-emptied", "eyJ2YWx1ZSI6MX0=--0123456789abcdef", ""); len(got) > 1 {
		t.Errorf("%v", got)
	}
	if got := alter("part-dropped", "abcdefghijkl.node0", ""); len(got) != 0 {
		t.Errorf("the name of a node is no signature: %v", got)
	}
}

func TestAlgorithm(t *testing.T) {
	got := alter("alg-none", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", "")
	if len(got) != 2 || !strings.HasSuffix(got[0], ".eyJzdWIiOiJhIn0.") {
		t.Fatal(got)
	}
	if h, _ := base64.RawURLEncoding.DecodeString(strings.Split(got[0], ".")[0]); string(h) != `{"alg":"none"}` {
		t.Errorf("%s", h)
	}
	if got := alter("alg-none", "not.a.token", ""); len(got) != 0 {
		t.Error(got)
	}
}

func TestLookalikes(t *testing.T) {
	plain, guarded := 0, 0
	for _, e := range lookalikes() {
		for _, name := range []string{"sid", "__Host-sid"} {
			pair, ok := e.Lookalike(name, "v")
			if !ok {
				continue
			}
			if strings.HasPrefix(pair, name+"=") || strings.HasPrefix(strings.TrimSpace(pair), name+"=") && e.Hex == "" {
				t.Errorf("%s: %q is the name itself", e.ID, pair)
			}
			if name == "sid" {
				plain++
			} else {
				guarded++
			}
		}
	}
	if plain < 6 || guarded < plain+5 {
		t.Errorf("%d for a plain name, %d for a guarded one", plain, guarded)
	}
}

func TestNeighbours(t *testing.T) {
	for _, e := range neighbours() {
		lines := e.Lines("sid=abc")
		if !strings.Contains(strings.Join(lines, "\n"), "sid=abc") || strings.Contains(strings.Join(lines, ""), "${") {
			t.Errorf("%s: %.80q", e.ID, lines)
		}
	}
}
