package reference

import "time"

// Roles a user may have. RoleSecondFactor is accepted where a user is created
// and means "an ordinary user who must also give DefaultCode".
const (
	RoleUser         = "user"
	RoleAdmin        = "admin"
	RoleSecondFactor = "second_factor"
)

// DefaultCode is the second factor of users created with RoleSecondFactor.
const DefaultCode = "246810"

// user is one account. UID never returns: a deleted and re-created name is
// another account.
type user struct {
	UID      string `json:"uid"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Hash     string `json:"hash"`
	Code     string `json:"code,omitempty"` // fixed second factor, "" for none
	Disabled bool   `json:"disabled,omitempty"`
}

// session is one stored row. ID is the hash of the token the client holds, so
// that the file is no list of credentials; Handle is what session lists show.
type session struct {
	ID      string    `json:"id"`
	Handle  string    `json:"handle"`
	UID     string    `json:"uid,omitempty"` // "" only in a ghost, which a fault made
	Name    string    `json:"name,omitempty"`
	Agent   string    `json:"agent,omitempty"`
	Address string    `json:"address,omitempty"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Pending bool      `json:"pending,omitempty"`
	Asked   bool      `json:"asked,omitempty"` // only a fault's: of somebody who asked for a link
	// Elevated sessions have given the password once more.
	Elevated bool   `json:"elevated,omitempty"`
	Family   string `json:"family,omitempty"` // all that came of one sign-in
	Role     string `json:"role,omitempty"`   // of the user when it began; only a fault believes it
	// Ended says why somebody else ended the session. Such a row is only a
	// tombstone: it grants nothing and is not counted.
	Ended string `json:"ended,omitempty"`
}

// note is a text kept in a session, or in one connection of it.
type note struct {
	Owner      string `json:"owner"` // session id, unless a fault says otherwise
	Connection string `json:"connection,omitempty"`
	Text       string `json:"text"`
}

// change is one fact in the store. Exactly one field is set.
type change struct {
	User        *user    `json:"user,omitempty"`
	DropUser    string   `json:"drop_user,omitempty"`
	Session     *session `json:"session,omitempty"`
	DropSession string   `json:"drop_session,omitempty"`
	Note        *note    `json:"note,omitempty"`

	Artefact     *artefact `json:"artefact,omitempty"`
	DropArtefact string    `json:"drop_artefact,omitempty"`

	Mark *mark `json:"mark,omitempty"`
}

// mark is what a compound fault has to remember: in the store, so that the
// command line, a second process, counts on. The well-behaved server makes none.
type mark struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// state is what all changes so far add up to. Rows are replaced and never
// altered in place, so a row that was read stays what it was.
type state struct {
	users    map[string]*user
	byName   map[string]string
	sessions map[string]*session
	byUser   map[string]map[string]bool
	notes    map[string]map[string]string

	artefacts map[string]*artefact
	marks     map[string]string
}

func newState() *state {
	return &state{
		users:    map[string]*user{},
		byName:   map[string]string{},
		sessions: map[string]*session{},
		byUser:   map[string]map[string]bool{},
		notes:    map[string]map[string]string{},

		artefacts: map[string]*artefact{},
		marks:     map[string]string{},
	}
}

func (st *state) apply(c change) {
	switch {
	case c.User != nil:
		if old := st.users[c.User.UID]; old != nil {
			delete(st.byName, old.Name)
		}
		st.users[c.User.UID] = c.User
		st.byName[c.User.Name] = c.User.UID
	case c.DropUser != "":
		if old := st.users[c.DropUser]; old != nil {
			delete(st.byName, old.Name)
			delete(st.users, old.UID)
		}
	case c.Session != nil:
		s := c.Session
		st.sessions[s.ID] = s
		if st.byUser[s.UID] == nil {
			st.byUser[s.UID] = map[string]bool{}
		}
		st.byUser[s.UID][s.ID] = true
		if s.Ended != "" {
			delete(st.notes, s.ID)
		}
	case c.DropSession != "":
		if old := st.sessions[c.DropSession]; old != nil {
			delete(st.byUser[old.UID], old.ID)
			delete(st.sessions, old.ID)
			delete(st.notes, old.ID)
		}
	case c.Artefact != nil:
		st.artefacts[c.Artefact.ID] = c.Artefact
	case c.DropArtefact != "":
		delete(st.artefacts, c.DropArtefact)
	case c.Mark != nil:
		st.marks[c.Mark.Key] = c.Mark.Value
	case c.Note != nil:
		n := c.Note
		if st.notes[n.Owner] == nil {
			st.notes[n.Owner] = map[string]string{}
		}
		st.notes[n.Owner][n.Connection] = n.Text
	}
}

// named returns the user of that name, nil if there is none.
func (st *state) named(name string) *user {
	return st.users[st.byName[name]]
}

// of returns the rows of a user that nobody ended.
func (st *state) of(uid string) []*session {
	var rows []*session
	for id := range st.byUser[uid] {
		if s := st.sessions[id]; s.Ended == "" {
			rows = append(rows, s)
		}
	}
	return rows
}

// open returns all rows that nobody ended, ghosts and pending ones included.
func (st *state) open() []*session {
	var rows []*session
	for _, s := range st.sessions {
		if s.Ended == "" {
			rows = append(rows, s)
		}
	}
	return rows
}
