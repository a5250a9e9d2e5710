package targets

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

func init() {
	for _, how := range []string{"good", "silent", "garbage", "unknown", "twice", "stale", "dies", "empty", "both", "trouble", "huge"} {
		roles["driver-"+how] = func() int { return drives(how) }
	}
}

// drives is a driver as a process: one that does it right, and many that do not.
func drives(how string) int {
	fmt.Fprintln(os.Stderr, "my last words")
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var ask struct {
			ID     int
			Call   struct{ Do, User string }
			Client struct {
				Base string
				Kept map[string]string
			}
		}
		if err := json.Unmarshal(in.Bytes(), &ask); err != nil {
			return 10
		}
		switch how {
		case "good":
			fmt.Printf(`{"id":%d,"request":{"method":"POST","url":"/in","headers":{"X-Own":"1"},"body":"user=%s"}}`+"\n", ask.ID, ask.Call.User)
			if !in.Scan() {
				return 11
			}
			var got struct {
				Response struct {
					Status  int
					Headers map[string][]string
					Body    string
				}
			}
			if err := json.Unmarshal(in.Bytes(), &got); err != nil {
				return 12
			}
			fmt.Printf(`{"id":%d,"outcome":"ok","why":"%d %s","keep":{"credential":"%s"}}`+"\n", ask.ID, got.Response.Status, got.Response.Headers["X-Seen"][0], got.Response.Body)
		case "silent":
			forever()
		case "garbage":
			fmt.Println("signed in, I think")
		case "unknown":
			fmt.Printf(`{"id":%d,"outcom":"ok"}`+"\n", ask.ID)
		case "twice":
			fmt.Printf(`{"id":%d,"outcome":"ok"}{}`+"\n", ask.ID)
		case "stale":
			fmt.Printf(`{"id":%d,"outcome":"ok"}`+"\n", ask.ID-1)
		case "dies":
			return 3
		case "empty":
			fmt.Printf(`{"id":%d}`+"\n", ask.ID)
		case "both":
			fmt.Printf(`{"id":%d,"outcome":"ok","request":{"url":"/"}}`+"\n", ask.ID)
		case "trouble":
			fmt.Printf(`{"id":%d,"error":"the token has no key"}`+"\n", ask.ID)
		case "huge":
			fmt.Println(strings.Repeat("x", driveLine+1))
		}
	}
	return 0
}

// drivenBy starts a target whose driver is the test binary in that role.
func drivenBy(t *testing.T, how, timeout string) *Target {
	t.Helper()
	tg, err := Parse("f.yaml", []byte(`name: driven
base: http://127.0.0.1:1
driver: {command: ["${exe}"], env: {`+roleEnv+`: driver-`+how+`}, timeout: `+timeout+`}
vars: {exe: "`+os.Args[0]+`"}
operations:
  whoami: {drive: whoami}
  sign_in: {drive: sign_in}
`))
	if err != nil {
		t.Fatal(err)
	}
	p, err := tg.Start(context.Background(), StartOptions{AllowExec: true, Cache: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return tg
}

func TestDriverProcess(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+r.Header.Get("X-Own"))
		fmt.Fprintf(w, "token of %s", body)
	}))
	defer srv.Close()
	tg := drivenBy(t, "good", "20s")
	c := &Client{Name: "laptop", Base: srv.URL, HTTP: srv.Client()}
	c.HTTP.Transport = toBase{srv}
	for range 3 { // one process does one after the other
		res, err := tg.Driver.Perform(context.Background(), c, Call{Operation: "sign_in", User: "alice"})
		if err != nil {
			t.Fatal(err)
		}
		if res.Outcome != OK || res.Why != "200 POST1" || res.Keep["credential"] != "token of user=alice" {
			t.Errorf("%+v", res)
		}
	}
	if n := len(tg.Driver.(*processDriver).all); n != 1 {
		t.Errorf("%d processes for calls one after the other", n)
	}
}

// toBase sends what has no host to a server, as the client of the player does.
type toBase struct{ srv *httptest.Server }

func (b toBase) RoundTrip(r *http.Request) (*http.Response, error) {
	u, err := r.URL.Parse(b.srv.URL + r.URL.String())
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL, r.Host = u, u.Host
	return http.DefaultTransport.RoundTrip(r)
}

