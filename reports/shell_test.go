package reports

import "testing"

func TestWordsForTheShell(t *testing.T) {
	for in, want := range map[string]string{
		"url=http://127.0.0.1:1/x": "url=http://127.0.0.1:1/x",
		"tool=docker compose exec": "'tool=docker compose exec'",
		"a=it's $HOME":             `'a=it'\''s $HOME'`,
		"":                         "''",
	} {
		if got := ShellWord(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
