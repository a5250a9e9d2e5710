package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// bearerAPI is the client's side of the dialect bearer.
type bearerAPI struct{ base string }

// apiAnswer is what any answer may hold.
type apiAnswer struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Token string `json:"token"`
	User  string `json:"user"`
	Error string `json:"error"`
}

func (a bearerAPI) get(path, token string) (apiAnswer, error) {
	return a.do(http.MethodGet, path, token, nil)
}

func (a bearerAPI) post(path, token string, body any) (apiAnswer, error) {
	return a.do(http.MethodPost, path, token, body)
}

// do returns an error for every status but 200 and 202.
func (a bearerAPI) do(method, path, token string, body any) (apiAnswer, error) {
	var answer apiAnswer
	sent, err := json.Marshal(body)
	if err != nil {
		return answer, err
	}
	req, err := http.NewRequest(method, a.base+path, bytes.NewReader(sent))
	if err != nil {
		return answer, err
	}
	req.Header.Set("User-Agent", "reference-client")
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	patient := &http.Client{Timeout: 15 * time.Second}
	defer patient.CloseIdleConnections()
	resp, err := patient.Do(req)
	if err != nil {
		return answer, err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return answer, err
	}
	unreadable := json.Unmarshal(got, &answer)
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		return answer, fmt.Errorf("the server answered 401 %s: %w", answer.Error, errNotSignedIn)
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusAccepted:
		return answer, fmt.Errorf("the server answered %d %s", resp.StatusCode, answer.Error)
	case unreadable != nil:
		return answer, errors.New("the server's answer is no JSON")
	}
	return answer, nil
}

// tokenCache is the file {"tokens": {"<user>": "<token>"}}.
type tokenCache struct{ path string }

type tokenFile struct {
	Tokens map[string]string `json:"tokens"`
}

// load returns the tokens by user; a missing file holds none.
func (c tokenCache) load() (map[string]string, error) {
	file := tokenFile{}
	content, err := os.ReadFile(c.path)
	if err == nil {
		err = json.Unmarshal(content, &file)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if file.Tokens == nil {
		file.Tokens = map[string]string{}
	}
	return file.Tokens, err
}

// store replaces the file in one step, readable by its owner only.
func (c tokenCache) store(tokens map[string]string) error {
	if tokens == nil {
		tokens = map[string]string{}
	}
	content, err := json.Marshal(tokenFile{tokens})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.path), 0o700); err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(c.path), ".tokens-*")
	if err != nil {
		return err
	}
	_, err = next.Write(content)
	if err = errors.Join(err, next.Close()); err == nil {
		err = os.Rename(next.Name(), c.path)
	}
	if err != nil {
		os.Remove(next.Name())
	}
	return err
}
