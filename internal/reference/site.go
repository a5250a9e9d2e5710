package reference

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"strings"
)

// site is what all dialects have in common: a core, a way to carry credentials
// and the admin surface.
type site struct {
	core     *core
	carry    carrier
	adminKey string
	// stop is closed when the server ends; long answers watch it.
	stop <-chan struct{}
	// connect says which connection of its session a request belongs to; nil
	// where sessions have no connections.
	connect func(http.ResponseWriter, *http.Request) string
	streams streams
	// wrap, where set, sees every request first.
	wrap func(http.Handler) http.Handler
	// form, where set, takes posts of HTML forms to POST /admin/users.
	form http.HandlerFunc
}

func (s *site) connection(w http.ResponseWriter, r *http.Request) string {
	if s.connect == nil {
		return ""
	}
	return s.connect(w, r)
}

func (s *site) meta(r *http.Request) meta {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	forwarded, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ",")
	return meta{token: s.carry.token(r), agent: r.UserAgent(), address: host, forwarded: strings.TrimSpace(forwarded)}
}

// farewell gives up the client's credential: it is dropped, or a fault's ghost
// takes its place. The result belongs into the JSON body.
func (s *site) farewell(w http.ResponseWriter, r *http.Request, ghost string) map[string]any {
	if ghost == "" {
		s.carry.drop(w, r)
		return nil
	}
	fields := s.carry.hand(w, r, grant{token: ghost})
	return fields
}

// deny is the part of an answer that whoever is not signed in gets: a client
// that presented a dead credential is told to forget it, and a claim without a
// live session behind it is deleted. For live sessions it does nothing.
func (s *site) deny(w http.ResponseWriter, r *http.Request, who identity) map[string]any {
	if who.standing != standingDead || s.core.faults.On(faultTokenAdopted) {
		if c, ok := s.carry.(cookies); ok && !who.live() {
			c.dropClaim(w, r)
		}
		return nil
	}
	ghost, err := s.core.tellEnded(s.meta(r), who)
	if err != nil {
		return nil
	}
	return s.farewell(w, r, ghost)
}

// adminOnly lets holders of the admin key and live administrators through.
func (s *site) adminOnly(next func(http.ResponseWriter, *http.Request, actor)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("X-Admin-Key")
		if s.adminKey != "" && subtle.ConstantTimeCompare([]byte(key), []byte(s.adminKey)) == 1 {
			next(w, r, actor{provisioning: true, meta: s.meta(r)})
			return
		}
		who, err := s.core.identify(s.meta(r))
		switch {
		case err != nil:
			refuse(w, err, nil)
		case !who.live():
			refuse(w, errNotSignedIn, s.deny(w, r, who))
		case s.core.role(who) != RoleAdmin:
			refuse(w, errForbidden, nil)
		default:
			next(w, r, actor{session: who.session.ID, meta: s.meta(r)})
		}
	}
}

// statusOf translates a refusal.
func statusOf(err error) int {
	switch {
	case errors.Is(err, errNotSignedIn), errors.Is(err, errBadCredentials):
		return http.StatusUnauthorized
	case errors.Is(err, errForbidden), errors.Is(err, errFull):
		return http.StatusForbidden
	case errors.Is(err, errExists):
		return http.StatusConflict
	case errors.Is(err, errNoUser), errors.Is(err, errNoSession):
		return http.StatusNotFound
	case errors.Is(err, errBadInput):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// refuse answers with the reason in JSON.
func refuse(w http.ResponseWriter, err error, extra map[string]any) {
	reply(w, statusOf(err), merge(map[string]any{"error": err.Error()}, extra))
}

// reply writes a JSON object.
func reply(w http.ResponseWriter, status int, fields map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(fields) // the client may be gone; nobody is left to tell
}

// done answers 204, or 200 if there is something to say.
func done(w http.ResponseWriter, fields map[string]any) {
	if len(fields) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	reply(w, http.StatusOK, fields)
}

func merge(a, b map[string]any) map[string]any {
	if a == nil {
		return b
	}
	maps.Copy(a, b)
	return a
}

// readJSON decodes the body of at most 1 MiB; it answers 400 and returns false if it cannot.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(into)
	if err != nil {
		reply(w, http.StatusBadRequest, map[string]any{"error": "JSON expected: " + err.Error()})
		return false
	}
	return true
}

// common wraps every dialect: nothing may be cached, and other sites' forms are refused.
func common(next http.Handler, faults *faultSet) http.Handler {
	protection := http.NewCrossOriginProtection()
	if faults.On(faultLaxWindow) {
		protection.AddInsecureBypassPattern("POST /notes")
	}
	guarded := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		echo(w, r, faults)
		guarded.ServeHTTP(w, bySuffix(w, r, faults))
	})
}
