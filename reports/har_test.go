package reports

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	check "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sessionspec/sessionspec/internal/history"
)

// validHAR fails the test unless data is an HTTP Archive 1.2.
func validHAR(t *testing.T, data []byte) {
	t.Helper()
	s, err := check.NewCompiler().Compile("testdata/har-1.2.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := check.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("no HTTP Archive 1.2: %v", err)
	}
}

func TestHAR(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)
	post := history.Exchange{
		Request: history.Request{Method: "POST", URL: "http://127.0.0.1:1/login?next=%2Fa&x", Body: "user=a+b&password=%E2%80%B9p%E2%80%BA",
			Header: history.Lines{{Name: "Cookie", Value: "a=1; b=2"}, {Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}},
		Response: &history.Response{Status: 303, Proto: "HTTP/1.1",
			Header: history.Lines{{Name: "Set-Cookie", Value: "sid=‹x›; Path=/; HttpOnly; Secure; Expires=Sun, 01 Nov 2026 12:00:00 GMT"}, {Name: "Location", Value: "/account"}}},
		Start: at.Add(time.Second), End: at.Add(time.Second + 250*time.Millisecond),
	}
	lost := history.Exchange{Request: history.Request{Method: "GET", URL: "http://127.0.0.1:1/"}, Error: "connection refused", Start: at, End: at}
	binary := history.Exchange{Request: history.Request{Method: "GET", URL: "ws://127.0.0.1:1/"}, Start: at.Add(2 * time.Second), End: at.Add(time.Second),
		Response: &history.Response{Status: 200, Body: "\xff\x00", Truncated: true}}
	data, err := HAR("1.0", []HARPage{{"step-1", "sign_in: laptop", at}}, []HAREntry{{"step-1", "laptop", post}, {"step-1", "laptop", lost}, {"step-1", "panel", binary}})
	if err != nil {
		t.Fatal(err)
	}
	validHAR(t, data)
	var har struct{ Log harLog }
	if err := json.Unmarshal(data, &har); err != nil {
		t.Fatal(err)
	}
	e := har.Log.Entries
	if len(e) != 3 || e[0].Response.Error != "connection refused" || e[0].Response.Status != 0 {
		t.Fatalf("not in order, or the error is lost: %s", data)
	}
	p := e[1]
	switch {
	case p.Time != 250 || p.Timings.Wait != 250 || p.PageRef != "step-1" || p.Comment != "laptop":
		t.Errorf("%+v", p)
	case len(p.Request.Cookies) != 2 || p.Request.Cookies[1].Name != "b" || len(p.Request.Query) != 2 || p.Request.Query[0].Value != "/a":
		t.Errorf("%+v", p.Request)
	case p.Request.PostData == nil || len(p.Request.PostData.Params) != 2 || p.Request.PostData.Params[0].Value != "a b":
		t.Errorf("%+v", p.Request.PostData)
	case len(p.Response.Cookies) != 1 || !p.Response.Cookies[0].HTTPOnly || p.Response.Cookies[0].Expires != "2026-11-01T12:00:00.000Z" || p.Response.RedirectURL != "/account":
		t.Errorf("%+v", p.Response)
	case e[2].Response.Content.Text != "" || e[2].Response.Content.Size != 2 || e[2].Time != 0:
		t.Errorf("%+v", e[2])
	}
}

// A story may be long; the archive says what it leaves out. None at all is an
// archive too.
func TestHARBounds(t *testing.T) {
	t.Parallel()
	many := make([]HAREntry, harEntriesMost+7)
	for i := range many {
		many[i].Request = history.Request{Method: "GET", URL: "http://127.0.0.1/"}
	}
	many[0].Request.Body = strings.Repeat("é", harBodyMost)
	data, err := HAR("1.0", nil, many)
	if err != nil {
		t.Fatal(err)
	}
	validHAR(t, data)
	if !strings.Contains(string(data), "7 exchanges more") {
		t.Error("nothing is said of what is left out")
	}
	if data, err = HAR("1.0", nil, nil); err != nil {
		t.Fatal(err)
	}
	validHAR(t, data)
}
