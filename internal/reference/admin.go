package reference

import "net/http"

// adminRoutes is the admin API, the same in every dialect: JSON under /admin,
// for administrators by the dialect's own credential and for holders of the key.
func (s *site) adminRoutes(mux *http.ServeMux) {
	on := func(pattern string, h func(http.ResponseWriter, *http.Request, actor)) {
		mux.HandleFunc(pattern, s.adminOnly(h))
	}
	onUser := func(pattern string, do func(by actor, name string) error) {
		on(pattern, func(w http.ResponseWriter, r *http.Request, by actor) {
			if err := do(by, r.PathValue("name")); err != nil {
				refuse(w, err, nil)
				return
			}
			done(w, nil)
		})
	}
	fromAPI := s.adminOnly(s.adminCreate)
	mux.HandleFunc("POST /admin/users", func(w http.ResponseWriter, r *http.Request) {
		if s.form != nil && isForm(r) {
			s.form(w, r)
			return
		}
		fromAPI(w, r)
	})
	on("GET /admin/users", s.adminList)
	on("GET /admin/users/{name}/mail", s.adminMail)
	on("GET /admin/sessions/count", s.adminCount)
	onUser("DELETE /admin/users/{name}", s.core.remove)
	onUser("POST /admin/users/{name}/disable", s.core.disable)
	onUser("POST /admin/users/{name}/enable", func(_ actor, name string) error { return s.core.enable(name) })
	onUser("POST /admin/users/{name}/expire", func(_ actor, name string) error { return s.core.endAll(name, expired) })
	onUser("POST /admin/users/{name}/revoke-all", func(_ actor, name string) error { return s.core.endAll(name, revoked) })
	on("POST /admin/users/{name}/password", s.adminChange(func(by actor, name string, b adminBody) error {
		return s.core.setPassword(by, name, b.Password)
	}))
	on("POST /admin/users/{name}/role", s.adminChange(func(_ actor, name string, b adminBody) error {
		return s.core.setRole(name, b.Role)
	}))
	on("POST /admin/users/{name}/second-factor", s.adminChange(func(_ actor, name string, b adminBody) error {
		return s.core.setCode(name, b.Code)
	}))
	on("POST /admin/users/{name}/rename", s.adminChange(func(_ actor, name string, b adminBody) error {
		return s.core.rename(name, b.Name)
	}))
}

type adminBody struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Code     string `json:"second_factor"`
}

func (s *site) adminChange(do func(actor, string, adminBody) error) func(http.ResponseWriter, *http.Request, actor) {
	return func(w http.ResponseWriter, r *http.Request, by actor) {
		var body adminBody
		if !readJSON(w, r, &body) {
			return
		}
		if err := do(by, r.PathValue("name"), body); err != nil {
			refuse(w, err, nil)
			return
		}
		done(w, nil)
	}
}

func (s *site) adminCreate(w http.ResponseWriter, r *http.Request, by actor) {
	var wish newUser
	if !readJSON(w, r, &wish) {
		return
	}
	given, err := s.core.create(by, wish)
	if err != nil {
		refuse(w, err, nil)
		return
	}
	var extra map[string]any
	if given.token != "" { // only a fault gives anything here
		extra = s.carry.hand(w, r, given)
	}
	reply(w, http.StatusCreated, merge(map[string]any{"user": wish.Name}, extra))
}

func (s *site) adminList(w http.ResponseWriter, _ *http.Request, _ actor) {
	list, err := s.core.accounts()
	if err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, map[string]any{"users": list})
}

func (s *site) adminCount(w http.ResponseWriter, _ *http.Request, _ actor) {
	n, err := s.core.count()
	if err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, map[string]any{"count": n})
}
