package cookie

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// vector is one case of testdata/http-state.json, which explains itself.
type vector struct {
	ID    string      `json:"id"`
	Set   []string    `json:"set"`
	To    string      `json:"to"`
	Want  [][2]string `json:"want"`
	Today *struct {
		Want [][2]string `json:"want"`
		Rule string      `json:"rule"`
	} `json:"today"`
}

var placeholder = regexp.MustCompile(`\$\{(?:([+-]\d+)d ([^}]*)|(\d+)\*(.))\}`)

// fill replaces relative dates and repetitions.
func fill(s string, now time.Time) string {
	return placeholder.ReplaceAllStringFunc(s, func(p string) string {
		m := placeholder.FindStringSubmatch(p)
		if m[3] != "" {
			n, _ := strconv.Atoi(m[3])
			return strings.Repeat(m[4], n)
		}
		days, _ := strconv.Atoi(m[1])
		return now.AddDate(0, 0, days).Format(m[2])
	})
}

// TestHTTPState plays all 222 cases of the http-state working group through
// parser and jar. Where RFC 6265bis differs from what was right in 2011, the case
// says so with the rule; nothing is left out.
func TestHTTPState(t *testing.T) {
	data, err := os.ReadFile("testdata/http-state.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Count   int      `json:"count"`
		Vectors []vector `json:"vectors"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if file.Count != 222 || len(file.Vectors) != file.Count {
		t.Errorf("%d vectors, the file says %d; upstream has 222", len(file.Vectors), file.Count)
	}
	now := time.Now().UTC().Truncate(time.Second)
	from, err := url.Parse("http://home.example.org:8888/cookie-parser")
	if err != nil {
		t.Fatal(err)
	}
	same, differ := 0, 0
	seen := map[string]bool{}
	for _, v := range file.Vectors {
		if seen[v.ID] {
			t.Errorf("%s is there twice", v.ID)
		}
		seen[v.ID] = true
		to, err := from.Parse(v.target())
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		var jar Jar
		for _, line := range v.Set {
			jar.Set(from, fill(line, now), now)
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
		for i := range want {
			want[i][1] = fill(want[i][1], now)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: after %.200q a request to %s carries %.200q, want %.200q", v.ID, v.Set, to, got, want)
		}
	}
	t.Logf("%d vectors: %d as RFC 6265 has it, %d as RFC 6265bis has it by a named rule", len(file.Vectors), same, differ)
}

func (v vector) target() string {
	if v.To == "" {
		return "/cookie-parser-result"
	}
	return v.To
}
