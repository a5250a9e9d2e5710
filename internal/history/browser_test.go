package history

import (
	"slices"
	"testing"
)

func TestJarChanges(t *testing.T) {
	t.Parallel()
	before := []JarCookie{{Name: "a", Value: "1", Path: "/"}, {Name: "b", Value: "1", Path: "/"}, {Name: "c", Value: "1", Path: "/"}}
	after := []JarCookie{
		{Name: "a", Value: "1", Path: "/"},                          // as it was
		{Name: "b", Value: "2", Path: "/", Secure: true},            // another value, and Secure
		{Name: "a", Value: "1", Path: "/", Partition: "https://x/"}, // a cookie of its own
	}
	var got []string
	for _, c := range JarChanges(before, after) {
		name := ""
		if c.After != nil {
			name += "+" + c.After.Name + c.After.Partition
		}
		if c.Before != nil {
			name += "-" + c.Before.Name
		}
		got = append(got, c.Change+name)
		if want := []string{"value", "secure"}; c.Change == CookieChanged && !slices.Equal(c.Differs, want) {
			t.Errorf("differs in %v, want %v", c.Differs, want)
		}
	}
	if want := []string{"changed+b-b", "added+ahttps://x/", "removed-c"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if JarChanges(before, before) != nil {
		t.Error("a jar differs from itself")
	}
}
