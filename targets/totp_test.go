package targets

import (
	"encoding/base32"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// The SHA-1 rows of RFC 6238, Appendix B. Theirs have eight digits, ours are
// the last six of the same number.
func TestOneTimeCodesAreThoseOfTheRFC(t *testing.T) {
	secret := base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		got, err := totpAt(secret, time.Unix(at, 0))
		if err != nil || got != want[2:] {
			t.Errorf("at %d: %q %v, want %q", at, got, err, want[2:])
		}
	}
}

func TestOneTimeCodesInTemplates(t *testing.T) {
	vars := Vars{"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "none": Missing{}, "word": "not base32!"}
	got, ok, err := Template{Text: "code=${totp:secret}"}.Expand(vars)
	if err != nil || !ok || !regexp.MustCompile(`^code=\d{6}$`).MatchString(got) {
		t.Errorf("%q %v %v", got, ok, err)
	}
	if _, ok, err := (Template{Text: "${totp:none}"}).Expand(vars); ok || err != nil {
		t.Errorf("a code without a secret: %v %v", ok, err)
	}
	at := yamlx.Pos{File: "f", Line: 1, Col: 2}
	for text, want := range map[string]string{"${totp:word}": "base32", "${totp:secrt}": `did you mean "secret"?`} {
		if _, _, err := (Template{text, at}).Expand(vars); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
