package words

import "testing"

func TestWrap(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"one two three", "one two\nthree"},
		{"one\n\ntwo", "one\n\ntwo"},
		{"unbreakable x", "unbreakable\nx"},
		{"ééé ééé é", "ééé ééé\né"},
	} {
		if got := Wrap(c.text, 8); got != c.want {
			t.Errorf("Wrap(%q) = %q, want %q", c.text, got, c.want)
		}
	}
	if got := Bullets("- ", []string{"one two three", "four"}, 10); got != "- one two\n  three\n- four" {
		t.Errorf("Bullets = %q", got)
	}
}
