package redact

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestJSONStaysJSON(t *testing.T) {
	r := New()
	r.Learn("S", `s3cr3t\`)
	r.Learn("T", "other-secret")
	r.Learn("Q", `"quoted"`)
	for in, want := range map[string]string{
		`{"a":"s3cr3t\\","b":[1,"x \"other-secret\" y"],"other-secret":"\u003c"}`: `{"a":"‹S›","b":[1,"x \"‹T›\" y"],"‹T›":"\u003c"}`,
		`no JSON: other-secret`:           `no JSON: other-secret`,
		`"unfinished other-secret`:        `"unfinished ‹T›`,
		`{"a":"quoted","b":"\"quoted\""}`: `{"a":"‹Q›","b":"‹Q›"}`,
		``:                                ``,
	} {
		if got := string(r.JSON([]byte(in))); got != want {
			t.Errorf("%s\nbecame %s\nwant   %s", in, got, want)
		}
	}
}

// Whatever the secret is and where it stands, JSON stays JSON and has it no more.
func TestJSONOfAnySecret(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 500 {
		r := New()
		secret := randomSecret(rng)
		r.Learn("S", secret)
		inner, _ := json.Marshal(map[string]string{"t": secret + `"`})
		line, err := json.Marshal([]any{secret, "x" + secret, secret + "\\", string(inner), 7, map[string]string{secret: "y"}})
		if err != nil {
			t.Fatal(err)
		}
		got := r.JSON(line)
		var back []any
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q: %s is no JSON any more: %v", secret, got, err)
		}
		for _, v := range back[:4] {
			if strings.Contains(v.(string), secret) {
				t.Errorf("%q is left in %q", secret, v)
			}
		}
	}
}
