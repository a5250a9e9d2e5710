package redact

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestMayName: no text that names a secret is left unread.
func TestMayName(t *testing.T) {
	for _, name := range []string{"access_token", "clientSecret", "SESSION", "Passwort", "csrf", "XSRF-TOKEN", "jwt", "credentials",
		"api-key", "API_KEY", "apikey", "sid", "my.SID", "ſession", "to\u212Aen"} {
		if !secretName.MatchString(name) {
			t.Errorf("%s is no secret name", name)
		}
		b, err := json.Marshal(map[string]any{"a": []any{map[string]string{name: "x"}}})
		if err != nil {
			t.Fatal(err)
		}
		if !mayName(string(b)) {
			t.Errorf("%s would not be read", b)
		}
	}
	if !mayName(`{"t\u006fken": "x"}`) {
		t.Error("an escaped name would not be read")
	}
	if mayName(`{"user": "alice", "role": "user"}`) {
		t.Error("an answer of whoami is read")
	}
}

// TestNamesAreBounded: a target with ever new names costs time, not memory.
func TestNamesAreBounded(t *testing.T) {
	var n names
	for i := range 3 * maxNames {
		if n.secret(fmt.Sprintf("x-%d", i)) || !n.secret("token") {
			t.Fatal("wrong")
		}
	}
	if len(n.known) > maxNames {
		t.Errorf("%d names are kept", len(n.known))
	}
}
