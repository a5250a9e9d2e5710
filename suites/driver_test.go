package suites

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

// appDriver drives the reference server's dialect app, whose credential is a token
// in a header: what a driver has to keep and to give back itself.
type appDriver struct{ key string }

func (appDriver) Offers() []targets.Offer {
	return []targets.Offer{{Operation: targets.Provision}, {Operation: "whoami"}, {Operation: "sign_in"}, {Operation: "sign_out"}, {Operation: "change_password"},
		{Operation: "create_user", Route: "sign-up", Nobody: true}, {Operation: "create_user", Route: "api"}, {Operation: "list_sessions"},
		{Operation: "revoke_session"}, {Operation: "note"}, {Operation: "read_note"}, {Operation: "disable"}, {Operation: "enable"}}
}

func (d appDriver) Perform(ctx context.Context, c *targets.Client, call targets.Call) (targets.Result, error) {
	switch call.Operation + "/" + call.Route {
	case "provision/":
		return d.do(ctx, c, "POST", "/admin/users", map[string]string{"name": call.User, "password": call.Password, "role": call.Role})
	case "whoami/":
		return d.do(ctx, c, "GET", "/api/session", nil)
	case "sign_in/":
		return d.do(ctx, c, "POST", "/api/session", map[string]string{"user": call.User, "password": call.Password})
	case "sign_out/":
		return d.do(ctx, c, "DELETE", "/api/session", nil)
	case "change_password/":
		return d.do(ctx, c, "POST", "/api/password", map[string]string{"current": call.Password, "new": call.NewPassword})
	case "create_user/sign-up":
		return d.do(ctx, c, "POST", "/api/users", map[string]string{"user": call.User, "password": call.Password})
	case "create_user/api":
		return d.do(ctx, c, "POST", "/admin/users", map[string]string{"name": call.User, "password": call.Password})
	case "list_sessions/":
		return d.do(ctx, c, "GET", "/api/sessions", nil)
	case "revoke_session/":
		return d.do(ctx, c, "DELETE", "/api/sessions/"+call.Of["handle"], map[string]string{"password": call.Password})
	case "note/":
		return d.do(ctx, c, "POST", "/api/notes", map[string]string{"text": call.Text})
	case "read_note/":
		return d.do(ctx, c, "GET", "/api/notes", nil)
	case "disable/", "enable/":
		return d.do(ctx, c, "POST", "/admin/users/"+call.User+"/"+call.Operation, nil)
	}
	return targets.Result{}, errors.New(call.Operation + " was not offered")
}

