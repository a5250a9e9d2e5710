package reference

import (
	"cmp"
	"strings"
	"unicode"
)

// actor is who asks for something to be done to an account.
type actor struct {
	// session is the id of the acting session; "" for sign-up and command line.
	session string
	// provisioning is set for holders of the admin key, who prepare a test and
	// are no part of it: creation by them is spared the planted faults.
	provisioning bool
	meta         meta
}

// newUser is a wish for an account. Role "" means user.
type newUser struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Code     string `json:"second_factor"`
	Hash     string `json:"-"` // in place of the password, where an account is brought along from elsewhere
}

// create makes an account, and refuses a name that is taken without changing
// anything. The grant is empty unless a fault hands out a credential.
func (c *core) create(by actor, wish newUser) (grant, error) {
	if wish.Role == RoleSecondFactor {
		wish.Role = RoleUser
		if wish.Code == "" {
			wish.Code = DefaultCode
		}
	}
	if wish.Role == "" {
		wish.Role = RoleUser
	}
	if !goodName(wish.Name) || wish.Password+wish.Hash == "" || wish.Role != RoleUser && wish.Role != RoleAdmin {
		return grant{}, errBadInput
	}
	hash := cmp.Or(wish.Hash, hashPassword(wish.Password, c.hashCost))
	var out grant
	err := c.store.update(func(t *tx) error {
		if !by.provisioning && c.faults.Fires(faultCreateEndsSessions) {
			end(t, "pruned", without(t.open(), by.session))
		}
		if taken := t.named(wish.Name); taken != nil {
			c.duplicate(t, by, taken)
			return errExists
		}
		u := &user{UID: randomHex(8), Name: wish.Name, Role: wish.Role, Hash: hash, Code: wish.Code}
		t.do(change{User: u})
		c.created(t, by, u)
		if by.session != "" && c.faults.Fires(faultCreateSwitchesActor) {
			out = c.fresh(t, u, by.meta, false)
		}
		return nil
	})
	return out, err
}

func goodName(name string) bool {
	return name != "" && len(name) <= 128 && !strings.Contains(name, "/") && name != "." && name != ".." &&
		strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }) < 0
}

// change runs fn on an existing account.
func (c *core) change(name string, fn func(*tx, *user)) error {
	return c.store.update(func(t *tx) error {
		u := t.named(name)
		if u == nil {
			return errNoUser
		}
		fn(t, u)
		return nil
	})
}

// remove deletes an account and ends its sessions.
func (c *core) remove(by actor, name string) error {
	return c.change(name, func(t *tx, u *user) {
		t.do(change{DropUser: u.UID})
		c.remember(t, faultNamesakeSignOut, "gone "+u.Name, "yes")
		c.remember(t, faultBystanderEnds, "gone "+u.Name, "yes")
		if !c.faults.Fires(faultAccountEndKeeps) && !c.faults.Fires(faultNameOnly) {
			end(t, "account deleted", t.of(u.UID))
		}
		c.overreach(t, u, by.session)
		c.takesAlong(t, u)
	})
}

// switchedOff is why sessions end with a disabled account.
const switchedOff = "account disabled"

// disable ends an account's sessions and lets nobody sign in to it.
func (c *core) disable(by actor, name string) error {
	return c.change(name, func(t *tx, u *user) {
		off := *u
		off.Disabled = true
		t.do(change{User: &off})
		if !c.faults.Fires(faultAccountEndKeeps) && !c.rules.DisableSuspends {
			end(t, switchedOff, t.of(u.UID))
		}
		c.overreach(t, u, by.session)
	})
}

// enable lets people sign in again; sessions that ended stay ended.
func (c *core) enable(name string) error {
	return c.change(name, func(t *tx, u *user) {
		on := *u
		on.Disabled = false
		t.do(change{User: &on})
		c.restored(t, u)
	})
}

// setPassword is the reset by somebody else: all sessions of the account end.
func (c *core) setPassword(by actor, name, password string) error {
	if password == "" {
		return errBadInput
	}
	hash := hashPassword(password, c.hashCost)
	return c.change(name, func(t *tx, u *user) { c.putHash(t, u, hash, "", by.session) })
}

// setRole changes what an account may do; its sessions stay and have the new role at once.
func (c *core) setRole(name, role string) error {
	if role != RoleUser && role != RoleAdmin {
		return errBadInput
	}
	return c.change(name, func(t *tx, u *user) {
		changed := *u
		changed.Role = role
		t.do(change{User: &changed})
		if u.Role == RoleUser && role == RoleAdmin {
			c.remember(t, faultDemotedEscapes, "promoted "+u.UID, "yes")
		}
	})
}

// setCode gives an account a second factor, or takes it away by "". Sessions
// stay, and a pending one stays pending.
func (c *core) setCode(name, code string) error {
	return c.change(name, func(t *tx, u *user) {
		changed := *u
		changed.Code = code
		t.do(change{User: &changed})
	})
}

// rename gives an account another name; its sessions stay and have the new name at once.
func (c *core) rename(name, next string) error {
	if !goodName(next) {
		return errBadInput
	}
	return c.store.update(func(t *tx) error {
		u := t.named(name)
		switch {
		case u == nil:
			return errNoUser
		case t.named(next) != nil:
			return errExists
		}
		renamed := *u
		renamed.Name = next
		t.do(change{User: &renamed})
		c.remember(t, faultRenamedSpared, u.UID, stamp(c.now()))
		c.tally(t, faultRenamedTakes, u.UID)
		if c.faults.On(faultNameOnly) {
			return nil
		}
		for _, s := range t.of(u.UID) {
			moved := *s
			moved.Name = next
			t.do(change{Session: &moved})
		}
		return nil
	})
}

// endAll ends every session of an account, the account stays as it is.
func (c *core) endAll(name, why string) error {
	if why == revoked && c.faults.On(faultRevokesFromList) {
		return c.endListed(func(st *state) ([]*session, error) {
			u := st.named(name)
			if u == nil {
				return nil, errNoUser
			}
			return st.of(u.UID), nil
		})
	}
	return c.change(name, func(t *tx, u *user) {
		if why != revoked || !c.faults.Fires(faultRevokeAllInVain) {
			end(t, why, c.revokerSpared(t, u, why, c.demotedSpared(t, u, why, t.of(u.UID))))
		}
	})
}

// count is the number of stored sessions of everybody: live, pending and ghost
// rows, not those that were ended.
func (c *core) count() (n int, err error) {
	err = c.store.view(func(st *state) { n = len(st.open()) })
	return n, err
}

// account is what administrators see of a user.
type account struct {
	Name     string `json:"name"`
	Role     string `json:"role"`
	Disabled bool   `json:"disabled"`
	Sessions int    `json:"sessions"`
}

// accounts lists all users, in no order.
func (c *core) accounts() (list []account, err error) {
	list = []account{}
	err = c.store.view(func(st *state) {
		for _, u := range st.users {
			list = append(list, account{u.Name, u.Role, u.Disabled, len(st.of(u.UID))})
		}
	})
	return list, err
}
