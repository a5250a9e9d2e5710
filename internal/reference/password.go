package reference

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// DefaultHashCost is the number of PBKDF2 rounds when nobody asks for another.
// It is far too low for a product and right for a server that is signed in to
// thousands of times a minute.
const DefaultHashCost = 100

// hashPassword returns "rounds$salt$key", salt and key in hex.
func hashPassword(password string, rounds int) string {
	var salt [16]byte
	rand.Read(salt[:])
	return fmt.Sprintf("%d$%x$%x", rounds, salt, derive(password, salt[:], rounds))
}

// checkPassword says whether hash was made from password.
func checkPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) == 1 { // brought along from elsewhere
		sum := sha256.Sum256([]byte(password))
		return subtle.ConstantTimeCompare([]byte(hash), []byte(hex.EncodeToString(sum[:]))) == 1
	}
	if len(parts) != 3 {
		return false
	}
	rounds, err := strconv.Atoi(parts[0])
	salt, err2 := hex.DecodeString(parts[1])
	key, err3 := hex.DecodeString(parts[2])
	if err != nil || err2 != nil || err3 != nil || rounds < 1 {
		return false
	}
	return subtle.ConstantTimeCompare(key, derive(password, salt, rounds)) == 1
}

func derive(password string, salt []byte, rounds int) []byte {
	key, err := pbkdf2.Key(sha256.New, password, salt, rounds, 32)
	if err != nil {
		panic(err) // only for parameters out of range, which are ours
	}
	return key
}

// randomHex returns n random bytes in hex.
func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// idOf is the name of the session a token opens: its hash.
func idOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:16])
}
