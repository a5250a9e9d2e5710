package driver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

var key = []byte("a key that both sides have")

func signature(method, path string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(method + " " + path))
	return hex.EncodeToString(mac.Sum(nil))
}

// signed lets no request through that is not signed.
func signed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !hmac.Equal([]byte(r.Header.Get("X-Signature")), []byte(signature(r.Method, r.URL.Path))) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
