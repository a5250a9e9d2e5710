package main

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// operator does what is an operator's to accounts and sessions, below /_test/.
// Loopback only, as the whole site.
//
//	POST /_test/NAME      {"user": name, ...}; 204, 404 no such account, 409 exists already
//	GET  /_test/sessions  {"count": sessions in the store}
func (s *site) operator(w http.ResponseWriter, r *http.Request) {
	in, name := read(r), r.PathValue("name")
	a, known := s.accounts.get(in.User)
	ctx := context.Background()
	switch {
	case name == "sessions":
		all, err := s.sessions.Store.(scs.IterableStore).All()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, map[string]any{"count": len(all)})
		return
	case name == "create":
		if !s.accounts.create(in.User, in.Password, in.Role) {
			w.WriteHeader(http.StatusConflict)
			return
		}
	case !known:
		w.WriteHeader(http.StatusNotFound)
		return
	}
	var err error
	switch name {
	case "create":
	case "enable":
		s.accounts.change(in.User, func(a *account) { a.Active = true })
	case "set_role":
		s.accounts.change(in.User, func(a *account) { a.Role = in.Role })
	case "set_password":
		s.accounts.change(in.User, func(a *account) { a.Password = in.Password })
		err = s.end(ctx, a.ID, "")
	case "disable":
		s.accounts.change(in.User, func(a *account) { a.Active = false })
		err = s.end(ctx, a.ID, "")
	case "delete":
		s.accounts.delete(in.User)
		err = s.end(ctx, a.ID, "")
	case "revoke_all":
		err = s.end(ctx, a.ID, "")
	case "expire":
		err = s.sessions.Iterate(ctx, func(ctx context.Context) error {
			if s.sessions.GetInt(ctx, "id") != a.ID {
				return nil
			}
			s.sessions.SetDeadline(ctx, time.Now().Add(-time.Minute))
			_, _, err := s.sessions.Commit(ctx)
			return err
		})
	default:
		w.WriteHeader(http.StatusNotFound)
		return
	}
	done(w, err)
}

// end destroys the sessions of an account but the one with that token: the
// documentation's example of Iterate.
func (s *site) end(ctx context.Context, id int, but string) error {
	return s.sessions.Iterate(ctx, func(ctx context.Context) error {
		if s.sessions.GetInt(ctx, "id") != id || s.sessions.Token(ctx) == but {
			return nil
		}
		return s.sessions.Destroy(ctx)
	})
}
