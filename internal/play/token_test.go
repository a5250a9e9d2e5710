package play

import (
	"slices"
	"testing"

	"github.com/sessionspec/sessionspec/targets"
)

// What a form takes from its page is what its body and headers have from there;
// an id in the address, such as that of a connection, is no token.
func TestTokensAreNotInTheAddress(t *testing.T) {
	file, err := targets.Parse("t.yaml", []byte(`
name: t
base: http://127.0.0.1:1
operations:
  whoami: {GET: /me, live: status == 200}
  sign_in: {POST: /in}
  note:
    - steps:
        - GET: /form
          keep: {csrf: {css: "#csrf", attr: value}, socket: {regex: 'sid=(\w+)'}, credential: $.token}
        - POST: /notes?sid=${socket}
          headers: {X-Token: "${credential}"}
          form: {token: "${csrf}"}
  read_note:
    - steps:
        - GET: /form
          keep: {socket: {regex: 'sid=(\w+)'}, note: $.note}
        - POST: /poll?sid=${socket}
`))
	if err != nil {
		t.Fatal(err)
	}
	for op, want := range map[string][]string{"note": {"csrf"}, "read_note": nil} {
		before, send, names := formOf(file.Operations[op][0])
		if !slices.Equal(names, want) || len(before) != 1 || len(send) != 1 {
			t.Errorf("%s takes %v from its page, want %v", op, names, want)
		}
	}
}
