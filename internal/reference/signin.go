package reference

import "crypto/subtle"

// grant is a credential on its way to a client.
type grant struct {
	token   string
	handle  string
	user    string
	uid     string
	pending bool
}

// fresh stores a new session and returns its token, which is stored nowhere.
func (c *core) fresh(t *tx, u *user, m meta, pending bool) grant {
	return c.open(t, u, m, c.newToken(), pending)
}

// open stores a new session under a token.
func (c *core) open(t *tx, u *user, m meta, token string, pending bool) grant {
	now, handle := c.now(), randomHex(8)
	t.do(change{Session: &session{ID: idOf(token), Handle: handle, UID: u.UID, Name: u.Name,
		Agent: m.agent, Address: m.address, Created: now, Seen: now, Pending: pending, Family: handle, Role: u.Role}})
	return grant{token: token, handle: handle, user: u.Name, uid: u.UID, pending: pending}
}

// signIn checks a password and opens a session under a new id. A session the
// same client still had is ended, whoever it was: one client, one session.
func (c *core) signIn(m meta, name, password string) (grant, error) {
	defer c.arrive()()
	var known user
	if err := c.store.view(func(st *state) {
		if u := st.named(name); u != nil {
			known = *u
		}
	}); err != nil {
		return grant{}, err
	}
	if known.Hash == "" { // same work for a name that does not exist
		known.Hash = hashPassword("", c.hashCost)
	}
	right := checkPassword(known.Hash, password) && known.UID != ""
	checked := c.checked(known, right)
	c.dawdle(faultChecksThenActs)
	var out grant
	err := c.store.update(func(t *tx) error {
		u := c.asChecked(t, c.reactivate(t, t.named(name), right), known, right)
		// The hash was made outside the lock: it must be the account's still.
		if !right || u == nil || (u.Hash != known.Hash || u.Disabled) && !(checked && c.faults.Fires(faultSignInRaces)) {
			if u != nil && c.faults.Fires(faultFailedSignInEnds) {
				end(t, "failed sign-in", t.of(u.UID))
			}
			c.failed(t, u, right)
			return errBadCredentials
		}
		if u.Code == "" {
			if err := c.room(t, u, m); err != nil {
				return err
			}
		}
		token := c.tokenFor(t, m)
		left := c.leavings(t, m, u)
		if !c.orphan(t, m, token) {
			c.leave(t, m)
		}
		if c.faults.Fires(faultSignInEndsOthers) {
			end(t, "signed in elsewhere", t.of(u.UID))
		}
		c.alone(t, m)
		u = c.freedSeat(t, u)
		out = c.open(t, u, m, token, u.Code != "")
		inherit(t, token, left)
		c.evict(t, m)
		c.signedIn(t, u, out)
		return nil
	})
	if err == nil {
		out = c.meet(out)
	}
	return out, err
}

// giveCode completes a pending sign-in: the partial session ends and a full one
// with a new id takes its place.
func (c *core) giveCode(m meta, code string) (grant, error) {
	var out grant
	err := c.store.update(func(t *tx) error {
		who := c.resolve(t.state, m.token)
		if who.standing != standingPending {
			return errNotSignedIn
		}
		// A factor taken away meanwhile must not make "" the right code.
		if who.user.Code == "" || subtle.ConstantTimeCompare([]byte(code), []byte(who.user.Code)) != 1 {
			return errBadCredentials
		}
		if err := c.room(t, who.user, m); err != nil {
			return err
		}
		token := c.tokenFor(t, m)
		t.do(change{DropSession: who.session.ID})
		out = c.open(t, who.user, m, token, false)
		return nil
	})
	return out, err
}

// leave forgets whatever session the client came with.
func (c *core) leave(t *tx, m meta) {
	if m.token == "" {
		return
	}
	if s := t.sessions[idOf(m.token)]; s != nil {
		t.do(change{DropSession: s.ID})
		c.leaveFamily(t, s)
	}
}

// signOut ends the session of a token in whatever state it is, and succeeds
// also when there is none. ghost is "" unless a fault mints one.
func (c *core) signOut(m meta) (ghost string, err error) {
	err = c.store.update(func(t *tx) error {
		who := c.resolve(t.state, m.token)
		if !who.live() && c.faults.Fires(faultSignOutRefused) {
			return errNotSignedIn
		}
		if who.live() && c.faults.Fires(faultSignOutEndsOthers) {
			end(t, "signed out elsewhere", without(t.of(who.user.UID), who.session.ID))
		}
		c.alone(t, m)
		if !who.live() || !c.faults.Fires(faultSignOutClientOnly) && !c.rotatedAway(t, who) {
			c.leave(t, m)
			c.signedOut(t, who)
		}
		if m.token != "" {
			ghost = c.ghost(t, m)
		}
		return nil
	})
	return ghost, err
}

// ghost is the planted fault's empty session: a row nobody asked for.
func (c *core) ghost(t *tx, m meta) string {
	if !c.faults.Fires(faultGhost) {
		return ""
	}
	return c.fresh(t, &user{}, m, false).token
}

// tellEnded is called when a client learns that its session was ended
// elsewhere. There is nothing to do then; a fault finds something.
func (c *core) tellEnded(m meta, who identity) (ghost string, err error) {
	if !c.faults.On(faultGhost) || who.session == nil || who.session.UID == "" {
		return "", nil
	}
	err = c.store.update(func(t *tx) error {
		if t.sessions[who.session.ID] != nil { // told once: afterwards the row is gone
			t.do(change{DropSession: who.session.ID})
			ghost = c.ghost(t, m)
		}
		return nil
	})
	return ghost, err
}
