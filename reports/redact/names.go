package redact

import (
	"regexp"
	"sync"
)

// maxNames bounds what a target with ever new names can make us remember.
const maxNames = 1 << 12

// names remembers what the regular expressions say of a name: a run sees a few
// hundred names some hundred thousand times. The zero value is ready.
type names struct {
	mu    sync.RWMutex
	known map[string]bool
}

// keyName is a name for a key. Fields of the wire are often called so without
// being secret; the variables of a target file are not.
var keyName = regexp.MustCompile(`(?i)(^|[-_.])key$`)

// SecretVariable tells whether a variable of that name, which the user set, holds a secret.
func SecretVariable(name string) bool {
	return (secretName.MatchString(name) || keyName.MatchString(name)) && !harmlessName.MatchString(name)
}

// secret tells whether a field of that name holds a secret.
func (n *names) secret(name string) bool {
	n.mu.RLock()
	is, ok := n.known[name]
	n.mu.RUnlock()
	if ok {
		return is
	}
	is = secretName.MatchString(name) && !harmlessName.MatchString(name)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil {
		n.known = map[string]bool{}
	}
	if len(n.known) < maxNames {
		n.known[name] = is
	}
	return is
}
