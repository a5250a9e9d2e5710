package cookie

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// httpState says of itself where it comes from.
//
//go:embed testdata/http-state.json
var httpState []byte

// Vector is one case of the http-state working group: Set-Cookie lines received
// from http://home.example.org:8888/cookie-parser, and what a request carries then.
type Vector struct {
	ID  string   `json:"id"`
	Set []string `json:"set"`
	// To is where the next request goes; "" means /cookie-parser-result.
	To   string      `json:"to"`
	Want [][2]string `json:"want"` // by RFC 6265, names and values
	// Today is set where RFC 6265bis differs.
	Today *struct {
		Want [][2]string `json:"want"`
		Rule string      `json:"rule"`
	} `json:"today"`
}

// Vectors returns all cases of the http-state working group, with dates that
// are relative to now filled in.
func Vectors(now time.Time) ([]Vector, error) {
	var file struct {
		Vectors []Vector `json:"vectors"`
	}
	if err := json.Unmarshal(httpState, &file); err != nil {
		return nil, err
	}
	for _, v := range file.Vectors {
		for i := range v.Set {
			v.Set[i] = fill(v.Set[i], now)
		}
		wants := [][][2]string{v.Want}
		if v.Today != nil {
			wants = append(wants, v.Today.Want)
		}
		for _, want := range wants {
			for i := range want {
				want[i][1] = fill(want[i][1], now)
			}
		}
	}
	return file.Vectors, nil
}

// Target is where the request goes, as a path or a URL.
func (v Vector) Target() string {
	if v.To == "" {
		return "/cookie-parser-result"
	}
	return v.To
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
