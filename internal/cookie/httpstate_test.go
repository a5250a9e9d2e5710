package cookie

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"
)

// TestHTTPState plays all 222 cases of the http-state working group through
// parser and jar. Where RFC 6265bis differs from what was right in 2011, the case
// says so with the rule; nothing is left out.
func TestHTTPState(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	vectors, err := Vectors(now)
	if err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 222 {
		t.Errorf("%d vectors; upstream has 222", len(vectors))
	}
	from, err := url.Parse("http://home.example.org:8888/cookie-parser")
	if err != nil {
		t.Fatal(err)
	}
	same, differ := 0, 0
	seen := map[string]bool{}
	for _, v := range vectors {
		if seen[v.ID] {
			t.Errorf("%s is there twice", v.ID)
		}
		seen[v.ID] = true
		to, err := from.Parse(v.Target())
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		var jar Jar
		for _, line := range v.Set {
			jar.Set(from, line, now)
		}
		got := [][2]string{}
		for _, c := range jar.Cookies(to, now) {
			got = append(got, [2]string{c.Name, c.Value})
		}
		want := v.Want
		if v.Today == nil {
			same++
		} else {
			differ++
			want = v.Today.Want
			if v.Today.Rule == "" || fmt.Sprint(want) == fmt.Sprint(v.Want) {
				t.Errorf("%s: a difference needs its rule, and to be one", v.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: after %.200q a request to %s carries %.200q, want %.200q", v.ID, v.Set, to, got, want)
		}
	}
	t.Logf("%d vectors: %d as RFC 6265 has it, %d as RFC 6265bis has it by a named rule", len(vectors), same, differ)
}
