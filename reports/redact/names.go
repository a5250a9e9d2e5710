package redact

import "sync"

// maxNames bounds what a target with ever new names can make us remember.
const maxNames = 1 << 12

// names remembers what the regular expressions say of a name: a run sees a few
// hundred names some hundred thousand times. The zero value is ready.
type names struct {
	mu    sync.RWMutex
	known map[string]bool
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