func (d appDriver) do(ctx context.Context, c *targets.Client, method, path string, body map[string]string) (targets.Result, error) {
	for k, v := range body {
		if v == "" {
			delete(body, k)
		}
	}
	data, err := json.Marshal(body)
	if err != nil {
		return targets.Result{}, err
	}
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader(data))
	if err != nil {
		return targets.Result{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token := c.Kept["credential"]; token != "" {
		req.Header.Set("X-Session-Token", token)
	} else if strings.HasPrefix(path, "/admin/") {
		req.Header.Set("X-Admin-Key", d.key)
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return targets.Result{}, err
	}
	defer res.Body.Close()
	if res.StatusCode >= 500 {
		return targets.Result{}, fmt.Errorf("%s %s -> %d", method, path, res.StatusCode)
	}
	var said struct {
		Token, Handle, User, Text string
		Sessions                  []struct {
			ID      string
			Current bool
		}
	}
	_ = json.NewDecoder(res.Body).Decode(&said) // some answers have no body
	out := targets.Result{Outcome: targets.OK, Why: res.Status, Name: said.User, Keep: map[string]string{"note": said.Text}}
	if said.Token != "" {
		out.Keep["credential"] = said.Token
	}
	if said.Handle != "" {
		out.Keep["handle"] = said.Handle
	}
	if path == "/api/sessions" {
		out.Sessions = []targets.Listed{}
		for _, s := range said.Sessions {
			out.Sessions = append(out.Sessions, targets.Listed{Handle: s.ID, Current: s.Current})
		}
	}
	switch {
	case res.StatusCode == http.StatusAccepted && path == "/api/session":
		out.Outcome = targets.Pending
	case res.StatusCode >= 400:
		out.Outcome, out.Name = targets.Refused, ""
	}
	return out, nil
}

// TestDriverCatchesFaults is a small kill matrix: what a target file sees of the
// reference server, a driver in Go sees as well.
func TestDriverCatchesFaults(t *testing.T) {
	for _, fault := range []string{"", "frame/create-user-keeps-sessions", "terminate/sign-out-kills-server-side", "hygiene/no-ghost-on-sign-out",
		"terminate/credential-change-ends-others", "isolate/one-token-one-identity", "multi/revoke-exact", "multi/revoke-needs-authentication", "transport/shared-cache-safe", "frame/safe-methods-are-pure"} {
		t.Run("fault "+fault, func(t *testing.T) {
			t.Parallel()
			o := reference.Options{Dialect: "app", AdminKey: "the-key-of-the-test", HashCost: 1, Rules: reference.Rules{RevokeAsks: true}}
			only := "frame/**,terminate/**,hygiene/**,isolate/**,multi/**"
			if fault != "" {
				o.Plant, only = []string{fault}, fault
			}
			srv, err := reference.Serve(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			x, err := Config{Driver: appDriver{o.AdminKey}, Base: srv.URL(), Only: only, Declares: targets.Declares{
				ChangePassword: &targets.PasswordChange{Others: "end", Current: "rotate"}, Disable: &targets.Suspension{Sessions: "end"}, SignInAgain: "replaces",
				Revoke: &targets.Revocation{Needs: "password"}, AnonymousSessions: new(false), AddressChange: "keep"}}.open(nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer x.close()
			if err := x.playAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			failing := verdicts(x.run, reports.Fail)
			if fault == "" {
				if x.run.ExitCode != 0 || x.run.Summary[reports.Pass] < 15 {
					t.Errorf("clean: %s, %v\n%s", reports.Headline(x.run), x.run.Summary, notPassed(x.run))
				}
				return
			}
			if len(failing) != 1 || failing[0] != fault {
				t.Errorf("failing: %v\n%s", failing, notPassed(x.run))
			}
		})
	}
}

// brokenDriver does one operation wrong, in one of many ways.
type brokenDriver struct {
	appDriver
	operation string
	how       func(targets.Result) (targets.Result, error)
}

func (d brokenDriver) Perform(ctx context.Context, c *targets.Client, call targets.Call) (targets.Result, error) {
	res, err := d.appDriver.Perform(ctx, c, call)
	if err == nil && call.Operation == d.operation {
		return d.how(res)
	}
	return res, err
}

// TestDriverInTroubleIsNoVerdict: whatever goes wrong in a driver, the story is in
// error, and says what it was.
func TestDriverInTroubleIsNoVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		how  func(targets.Result) (targets.Result, error)
		want string
	}{
		"error":      {func(targets.Result) (targets.Result, error) { return targets.Result{}, errors.New("no key") }, "no key"},
		"panic":      {func(targets.Result) (targets.Result, error) { panic("index out of range") }, "index out of range"},
		"no outcome": {func(targets.Result) (targets.Result, error) { return targets.Result{}, nil }, "no outcome"},
	} {
		t.Run(name, func(t *testing.T) {
			srv, err := reference.Serve(t.Context(), reference.Options{Dialect: "app", AdminKey: "the-key-of-the-test", HashCost: 1})
			if err != nil {
				t.Fatal(err)
			}
			only := "frame/sign-out-keeps-others"
			x, err := Config{Driver: brokenDriver{appDriver{"the-key-of-the-test"}, "sign_out", c.how}, Base: srv.URL(), Only: only}.open(nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer x.close()
			if err := x.playAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			if x.run.ExitCode != reports.ExitBroken || x.run.Summary[reports.Pass] > 0 {
				t.Errorf("exit code %d, %v", x.run.ExitCode, x.run.Summary)
			}
			if s := x.run.Scenarios[0]; s.Verdict != reports.Error || !strings.Contains(s.Reason, c.want) {
				t.Errorf("%s: %s", s.Verdict, s.Reason)
			}
			// In calibration it is one line, and nothing is played.
			y, err := Config{Driver: brokenDriver{appDriver{"the-key-of-the-test"}, "whoami", c.how}, Base: srv.URL(), Only: only}.open(nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer y.close()
			if err := y.playAll(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("calibrated: %v", err)
			}
		})
	}
}
