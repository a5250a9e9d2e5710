package targets

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// driveAsk is what the harness writes: a call, or the answer to a request.
type driveAsk struct {
	ID     int            `json:"id"`
	Call   *Call          `json:"call,omitempty"`
	Client *driveClient   `json:"client,omitempty"`
	Answer *driveResponse `json:"response,omitempty"`
}

type driveClient struct {
	Name       string            `json:"name"`
	Base       string            `json:"base"`
	Agent      string            `json:"agent"`
	Address    string            `json:"address,omitempty"`
	Connection string            `json:"connection,omitempty"`
	Kept       map[string]string `json:"kept"`
}

type driveResponse struct {
	Status  int         `json:"status,omitempty"`
	Headers http.Header `json:"headers,omitempty"`
	Body    string      `json:"body"`
	// Error came instead of an answer.
	Error string `json:"error,omitempty"`
}

// driveSay is what a driver writes: a request, a result, or trouble.
type driveSay struct {
	ID      *int          `json:"id"`
	Request *driveRequest `json:"request"`
	Error   string        `json:"error"`
	Result
}

type driveRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// parseSay reads a line strictly: a word that is not understood might have been
// the one that mattered.
func parseSay(line string) (driveSay, error) {
	var said driveSay
	dec := json.NewDecoder(strings.NewReader(line))
	dec.DisallowUnknownFields()
	err := dec.Decode(&said)
	if err == nil && dec.More() {
		err = errors.New("more than one value")
	}
	if err == nil && said.ID == nil {
		err = errors.New("no `id`")
	}
	if err == nil && said.Request != nil && said.Outcome != "" {
		err = errors.New("a request and a result in one")
	}
	if err != nil {
		if len(line) > 200 {
			line = line[:200] + "..."
		}
		return said, fmt.Errorf("on its standard output is no answer, but %q (%w); what is not for the harness belongs on standard error", line, err)
	}
	return said, nil
}

// send makes a request that a driver asks for.
func send(ctx context.Context, c *Client, r driveRequest) driveResponse {
	req, err := http.NewRequestWithContext(ctx, cmp.Or(r.Method, "GET"), r.URL, strings.NewReader(r.Body))
	if err != nil {
		return driveResponse{Error: err.Error()}
	}
	for k, v := range r.Headers {
		req.Header.Set(k, v)
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return driveResponse{Error: err.Error()}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return driveResponse{Error: err.Error()}
	}
	return driveResponse{Status: res.StatusCode, Headers: res.Header, Body: string(body)}
}
