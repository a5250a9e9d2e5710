package targets

import (
	"errors"
	"time"

	"github.com/pquerna/otp/totp"
)

// totpPrefix makes of a variable's name its one-time code: ${totp:secret}.
const totpPrefix = "totp:"

// totpNow is the code for this moment.
func totpNow(secret string) (string, error) { return totpAt(secret, time.Now()) }

// totpAt is the one-time code of RFC 6238 that the base32 secret gives at a
// moment: SHA-1, steps of 30 s, six digits, as authenticator apps have it.
func totpAt(secret string, at time.Time) (string, error) {
	code, err := totp.GenerateCode(secret, at)
	if err != nil { // the library's own words would not say what is meant
		return "", errors.New("the secret of a one-time code is written in base32")
	}
	return code, nil
}
