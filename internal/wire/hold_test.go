package wire

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// TestHold: the head of a held request is there before its body is, and the
// answer comes only when the last byte was let go.
func TestHold(t *testing.T) {
	head, read := make(chan string), make(chan string, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head <- r.Header.Get("X")
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		read <- string(b)
		_, _ = w.Write([]byte("had " + string(b)))
	}))
	t.Cleanup(s.Close)
	c := client(t, Options{})
	waited := 0
	x := c.Hold(t.Context(), history.Request{Method: "POST", URL: s.URL, Header: history.Lines{{Name: "X", Value: "y"}}, Body: "abc"}, func(context.Context) {
		waited++
		if got := <-head; got != "y" {
			t.Errorf("the head has %q", got)
		}
		select {
		case b := <-read:
			t.Errorf("the body was there already: %q", b)
		default:
		}
	})
	if x.Response == nil || x.Response.Body != "had abc" || waited != 1 || x.Request.Header.Get("Content-Length") != "3" {
		t.Errorf("waited %d times: %+v", waited, x)
	}
	<-read
	// Without a body it is the last byte of the header: the server knows nothing yet.
	x = c.Hold(t.Context(), get(s.URL), func(context.Context) {
		select {
		case <-head:
			t.Error("the server has the request")
		default:
		}
		go func() { <-head }()
	})
	if x.Response == nil || x.Response.Status != 200 {
		t.Errorf("%+v", x)
	}
}

// TestHoldThatFails: whoever waits for a held request is never left waiting.
func TestHoldThatFails(t *testing.T) {
	s := remote(t)
	early := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(early.Close)
	gone := s.URL
	s.Close()
	c := client(t, Options{})
	for name, r := range map[string]history.Request{
		"nobody there": {Method: "POST", URL: gone, Body: "x"},
		"no method":    {Method: "PO ST", URL: gone, Body: "x"},
		"no source":    {Method: "POST", URL: gone, Body: "x", Source: "here"},
		"large":        {Method: "POST", URL: early.URL, Body: strings.Repeat("x", 1<<20)},
	} {
		waited := 0
		x := c.Hold(t.Context(), r, func(context.Context) { waited++ })
		if waited != 1 || x.Response == nil && x.Error == "" || x.End.Before(x.Start) {
			t.Errorf("%s: waited %d times: %+v", name, waited, x.Error)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	x := c.Hold(ctx, history.Request{Method: "POST", URL: early.URL, Body: "x"}, func(context.Context) { cancel() })
	if KindOf(x.Error) != Canceled {
		t.Errorf("cancelled while it waited: %+v", x)
	}
}
