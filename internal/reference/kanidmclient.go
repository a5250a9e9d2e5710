package reference

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// kanidmAPI is the client's side of the dialect kanidm.
type kanidmAPI struct {
	base string
	http *http.Client
}

// newKanidmAPI trusts the authority in the file ca, "" for those of the system.
func newKanidmAPI(base, ca string) (kanidmAPI, error) {
	patient := &http.Client{Timeout: 15 * time.Second}
	if ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil {
			return kanidmAPI{}, err
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(text) {
			return kanidmAPI{}, fmt.Errorf("no certificate in %s", ca)
		}
		patient.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	}
	return kanidmAPI{strings.TrimRight(base, "/"), patient}, nil
}

// do sends a request and reads the answer into into, unless that is nil. header
// is the conversation's id, sent and returned. Every status but 200 is an error,
// and 401 is errNotSignedIn.
func (a kanidmAPI) do(method, path, token, conversation string, body, into any) (next string, err error) {
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return "", err
		}
		sent = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, a.base+path, sent)
	if err != nil {
		return "", err
	}
	req.Header.Set("User-Agent", "kanidm-stand-in")
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if conversation != "" {
		req.Header.Set(sessionHeader, conversation)
	}
	defer a.http.CloseIdleConnections()
	resp, err := a.http.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	switch {
	case err != nil:
		return "", err
	case resp.StatusCode == http.StatusUnauthorized:
		return "", fmt.Errorf("the server answered 401 %s: %w", bytes.TrimSpace(got), errNotSignedIn)
	case resp.StatusCode != http.StatusOK:
		return "", fmt.Errorf("the server answered %d %s", resp.StatusCode, bytes.TrimSpace(got))
	case into != nil:
		err = json.Unmarshal(got, into)
	}
	return resp.Header.Get(sessionHeader), err
}

// kanidmCache is the file of Kanidm's client: for each instance the server's
// keys by id and the tokens by SPN. The instance without a name is "".
type kanidmCache struct{ path string }

type kanidmInstance struct {
	Keys   map[string]any    `json:"keys"`
	Tokens map[string]string `json:"tokens"`
}

type kanidmStore struct {
	Instances map[string]*kanidmInstance `json:"instances"`
}

// load returns the instance without a name; a missing file holds an empty one.
func (c kanidmCache) load() (*kanidmStore, *kanidmInstance, error) {
	file := &kanidmStore{}
	text, err := os.ReadFile(c.path)
	if err == nil {
		err = json.Unmarshal(text, file)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if file.Instances == nil {
		file.Instances = map[string]*kanidmInstance{}
	}
	if file.Instances[""] == nil {
		file.Instances[""] = &kanidmInstance{}
	}
	here := file.Instances[""]
	if here.Keys == nil {
		here.Keys = map[string]any{}
	}
	if here.Tokens == nil {
		here.Tokens = map[string]string{}
	}
	return file, here, err
}

// save writes the file, readable by its owner only.
func (c kanidmCache) save(file *kanidmStore) error {
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(c.path, text, 0o600)
}
