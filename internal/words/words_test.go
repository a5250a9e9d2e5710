package words

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"frame/create-user-keeps-actor", "frame/create-user-keeps-sessions", "sign_in", "sign_out"}
	for word, want := range map[string]string{
		"sign_inn":                        "sign_in",
		"sing_out":                        "sign_out",
		"frame/create-user-keep-sessions": "frame/create-user-keeps-sessions",
		"frame/create":                    "frame/create-user-keeps-actor",
		"quite something else altogether": "",
		"":                                "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
