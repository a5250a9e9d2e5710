// Package plain plays the stories in an ordinary Go test, against an
// http.Handler of the same process.
package plain

import (
	"testing"

	"github.com/sessionspec/sessionspec/examples/shop"
	"github.com/sessionspec/sessionspec/suites"
)

func TestSessions(t *testing.T) {
	suites.Run(t, suites.Config{Target: "../shop/sessions.yaml", Handler: shop.New()})
}
