package reference

import (
	"cmp"
	"slices"
	"time"
)

// changePassword sets a new password for the signed-in user. Other sessions of
// the account end; the current one goes on under a new token, or by the rules under its own.
func (c *core) changePassword(m meta, current, next string) (grant, error) {
	who, err := c.identify(m)
	if err != nil {
		return grant{}, err
	}
	if !who.live() {
		return grant{}, errNotSignedIn
	}
	if next == "" {
		return grant{}, errBadInput
	}
	if !checkPassword(who.user.Hash, current) {
		return grant{}, errBadCredentials
	}
	hash := hashPassword(next, c.hashCost)
	var out grant
	err = c.store.update(func(t *tx) error {
		now := c.resolve(t.state, m.token)
		if !now.live() {
			return errNotSignedIn
		}
		if now.user.Hash != who.user.Hash { // changed between look and lock
			return errBadCredentials
		}
		c.putHash(t, now.user, hash, now.session.ID, now.session.ID)
		if !c.rules.PasswordKeepsToken {
			out = c.rotate(t, now, m)
		}
		return nil
	})
	return out, err
}

// changedPassword is why sessions end with a new password.
const changedPassword = "password changed"

// putHash stores a new password and ends the account's sessions but keep. by is
// the id of the session that acts.
func (c *core) putHash(t *tx, u *user, hash, keep, by string) {
	changed := *u
	changed.Hash = hash
	t.do(change{User: &changed})
	if !c.faults.Fires(faultPasswordKeepsOthers) {
		end(t, changedPassword, c.renewedSpared(t, u, keep, c.renamedSpared(t, u, keep, without(t.of(u.UID), keep))))
	}
	c.tally(t, faultRestoreRevives, u.UID)
	c.overreach(t, u, by)
}

// overreach is the planted fault of every account change: the change of one
// account ends the sessions of the others, the actor's excepted.
func (c *core) overreach(t *tx, u *user, actor string) {
	if !c.faults.Fires(faultAccountChangeScope) {
		return
	}
	for _, s := range without(t.open(), actor) {
		if s.UID != u.UID {
			end(t, "account changed", []*session{s})
		}
	}
}

// rotate gives a session a new token; its handle, age and notes stay.
func (c *core) rotate(t *tx, who identity, _ meta) grant {
	out := c.renew(t, who.session, who.user)
	if c.faults.Fires(faultPredecessorLives) {
		old := *who.session
		t.do(change{Session: &old})
	}
	return out
}

// listed is one row of a user's list of sessions.
type listed struct {
	ID      string    `json:"id"` // the handle; no credential
	Agent   string    `json:"agent"`
	Current bool      `json:"current"`
	Created time.Time `json:"created"`
}

// sessions lists the live sessions of the signed-in user, oldest first.
func (c *core) sessions(m meta) ([]listed, error) {
	rows, refusal := []listed{}, errNotSignedIn
	err := c.store.view(func(st *state) {
		who := c.resolve(st, m.token)
		if !who.live() {
			return
		}
		refusal = nil
		for _, s := range c.listable(st, who.user.UID) {
			if !s.Pending && !c.over(s) {
				rows = append(rows, listed{s.Handle, s.Agent, s.ID == who.session.ID, s.Created})
			}
		}
	})
	slices.SortFunc(rows, func(a, b listed) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return rows, cmp.Or(err, refusal)
}

// revoke ends the user's session of that handle. current says that it was the
// session of the request itself. The password counts where the rules ask for it.
func (c *core) revoke(m meta, handle, password string) (current bool, ghost string, err error) {
	err = c.store.update(func(t *tx) error {
		who := c.resolve(t.state, m.token)
		if !who.live() {
			return errNotSignedIn
		}
		if !c.proven(who.user, password) {
			return errForbidden
		}
		own := c.revocable(t, who.user.UID, handle)
		i := slices.IndexFunc(own, func(s *session) bool { return s.Handle == handle && !s.Pending })
		if i < 0 {
			return c.gone()
		}
		c.fourth(t, who, own[i])
		if c.faults.Fires(faultRevokeTooMuch) {
			end(t, "revoked with another", without(own, own[i].ID))
		}
		if current = own[i].ID == who.session.ID; current {
			t.do(change{DropSession: own[i].ID})
			ghost = c.ghost(t, m)
			return nil
		}
		end(t, "revoked", own[i:i+1])
		return nil
	})
	return current, ghost, err
}

// revokeOthers ends all sessions of the user but the one that asks.
func (c *core) revokeOthers(m meta, password string) error {
	others := func(st *state) (identity, []*session, error) {
		who := c.resolve(st, m.token)
		if !who.live() {
			return who, nil, errNotSignedIn
		}
		if !c.proven(who.user, password) {
			return who, nil, errForbidden
		}
		return who, without(st.of(who.user.UID), who.session.ID), nil
	}
	if c.faults.On(faultRevokesFromList) {
		return c.endListed(func(st *state) ([]*session, error) {
			_, rows, err := others(st)
			return rows, err
		})
	}
	return c.store.update(func(t *tx) error {
		who, rows, err := others(t.state)
		if err == nil {
			if len(rows) > 0 {
				c.remember(t, faultRevokerStays, who.session.Handle, "yes")
			}
			end(t, revoked, c.latecomersSpared(t, who, rows))
		}
		return err
	})
}

// writeNote keeps a text in the session, or in one connection of it.
func (c *core) writeNote(m meta, connection, text string) error {
	return c.store.update(func(t *tx) error {
		who := c.resolve(t.state, m.token)
		if !c.lets(who) {
			return errNotSignedIn
		}
		owner, connection := c.drawer(who, m, connection)
		t.do(change{Note: &note{owner, connection, text}})
		return nil
	})
}

// readNote returns what writeNote kept, "" if it kept nothing.
func (c *core) readNote(m meta, connection string) (text string, err error) {
	refusal := errNotSignedIn
	err = c.store.view(func(st *state) {
		if who := c.resolve(st, m.token); c.lets(who) {
			owner, connection := c.drawer(who, m, connection)
			text, refusal = st.notes[owner][connection], nil
		}
	})
	return text, cmp.Or(err, refusal)
}

// drawer says where a note is kept: with the session, and within it with the
// connection. The connection alone would not do: clients choose it freely.
func (c *core) drawer(who identity, m meta, connection string) (owner, inner string) {
	switch {
	case c.faults.Fires(faultKeyedByUser):
		return "user " + who.user.UID, ""
	case connection == "" && c.faults.Fires(faultKeyedByNetwork):
		return "address " + m.place(), ""
	}
	return who.session.ID, connection
}
