package reference

import (
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

const mailuUsage = `usage: admin mailu --store FILE [--plant FAULT,...] COMMAND
  user LOCALPART DOMAIN PASSWORD
  admin [--mode create|ifmissing|update] LOCALPART DOMAIN PASSWORD
  password LOCALPART DOMAIN PASSWORD
  user-import LOCALPART DOMAIN SHA256   (of the password, in hexadecimal)
  user-delete [-r] EMAIL                (without -r it is disabled)
  config-import --update                (YAML from stdin: user: [{email, password}])
`

// mailuCLI is what `flask mailu` is to Mailu, on the store of a server that may
// be running: the same words, and the same exit codes (0, or 1 where it is refused).
func mailuCLI(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	set := newFlags("admin mailu")
	path := set.String("store", "", "")
	planted := set.String("plant", "", "")
	mode := set.String("mode", "create", "")
	really := set.Bool("r", false, "")
	set.Bool("update", false, "")
	words, err := parse(set, args)
	faults, err2 := plant([]string{*planted}, stderr)
	err = errors.Join(err, err2)
	want := map[string]int{"user": 4, "admin": 4, "password": 4, "user-import": 4, "user-delete": 2, "config-import": 1}
	switch {
	case err != nil:
	case *path == "":
		err = errors.New("--store is missing")
	case len(words) == 0 || len(words) != want[words[0]]:
		err = errors.New("unknown command or wrong number of words")
	}
	if err != nil {
		fmt.Fprintf(stderr, "admin mailu: %v\n%s", err, mailuUsage)
		return exitUsage
	}
	st, err := openStore(*path)
	if err == nil {
		defer st.Close()
		c := newCore(st, faults, 0, mailuIdle, mailuLife)
		c.rules = mailuRules
		err = c.mailuCommand(words, *mode, *really, stdin, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "admin mailu:", err)
		return exitRefused
	}
	return exitOK
}

func (c *core) mailuCommand(words []string, mode string, really bool, stdin io.Reader, stdout io.Writer) error {
	by := actor{} // nobody's session acts
	email := words[len(words)-1]
	wish := newUser{Role: RoleUser}
	if len(words) == 4 {
		email, wish.Password = words[1]+"@"+words[2], words[3]
		wish.Name = email
	}
	switch words[0] {
	case "user-delete":
		if really {
			return c.unlessMissing(c.remove(by, email))
		}
		return c.unlessMissing(c.disable(by, email))
	case "config-import":
		return c.mailuImport(by, stdin)
	case "password":
		err := c.setPassword(by, email, wish.Password)
		if errors.Is(err, errNoUser) {
			fmt.Fprintf(stdout, "User %s not found.\n", email)
			return nil
		}
		return err
	case "user-import":
		wish.Hash, wish.Password = wish.Password, ""
	case "admin":
		wish.Role = RoleAdmin
		if err := c.setPasswordIn(by, mode, wish); !errors.Is(err, errNoUser) {
			return err
		}
	}
	_, err := c.create(by, wish)
	return err
}

// setPasswordIn is what `admin` does to an account that is there already: by
// mode update it gets the password, by ifmissing nothing happens.
func (c *core) setPasswordIn(by actor, mode string, wish newUser) error {
	switch mode {
	case "update":
		return c.setPassword(by, wish.Name, wish.Password)
	case "ifmissing":
		return c.change(wish.Name, func(*tx, *user) {})
	}
	return errNoUser // to be created, or refused by that
}

// unlessMissing: Mailu's user-delete says nothing of an account that is not there.
func (c *core) unlessMissing(err error) error {
	if errors.Is(err, errNoUser) {
		return nil
	}
	return err
}

// mailuImport gives accounts that are there already the passwords of a configuration.
func (c *core) mailuImport(by actor, stdin io.Reader) error {
	var config struct {
		User []struct {
			Email    string `yaml:"email"`
			Password string `yaml:"password"`
		} `yaml:"user"`
	}
	if err := yaml.NewDecoder(io.LimitReader(stdin, 1<<20)).Decode(&config); err != nil {
		return err
	}
	for _, u := range config.User {
		if err := c.setPassword(by, u.Email, u.Password); err != nil {
			return err
		}
	}
	return nil
}
