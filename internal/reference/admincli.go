package reference

import (
	"fmt"
	"io"
	"os"
	"slices"
)

const adminUsage = `usage: admin --store FILE [--plant FAULT,...] [--hash-cost N] COMMAND
  create-user NAME PASSWORD [--role user|admin|second_factor] [--second-factor CODE]
  delete-user NAME      disable NAME      enable NAME
  passwd NAME PASSWORD  role NAME ROLE    rename NAME NEWNAME
  expire NAME           revoke-all NAME
  factor NAME CODE      count             list
`

// AdminCLI is the admin command line. It works on a store file directly, beside
// a server that may be using it. Planted faults of the core act here too.
// `admin mailu` is that of the dialect mailu. It returns 0, 1 when refused (the reason goes to stderr), or 2 for bad usage.
func AdminCLI(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == dialectMailu {
		return mailuCLI(args[1:], os.Stdin, stdout, stderr)
	}
	set := newFlags("admin")
	path := set.String("store", "", "")
	planted := set.String("plant", "", "")
	cost := set.Int("hash-cost", 0, "")
	role := set.String("role", "", "")
	code := set.String("second-factor", "", "")
	words, err := parse(set, args)
	if err == nil && *path == "" {
		err = fmt.Errorf("--store is missing")
	}
	if err == nil && (len(words) == 0 || len(words)-1 != adminWords(words[0])) {
		err = fmt.Errorf("unknown command or wrong number of words")
	}
	faults, err2 := plant([]string{*planted}, stderr)
	if err == nil {
		err = err2
	}
	if err != nil {
		fmt.Fprintf(stderr, "admin: %v\n%s", err, adminUsage)
		return exitUsage
	}
	st, err := openStore(*path)
	if err == nil {
		defer st.Close()
		c := newCore(st, faults, *cost, 0, 0)
		words = append(words, "", "")
		err = c.command(words[0], words[1], words[2], *role, *code, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "admin:", err)
		return exitRefused
	}
	return exitOK
}

// adminWords is how many words follow a command, -1 for no command at all.
func adminWords(command string) int {
	for n, commands := range [][]string{
		{"count", "list"},
		{"delete-user", "disable", "enable", "expire", "revoke-all"},
		{"create-user", "passwd", "role", "rename", "factor"},
	} {
		if slices.Contains(commands, command) {
			return n
		}
	}
	return -1
}

func (c *core) command(command, name, word, role, code string, stdout io.Writer) error {
	by := actor{} // nobody's session acts
	switch command {
	case "create-user":
		_, err := c.create(by, newUser{Name: name, Password: word, Role: role, Code: code})
		return err
	case "delete-user":
		return c.remove(by, name)
	case "disable":
		return c.disable(by, name)
	case "enable":
		return c.enable(name)
	case "passwd":
		return c.setPassword(by, name, word)
	case "role":
		return c.setRole(name, word)
	case "factor":
		return c.setCode(name, word)
	case "rename":
		return c.rename(name, word)
	case "expire":
		return c.endAll(name, expired)
	case "revoke-all":
		return c.endAll(name, revoked)
	case "count":
		n, err := c.count()
		if err == nil {
			fmt.Fprintln(stdout, n)
		}
		return err
	}
	list, err := c.accounts()
	for _, a := range list {
		state := "enabled"
		if a.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(stdout, "%s\t%s\t%s\t%d\n", a.Name, a.Role, state, a.Sessions)
	}
	return err
}
