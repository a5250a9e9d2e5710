// Package webdriver is a client of the W3C WebDriver protocol: one command, one
// answer. It knows nothing about what they mean.
// Source: https://www.w3.org/TR/webdriver2/, section 6 "Protocol".
package webdriver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Error is the refusal of a command.
type Error struct {
	Code    string // such as "no such window"
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Client talks to one driver. The zero value is not usable.
type Client struct {
	// Base is the driver's address, and after New that of the session.
	Base string
	http http.Client
}

// New is a client of the driver at an address such as http://127.0.0.1:4444.
func New(base string) *Client {
	// No proxy of the environment: the driver is on this machine.
	return &Client{Base: base, http: http.Client{Transport: &http.Transport{}}}
}

// Begin asks for a session and makes it the one that later calls are about.
func (c *Client) Begin(ctx context.Context, capabilities any) error {
	var made struct {
		SessionID string `json:"sessionId"`
	}
	err := c.Call(ctx, "POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": capabilities}}, &made)
	c.Base += "/session/" + made.SessionID
	return err
}

// Call sends a command and decodes the value of its answer into out, unless
// that is nil. A refusal is an *Error.
func (c *Client) Call(ctx context.Context, method, path string, params, out any) error {
	var body bytes.Buffer
	if method == http.MethodPost {
		if params == nil {
			params = struct{}{}
		}
		if err := json.NewEncoder(&body).Encode(params); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, &body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s %s answered %s without JSON: %w", method, path, res.Status, err)
	}
	if res.StatusCode != http.StatusOK {
		var refused struct{ Error, Message string }
		_ = json.Unmarshal(answer.Value, &refused)
		return fmt.Errorf("%s %s: %w", method, path, &Error{refused.Error, refused.Message})
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, out)
}

// Close frees the connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }
