package reference

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func tempStore(t *testing.T, path string) *store {
	t.Helper()
	s, err := openStore(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func addUser(name string) func(*tx) error {
	return func(t *tx) error {
		if t.named(name) != nil {
			return errExists
		}
		t.do(change{User: &user{UID: name, Name: name}})
		return nil
	}
}

func users(t *testing.T, s *store) (n int) {
	t.Helper()
	if err := s.view(func(st *state) { n = len(st.users) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// Two handles are two processes as far as the lock and the file go.
func TestStoreSharedByTwoHandles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	handles := []*store{tempStore(t, path), tempStore(t, path)}
	const names, workers = 50, 4
	created := make([]int, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			s := handles[w%2]
			for i := range names {
				if s.update(addUser(fmt.Sprint("u", i))) == nil {
					created[w]++
				}
				if err := s.view(func(st *state) {
					if st.named(fmt.Sprint("u", i)) == nil {
						t.Errorf("worker %d does not see u%d, which exists", w, i)
					}
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if total := created[0] + created[1] + created[2] + created[3]; total != names {
		t.Errorf("%d creations succeeded, want %d: the same name was given twice or never", total, names)
	}
	for i, s := range append(handles, tempStore(t, path)) {
		if n := users(t, s); n != names {
			t.Errorf("handle %d has %d users, want %d", i, n, names)
		}
	}
}

func TestStoreIgnoresAndRepairsATornLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	s := tempStore(t, path)
	if err := s.update(addUser("ann")); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`[{"user":{"uid":"torn"`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	late := tempStore(t, path)
	if users(t, s) != 1 || users(t, late) != 1 {
		t.Error("a torn line was not ignored")
	}
	if err := late.update(addUser("bob")); err != nil {
		t.Fatal(err)
	}
	if users(t, s) != 2 || users(t, tempStore(t, path)) != 2 {
		t.Error("the writer after a torn line did not repair the file")
	}
}

func TestStoreReportsGarbage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(path, []byte("no json\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := openStore(path); err == nil {
		s.Close()
		t.Error("a file that is no store was opened without an error")
	}
}

func TestStoreKeepsWhatARefusalChanged(t *testing.T) {
	s := tempStore(t, filepath.Join(t.TempDir(), "store"))
	err := s.update(func(t *tx) error {
		t.do(change{User: &user{UID: "x", Name: "x"}})
		return errExists
	})
	if err != errExists || users(t, s) != 1 {
		t.Errorf("refusal %v, %d users: want the refusal and the change", err, users(t, s))
	}
}

func BenchmarkWhoami(b *testing.B) {
	s, err := openStore(filepath.Join(b.TempDir(), "store"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	c := newCore(s, nil, 1, 0, 0)
	if _, err := c.create(actor{}, newUser{Name: "ann", Password: "p"}); err != nil {
		b.Fatal(err)
	}
	given, err := c.signIn(meta{}, "ann", "p")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if who, err := c.whoami(meta{token: given.token}); err != nil || !who.live() {
			b.Fatal("not live")
		}
	}
}
