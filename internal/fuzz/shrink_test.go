package fuzz

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
)

// rule is a made-up fault: it shows where these operations come in this order,
// all at accounts of one user, whatever else is there.
type rule []string

func (r rule) shows(t Trace) (bool, int) {
	for _, u := range []string{"alice", "bob", "carol", "dave", "fresh"} {
		want := r
		for i, s := range t.Steps {
			user := s.User
			for _, c := range t.Clients {
				if user == "" && c.Name == s.Client {
					user = c.User
				}
			}
			if len(want) > 0 && s.Op == want[0] && user == u {
				if want = want[1:]; len(want) == 0 {
					return true, i
				}
			}
		}
	}
	return false, 0
}

// Whatever walk shows a made-up fault first, the story becomes as short as the
// fault, in its normal form, and in few plays.
func TestShrinkEndsMinimal(t *testing.T) {
	g := testGame()
	for _, r := range []rule{
		{"sign_in", "create_user"}, // of one user: created after a sign-in
		{"sign_in", "sign_out"},
		{"sign_in", "change_password", "sign_out"},
		{"sign_in", "disable", "enable", "sign_in"},
		{"change_password", "rename", "change_password", "revoke_all"},
	} {
		plays, n := 0, 0
		for i := 0; n < 30 && i < 20000; i++ {
			tr := g.walk(3, i)
			ok, at := r.shows(tr)
			if !ok {
				continue
			}
			n++
			s := &shrinker{most: 400, shows: r.shows}
			got := s.shrink(tr, at)
			plays += s.runs
			if len(got.Steps) != len(r) || s.exhausted {
				t.Errorf("%v: walk %d came to %d steps:\n%s", r, i, len(got.Steps), got.text())
			}
			if got.text() != got.normalised().text() {
				t.Errorf("no normal form:\n%s\n%s", got.text(), got.normalised().text())
			}
		}
		if n < 10 {
			t.Errorf("%v: shown by %d walks only", r, n)
		}
		t.Logf("%v: %d plays a story", r, plays/max(1, n))
	}
}

func TestShrinkSaysThatItsBudgetEnded(t *testing.T) {
	g := testGame()
	r := rule{"sign_in", "change_password", "sign_out"}
	for i := 0; ; i++ {
		tr := g.walk(3, i)
		if ok, at := r.shows(tr); ok && len(tr.Steps) > 20 {
			s := &shrinker{most: 3, shows: r.shows}
			if s.shrink(tr, at); !s.exhausted || s.runs != 3 {
				t.Errorf("exhausted %t after %d", s.exhausted, s.runs)
			}
			return
		}
	}
}

// Stories that differ in names only are one.
func TestNormalForm(t *testing.T) {
	for i := range 300 {
		tr := testGame().walk(5, i)
		renamed := tr.with(cloneSteps(tr.Steps))
		swap := strings.NewReplacer("alice", "bob", "bob", "alice", "laptop", "work", "work", "laptop", "phone", "tablet", "tablet", "phone")
		renamed.Clients = nil
		for _, c := range tr.Clients {
			c.Name, c.User = swap.Replace(c.Name), swap.Replace(c.User)
			renamed.Clients = append(renamed.Clients, c)
		}
		each(renamed.Steps, func(s *story.Step) {
			s.Client, s.Of, s.User, s.Former = swap.Replace(s.Client), swap.Replace(s.Of), swap.Replace(s.User), swap.Replace(s.Former)
		})
		a, b := tr.normalised(), renamed.normalised()
		if a.text() != b.text() {
			t.Fatalf("%d:\n%s\n--\n%s\n--\n%s", i, tr.text(), a.text(), b.text())
		}
		if again := a.normalised(); again.text() != a.text() {
			t.Fatalf("%d: twice:\n%s\n--\n%s", i, a.text(), again.text())
		}
	}
}

// Whoever is spoken of and was there from the beginning is there in the normal
// form too, whoever has got their devices.
func TestNormalFormKeepsPeople(t *testing.T) {
	there := func(tr Trace) (n int) {
		born, seen := map[string]bool{}, map[string]bool{}
		for _, c := range tr.Clients {
			born[c.User] = true
		}
		each(tr.Steps, func(s *story.Step) {
			for _, u := range []string{s.User, s.Former} {
				if born[u] && !seen[u] && !ownerless(s.Op) {
					seen[u] = true
					n++
				}
			}
		})
		return n
	}
	lent := Trace{Clients: []story.Client{{Name: "office", User: "admin"}, {Name: "laptop", User: "alice"}, {Name: "desk", User: "bob"}}, Steps: []story.Step{
		{Op: "sign_in", Client: "office"}, {Op: "delete_user", Client: "office", User: "alice"}, {Op: "sign_in", Client: "laptop", User: "bob"}, {Op: "sign_in", Client: "desk"}}}
	if got := lent.normalised(); there(got) != 1 {
		t.Errorf("nobody is deleted in\n%s", got.text())
	}
	for i := range 300 {
		if tr := testGame().walk(6, i).pruned(); there(tr) != there(tr.normalised()) {
			t.Errorf("%d:\n%s\n--\n%s", i, tr.text(), tr.normalised().text())
		}
	}
}
