package bench

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// A tape asks for other accounts, and with the tokens that were given this time.
func TestAgain(t *testing.T) {
	answer := func(token, name string) *history.Response {
		return &history.Response{Status: 200, Header: history.Lines{{Name: "Set-Cookie", Value: "sid=" + token + "; Path=/"}}, Body: `{"user":"` + name + `"}`}
	}
	tp := again([]history.Exchange{
		{Request: history.Request{Method: "POST", URL: "http://h/in", Body: "user=alice-abcdefgh"}, Response: answer("0123456789abcdef0", "alice-abcdefgh")},
		{Request: history.Request{Method: "GET", URL: "http://h/me", Header: history.Lines{{Name: "Host", Value: "h"}, {Name: "Cookie", Value: "a=b; sid=0123456789abcdef0"}}}, Response: answer("0123456789abcdef0", "alice-abcdefgh")},
		{Request: history.Request{Method: "GET", URL: "http://h/"}, Error: "reset"},
	}, 1)
	if len(tp) != 2 || tp[0].request.Body == "user=alice-abcdefgh" || len(tp[0].request.Body) != len("user=alice-abcdefgh") {
		t.Fatalf("%+v", tp)
	}
	now := tokens{}
	now.hear(tp[0].said, answer("fedcba98765432100", "whoever"))
	got := now.say(tp[1].request)
	if len(got.Header) != 1 || got.Header[0].Value != "a=b; sid=fedcba98765432100" {
		t.Errorf("%+v", got)
	}
	if tp[1].request.Header[0].Value != "a=b; sid=0123456789abcdef0" {
		t.Error("what is on the tape was altered")
	}
}
