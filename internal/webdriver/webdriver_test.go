package webdriver

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCall(t *testing.T) {
	var got []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.URL.Path+" "+strings.TrimSpace(string(body)))
		switch r.URL.Path {
		case "/session":
			_, _ = io.WriteString(w, `{"value":{"sessionId":"7","capabilities":{}}}`)
		case "/session/7/title":
			_, _ = io.WriteString(w, `{"value":"seen"}`)
		case "/session/7/window":
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"value":{"error":"no such window","message":"gone"}}`)
		default:
			_, _ = io.WriteString(w, `nothing`)
		}
	}))
	defer s.Close()
	c := New(s.URL)
	defer c.Close()
	if err := c.Begin(t.Context(), map[string]string{"pageLoadStrategy": "none"}); err != nil {
		t.Fatal(err)
	}
	var title string
	if err := c.Call(t.Context(), "GET", "/title", nil, &title); err != nil || title != "seen" {
		t.Errorf("title: %q, %v", title, err)
	}
	var refused *Error
	if err := c.Call(t.Context(), "POST", "/window", nil, nil); !errors.As(err, &refused) || refused.Code != "no such window" {
		t.Errorf("refusal: %v", err)
	}
	if err := c.Call(t.Context(), "POST", "/url", nil, nil); err == nil || !strings.Contains(err.Error(), "without JSON") {
		t.Errorf("no JSON: %v", err)
	}
	want := `POST /session {"capabilities":{"alwaysMatch":{"pageLoadStrategy":"none"}}}|GET /session/7/title |POST /session/7/window {}|POST /session/7/url {}`
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("sent %s\nwant %s", s, want)
	}
}
