package reference

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

const clientUsage = `usage: client --url URL COMMAND     (a client of the dialect bearer)
  login USER       password from REFERENCE_PASSWORD or the first line of stdin, code from REFERENCE_CODE
  whoami [USER]    prints the user's name; exit 1 when not signed in
  logout [USER]    forgets the token, all tokens without USER; exit 1 when the server was not told
`

// ClientCLI is the command-line client of the dialect bearer. env is like
// os.Environ; HOME says where the token cache is, .config/reference/tokens.json.
// Behind --dialect kanidm it is the stand-in of that product's client.
// It returns 0, 1 when refused or not reached (reason on stderr), 2 for bad usage.
func ClientCLI(args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) > 1 && args[0] == "--dialect" && args[1] == dialectKanidm {
		return kanidmCLI(args[2:], env, stdout, stderr)
	}
	set := newFlags("client")
	url := set.String("url", "", "")
	planted := set.String("plant", "", "")
	words, err := parse(set, args)
	faults, err2 := plant([]string{*planted}, stderr)
	home := envOf(env, "HOME")
	switch err = errors.Join(err, err2); {
	case err != nil:
	case *url == "":
		err = errors.New("--url is missing")
	case home == "":
		err = errors.New("HOME is not set")
	case len(words) == 0 || len(words) > 2 || !slices.Contains([]string{"login", "whoami", "logout"}, words[0]):
		err = errors.New("login, whoami or logout expected")
	case words[0] == "login" && len(words) != 2:
		err = errors.New("login needs a USER")
	}
	if err != nil {
		fmt.Fprintf(stderr, "client: %v\n%s", err, clientUsage)
		return exitUsage
	}
	c := &client{api: bearerAPI{base: strings.TrimRight(*url, "/")}, faults: faults, stdout: stdout,
		cache: tokenCache{filepath.Join(home, ".config", "reference", "tokens.json")}}
	name := append(words, "")[1]
	switch words[0] {
	case "login":
		password := envOf(env, "REFERENCE_PASSWORD")
		if password == "" {
			line, _ := bufio.NewReader(stdin).ReadString('\n') // no newline at the end is fine
			password = strings.TrimRight(line, "\r\n")
		}
		err = c.login(name, password, envOf(env, "REFERENCE_CODE"))
	case "whoami":
		err = c.whoami(name)
	case "logout":
		err = c.logout(name)
	}
	if err != nil {
		fmt.Fprintln(stderr, "client:", err)
		return exitRefused
	}
	return exitOK
}

type client struct {
	api    bearerAPI
	cache  tokenCache
	faults *faultSet
	stdout io.Writer
}

// login goes through the steps and stores the token. An old token of the same
// user goes along, so that the server ends the session it replaces.
func (c *client) login(name, password, code string) error {
	tokens, err := c.cache.load()
	if err != nil {
		return err
	}
	step := authBody{Step: "init", User: name}
	answer, err := c.api.post("/v1/auth", tokens[name], step)
	if err != nil {
		return err
	}
	step = authBody{Step: "password", ID: answer.ID, Password: password}
	if answer, err = c.api.post("/v1/auth", tokens[name], step); err != nil {
		return err
	}
	if answer.State == "code" {
		partial := answer.Token
		if code == "" {
			err = errors.New("a code is needed: set REFERENCE_CODE")
		} else {
			answer, err = c.api.post("/v1/auth", "", authBody{Step: "code", ID: answer.ID, Code: code})
		}
		if err != nil { // leave no half-open session behind
			_, err2 := c.api.post("/v1/logout", partial, nil)
			return errors.Join(err, err2)
		}
	}
	if answer.State != "success" || answer.Token == "" {
		return fmt.Errorf("the server answered state %q", answer.State)
	}
	tokens[name] = answer.Token
	return c.cache.store(tokens)
}

// whoami prints whose token the cache holds, if the server agrees.
func (c *client) whoami(name string) error {
	tokens, err := c.cache.load()
	if err != nil {
		return err
	}
	if name == "" && len(tokens) == 1 {
		for name = range tokens {
		}
	}
	switch {
	case len(tokens) == 0 || name != "" && tokens[name] == "":
		return errNotSignedIn
	case name == "":
		return errors.New("several users are signed in: say which")
	}
	answer, err := c.api.get("/v1/valid", tokens[name])
	if err != nil {
		return err
	}
	if answer.State != "live" {
		return errNotSignedIn
	}
	fmt.Fprintln(c.stdout, answer.User)
	return nil
}

// logout tells the server and then forgets the token, whatever the server
// said, and also when it said nothing. The error says whether it was told.
func (c *client) logout(name string) error {
	tokens, err := c.cache.load()
	if err != nil {
		// An unreadable cache may hold a credential all the same: away with it.
		return errors.Join(err, c.cache.store(nil))
	}
	var problems []error
	for user, token := range tokens {
		if name != "" && user != name {
			continue
		}
		if c.faults.On(faultClientKeepsToken) {
			if _, err := c.api.get("/v1/valid", token); errors.Is(err, errNotSignedIn) {
				c.faults.Fires(faultClientKeepsToken)
				fmt.Fprintln(c.stdout, "the session is over, nothing to sign out of")
				continue
			}
		}
		_, err := c.api.post("/v1/logout", token, nil)
		if err != nil {
			problems = append(problems, fmt.Errorf("signed out here only: %w", err))
			if c.faults.Fires(faultClientKeepsToken) {
				continue
			}
		}
		delete(tokens, user)
	}
	return errors.Join(append(problems, c.cache.store(tokens))...)
}

func envOf(env []string, name string) string {
	for _, pair := range slices.Backward(env) { // the last one counts, as in os/exec
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}
