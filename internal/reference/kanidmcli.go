package reference

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

const kanidmUsage = `usage: client --dialect kanidm [--plant FAULT,...] COMMAND -D NAME     (stands in for Kanidm's client)
  login          password from KANIDM_PASSWORD
  self whoami    prints the account; exit 0 also when nobody is signed in
  logout         ends the session and forgets its token
  KANIDM_URL is the server, KANIDM_CA_PATH the authority of its certificate, KANIDM_NAME what -D says
`

// kanidmClient is the command line of the dialect kanidm.
type kanidmClient struct {
	api    kanidmAPI
	cache  kanidmCache
	faults *faultSet
	out    io.Writer
}

// kanidmCLI returns 0, 1 when refused or not reached, 2 for bad usage. HOME says
// where the tokens are: .cache/kanidm_tokens.
func kanidmCLI(args, env []string, stdout, stderr io.Writer) int {
	set := newFlags("kanidm")
	name := set.String("D", envOf(env, "KANIDM_NAME"), "")
	planted := set.String("plant", "", "")
	words, err := parse(set, args)
	faults, err2 := plant([]string{*planted}, stderr)
	home, base := envOf(env, "HOME"), envOf(env, "KANIDM_URL")
	command := strings.Join(words, " ")
	switch {
	case err != nil || err2 != nil:
		err = errors.Join(err, err2)
	case command != "login" && command != "self whoami" && command != "logout":
		err = errors.New("login, self whoami or logout expected")
	case *name == "":
		err = errors.New("-D NAME is missing")
	case base == "":
		err = errors.New("KANIDM_URL is not set")
	case home == "":
		err = errors.New("HOME is not set")
	}
	if err != nil {
		fmt.Fprintf(stderr, "client: %v\n%s", err, kanidmUsage)
		return exitUsage
	}
	c := &kanidmClient{faults: faults, out: stdout, cache: kanidmCache{filepath.Join(home, ".cache", "kanidm_tokens")}}
	if c.api, err = newKanidmAPI(base, envOf(env, "KANIDM_CA_PATH")); err == nil {
		switch command {
		case "login":
			err = c.login(*name, envOf(env, "KANIDM_PASSWORD"))
		case "self whoami":
			c.whoami(*name, stderr)
		case "logout":
			err = c.logout(*name)
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "ERROR", err)
		return exitRefused
	}
	return exitOK
}

// login goes through the conversation and stores the token beside the key that
// verifies it.
func (c *kanidmClient) login(name, password string) error {
	var said struct {
		State struct{ Success, Denied string }
	}
	conversation := ""
	for _, step := range []any{
		map[string]any{"init2": map[string]any{"username": name, "issue": "token", "privileged": false}},
		map[string]any{"begin": "password"},
		map[string]any{"cred": map[string]any{"password": password}},
	} {
		var err error
		if conversation, err = c.api.do("POST", "/v1/auth", "", conversation, map[string]any{"step": step}, &said); err != nil {
			return err
		}
	}
	token := said.State.Success
	if token == "" {
		return fmt.Errorf("Authentication Denied: %q", said.State.Denied) //nolint:staticcheck // as the product writes it
	}
	about, err := readUAT(token)
	if err != nil {
		return err
	}
	var key map[string]any
	if _, err := c.api.do("GET", "/v1/jwk/current", "", "", nil, &key); err != nil {
		return err
	}
	file, here, err := c.cache.load()
	if err != nil {
		return err
	}
	kid, _ := key["kid"].(string)
	here.Keys[kid], here.Tokens[about.SPN] = key, token
	if err := c.cache.save(file); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "Login Success for", about.SPN)
	return nil
}

// whoami prints the account of a stored token, or the reason why there is none.
func (c *kanidmClient) whoami(name string, stderr io.Writer) {
	var said struct {
		YouAre struct {
			Attrs map[string][]string
		}
	}
	_, here, err := c.cache.load()
	if err == nil {
		_, err = c.api.do("GET", "/v1/self", here.Tokens[spn(name)], "", nil, &said)
	}
	if err != nil {
		fmt.Fprintln(stderr, "ERROR", err)
		return
	}
	fmt.Fprintln(c.out, "---")
	for _, attr := range []string{"name", "spn"} {
		for _, value := range said.YouAre.Attrs[attr] {
			fmt.Fprintf(c.out, "%s: %s\n", attr, value)
		}
	}
}

// logout forgets the token whatever the server says. A session that is over is
// no failure: that is what the founding bug made of it.
func (c *kanidmClient) logout(name string) error {
	file, here, err := c.cache.load()
	if err != nil {
		return err
	}
	token := here.Tokens[spn(name)]
	if token == "" {
		fmt.Fprintln(c.out, "No sessions for", name)
		return nil
	}
	if c.faults.On(faultClientKeepsToken) {
		if _, err := c.api.do("GET", "/v1/auth/valid", token, "", nil, nil); errors.Is(err, errNotSignedIn) {
			c.faults.Fires(faultClientKeepsToken)
			return fmt.Errorf("Failed to logout - %w", err) //nolint:staticcheck // as the product writes it
		}
	}
	_, told := c.api.do("GET", "/v1/logout", token, "", nil, nil)
	if errors.Is(told, errNotSignedIn) {
		told = nil
	}
	if told != nil && c.faults.Fires(faultClientKeepsToken) {
		return told
	}
	delete(here.Tokens, spn(name))
	if err := cmp.Or(c.cache.save(file), told); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "Removed session for", spn(name))
	return nil
}

func spn(name string) string {
	if strings.Contains(name, "@") {
		return name
	}
	return name + "@localhost"
}
