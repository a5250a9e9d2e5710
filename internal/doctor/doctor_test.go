package doctor

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/targets"
)

// TestMain lets the test binary stand for sessionspec where the reference
// target starts its own server, command line and client.
func TestMain(m *testing.M) {
	if exit, mine := reference.Command(os.Args[1:], os.Stdout, os.Stderr); mine {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}

func examine(t *testing.T, dialect, plant string) *Report {
	t.Helper()
	ts, err := targets.Load("reference-"+dialect, map[string]string{"plant": plant})
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Examine(t.Context(), ts[0], Options{Start: targets.StartOptions{Self: self}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func text(r *Report) string {
	var b strings.Builder
	r.Text(&b)
	return b.String()
}

// rows renders the cells of the rows of one operation, without repetitions.
func rows(r *Report, title string) string {
	var out []string
	for _, row := range r.Rows {
		if row.title() == title {
			line := fmt.Sprintf("%s %s %s %s", row.This, row.SameUser, row.OtherUser, row.Anonymous)
			if !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	return strings.Join(out, "; ")
}

// learnable operations must have an answer wherever they are offered. A new
// operation may need a case of its own in cases.go before it comes in here.
var learnable = []string{"sign_in", "sign_in_partial", "sign_out", "create_user", "change_password", "reset_password", "revoke_session",
	"revoke_others", "revoke_all", "expire", "disable", "enable", "delete_user", "set_role", "note", "read_note", "move", "visit", "refresh"}

// TestCleanDialects: everything is learnt, nothing contradicts, and the table
// is what a well-behaved server does.
func TestCleanDialects(t *testing.T) {
	for _, dialect := range reference.Dialects() {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			r := examine(t, dialect, "")
			if len(r.Contradictions) > 0 {
				t.Errorf("contradictions: %q", r.Contradictions)
			}
			for _, row := range r.Rows {
				if slices.Contains([]string{row.This, row.SameUser, row.OtherUser, row.Anonymous}, Unknown) {
					if slices.Contains(learnable, row.Operation) {
						t.Errorf("not learnt: %+v", row)
					}
					t.Logf("not learnt: %+v", row)
				}
			}
			for title, want := range map[string]string{
				"sign_in":                 "new lives lives nobody",
				"sign_in, again":          "rotates lives lives nobody",
				"sign_in, wrong password": "lives lives lives nobody",
				"sign_in_partial":         "pending lives lives nobody",
				"sign_out":                "ends lives lives nobody",
				"change_password":         "rotates ends lives nobody",
				"revoke_others":           "lives ends lives nobody",
				"rename":                  "lives lives lives nobody; none lives lives nobody",
				"move":                    "lives lives lives nobody",
			} {
				if got := rows(r, title); got != want {
					t.Errorf("%s: %s, want %s", title, got, want)
				}
			}
			for _, op := range []string{"create_user", "delete_user", "enable", "disable"} {
				for _, row := range r.Rows {
					if row.Operation == op && row.OtherUser != Lives {
						t.Errorf("%s by %s: other users' sessions: %s", op, row.Route, row.OtherUser)
					}
				}
			}
			for line := range strings.Lines(text(r)) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > Width {
					t.Errorf("%d characters: %s", n, line)
				}
			}
		})
	}
}

// TestPlantedFaults: what a fault does to sessions is in the table, by every route.
func TestPlantedFaults(t *testing.T) {
	for _, c := range []struct {
		plant, title, want string
		contradicts        bool
	}{
		{plant: "frame/create-user-keeps-sessions", title: "create_user", want: "none none ends nobody; lives none ends nobody"},
		{plant: "frame/sign-out-keeps-others", title: "sign_out", want: "ends ends lives nobody", contradicts: true},
		{plant: "terminate/sign-out-kills-server-side", title: "sign_out", want: "orphan lives lives nobody"},
		{plant: "establish/new-token-on-sign-in", title: "sign_in, again", want: "lives lives lives nobody", contradicts: true},
		{plant: "terminate/credential-change-ends-others", title: "change_password", want: "rotates lives lives nobody", contradicts: true},
	} {
		t.Run(c.plant, func(t *testing.T) {
			t.Parallel()
			r := examine(t, "web", c.plant)
			if got := rows(r, c.title); got != c.want {
				t.Errorf("%s: %s, want %s", c.title, got, c.want)
			}
			if got := len(r.Contradictions) > 0; got != c.contradicts {
				t.Errorf("contradictions: %q", r.Contradictions)
			}
			if got := strings.Contains(text(r), "the target file and the target disagree"); got != c.contradicts {
				t.Errorf("the text says so: %v", got)
			}
		})
	}
}

var byRoute = regexp.MustCompile(` by \w+`)

// TestLimitsAndProof: what a file says of the number of sessions, and of the
// password before a session is ended, is held against what was seen.
func TestLimitsAndProof(t *testing.T) {
	for _, c := range []struct {
		dialect, plant, title, want, contradicts string
	}{
		{dialect: "bearer", title: "sign_in, beyond the limit", want: "new mixed lives nobody"},
		{dialect: "bearer", plant: "multi/limit-as-declared", title: "sign_in, beyond the limit", want: "new lives lives nobody",
			contradicts: "sessions.at_limit is declared as end_oldest; sign_in, beyond the limit: lives"},
		{dialect: "realtime", title: "sign_in, beyond the limit", want: "none lives lives nobody"},
		{dialect: "realtime", plant: "multi/limit-as-declared", title: "sign_in, beyond the limit", want: "new lives lives nobody",
			contradicts: "sessions.at_limit is declared as refuse; sign_in, beyond the limit: new"},
		{dialect: "app", title: "revoke_session, no password", want: "lives lives lives nobody"},
		{dialect: "app", plant: "multi/revoke-needs-authentication", title: "revoke_session, no password", want: "lives ends lives nobody",
			contradicts: "revoke.needs is declared as password; revoke_session, no password: ends"},
	} {
		t.Run(c.dialect+" "+c.plant, func(t *testing.T) {
			t.Parallel()
			r := examine(t, c.dialect, c.plant)
			if got := rows(r, c.title); got != c.want {
				t.Errorf("%s: %s, want %s", c.title, got, c.want)
			}
			said := slices.Compact(strings.Split(byRoute.ReplaceAllString(strings.Join(r.Contradictions, "\n"), ""), "\n"))
			if got := strings.Join(said, "\n"); got != c.contradicts {
				t.Errorf("contradictions: %s, want %s", got, c.contradicts)
			}
		})
	}
}

// TestPromisesAreSaidOnce: no cell is compared with one promise twice.
func TestPromisesAreSaidOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range promises {
		key := fmt.Sprint(p.name, p.op, p.variant, p.column)
		if seen[key] {
			t.Errorf("%s of %s is there twice", p.name, p.op)
		}
		seen[key] = true
	}
}
