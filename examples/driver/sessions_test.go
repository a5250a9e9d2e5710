// Package driver plays the stories by a driver written in Go, for a service that
// a target file cannot describe: each of its requests is signed.
package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/sessionspec/sessionspec/examples/shop"
	"github.com/sessionspec/sessionspec/suites"
	"github.com/sessionspec/sessionspec/targets"
)

func TestSessions(t *testing.T) {
	suites.Run(t, suites.Config{
		Name:    "signed shop",
		Handler: signed(shop.New()),
		Driver:  driver{},
		Declares: targets.Declares{
			ChangePassword:    &targets.PasswordChange{Others: "end", Current: "rotate"},
			SignOut:           &targets.SignOutScope{Scope: "this"},
			SignInAgain:       "replaces",
			AnonymousSessions: new(false),
			Persistence:       "browser",
			Without:           []string{"session_limit", "remember", "browser", "pages", "claim", "cli"},
		},
	})
}

// driver knows no session: the cookies are with the client, and the stories are
// played by many clients at a time.
type driver struct{}

func (driver) Offers() []targets.Offer {
	return []targets.Offer{
		{Operation: "create_user", Nobody: true},
		{Operation: "sign_in"},
		{Operation: "whoami"},
		{Operation: "sign_out"},
		{Operation: "change_password"},
	}
}

func (driver) Perform(ctx context.Context, c *targets.Client, call targets.Call) (targets.Result, error) {
	switch call.Operation {
	case "create_user":
		return send(ctx, c, "POST", "/signup", map[string]string{"name": call.User, "password": call.Password})
	case "sign_in":
		return send(ctx, c, "POST", "/login", map[string]string{"name": call.User, "password": call.Password})
	case "sign_out":
		return send(ctx, c, "POST", "/logout", nil)
	case "change_password":
		return send(ctx, c, "POST", "/password", map[string]string{"password": call.Password, "new": call.NewPassword})
	case "whoami":
		return send(ctx, c, "GET", "/me", nil)
	}
	return targets.Result{}, fmt.Errorf("%s was not offered", call.Operation)
}

// send signs a request and reads the answer. A status of 400 and above is the
// service's refusal; that nothing comes back is an error.
func send(ctx context.Context, c *targets.Client, method, path string, body any) (targets.Result, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return targets.Result{}, err
	}
	req, err := http.NewRequestWithContext(ctx, method, path, bytes.NewReader(data))
	if err != nil {
		return targets.Result{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Signature", signature(method, path))
	res, err := c.HTTP.Do(req)
	if err != nil {
		return targets.Result{}, err
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 {
		return targets.Result{Outcome: targets.Refused, Why: res.Status}, nil
	}
	var me struct{ Name string }
	if path == "/me" {
		if err := json.NewDecoder(res.Body).Decode(&me); err != nil {
			return targets.Result{}, err
		}
	}
	return targets.Result{Outcome: targets.OK, Name: me.Name}, nil
}