func TestDriverProcessInTrouble(t *testing.T) {
	for how, want := range map[string]string{
		"silent":  "sign_in: it was not done after 300ms",
		"garbage": `on its standard output is no answer, but "signed in, I think"`,
		"unknown": `unknown field "outcom"`,
		"twice":   "more than one value",
		"stale":   "it answers call 0, and was asked call 1",
		"dies":    "it has ended (exit status 3)",
		"empty":   "the result has no outcome",
		"both":    "a request and a result in one",
		"trouble": "the token has no key",
		"huge":    "a line of more than 16 MiB",
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			timeout := "60s"
			if how == "silent" {
				timeout = "300ms"
			}
			tg := drivenBy(t, how, timeout)
			res, err := tg.Driver.Perform(context.Background(), &Client{Name: "laptop"}, Call{Operation: "sign_in"})
			if err == nil {
				t.Fatalf("%+v", res)
			}
			if !strings.Contains(err.Error(), want) {
				t.Errorf("want %q, got %v", want, err)
			}
			if how != "silent" && !strings.Contains(err.Error(), "my last words") { // its time may be over before it speaks
				t.Errorf("what it said on standard error is missing: %v", err)
			}
			d := tg.Driver.(*processDriver)
			if len(d.idle) != 0 {
				t.Error("it would be used again")
			}
			gone(t, d.all[0].child.cmd.Process.Pid, 10*time.Second)
		})
	}
}

func TestDriverProcessEndsWithTheRun(t *testing.T) {
	tg, err := Parse("f.yaml", []byte(`name: driven
base: http://127.0.0.1:1
driver: {command: ["${exe}"], env: {`+roleEnv+`: driver-dies}}
vars: {exe: "`+os.Args[0]+`"}
operations: {whoami: {drive: whoami}, sign_in: {drive: sign_in}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tg.Start(context.Background(), StartOptions{}); err == nil || !strings.Contains(err.Error(), "allow that by --allow-exec") {
		t.Errorf("started without leave: %v", err)
	}
	p, err := tg.Start(context.Background(), StartOptions{AllowExec: true, Cache: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	d := tg.Driver.(*processDriver)
	one, err := d.take()
	if err != nil {
		t.Fatal(err)
	}
	p.Stop()
	gone(t, one.child.cmd.Process.Pid, 10*time.Second)
	if _, err := d.Perform(context.Background(), &Client{}, Call{}); err == nil {
		t.Error("it performs after the run")
	}
}

// offers is a driver that only offers.
type offers []Offer

func (o offers) Offers() []Offer { return o }
func (offers) Perform(context.Context, *Client, Call) (Result, error) {
	return Result{Outcome: OK}, nil
}

func TestDriven(t *testing.T) {
	both := offers{{Operation: "whoami"}, {Operation: "sign_in"}, {Operation: "create_user", Route: "form", Nobody: true}, {Operation: "create_user", Route: "api"},
		{Operation: Provision}}
	tg, err := Driven("mine", "http://127.0.0.1:1", both)
	if err != nil {
		t.Fatal(err)
	}
	made := tg.Operations["create_user"]
	if len(made) != 2 || made[0].By != "nobody" || made[0].Steps[0].Drive != "create_user/form" || made[1].By != "self" || len(tg.Provision) != 1 {
		t.Errorf("%+v", tg.Operations)
	}
	for name, c := range map[string]struct {
		offers offers
		want   string
	}{
		"unknown":      {offers{{Operation: "sign_inn"}}, `the driver offers "sign_inn", which is no operation (did you mean "sign_in"?)`},
		"twice":        {offers{{Operation: "sign_in"}, {Operation: "sign_in"}}, `offers sign_in by "driver" twice`},
		"no whoami":    {offers{{Operation: "sign_in"}}, "does not offer whoami"},
		"local action": {offers{{Operation: "visit"}}, "is no operation"},
	} {
		if _, err := Driven("mine", "http://127.0.0.1:1", c.offers); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADriverInGoGoesWithAFile(t *testing.T) {
	file := []byte("name: x\nbase: http://127.0.0.1:1\ndriver: {keeps: ticket}\noperations:\n  whoami: {GET: '/${ticket}', live: status == 200}\n  sign_in: {drive: sign_in/ticket}\n")
	tg, err := Parse("f.yaml", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tg.Start(context.Background(), StartOptions{AllowExec: true}); err == nil || !strings.Contains(err.Error(), "written in Go") {
		t.Errorf("started without a driver: %v", err)
	}
	tg.Vars, tg.Driver = map[string]string{}, offers{{Operation: "sign_in"}, {Operation: "sign_out"}}
	p, err := tg.Start(context.Background(), StartOptions{Cache: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	if len(tg.Operations["sign_in"]) != 1 || tg.Operations["sign_in"][0].Name != "ticket" || len(tg.Operations["sign_out"]) != 1 {
		t.Errorf("%+v", tg.Operations)
	}
}
