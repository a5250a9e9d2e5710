// Package ginkgo plays the stories among the specs of a Ginkgo suite.
package ginkgo

import (
	"net/http/httptest"
	"testing"

	. "github.com/onsi/ginkgo/v2" //nolint:revive // as Ginkgo suites are written
	. "github.com/onsi/gomega"    //nolint:revive // as Ginkgo suites are written

	"github.com/sessionspec/sessionspec/examples/shop"
	"github.com/sessionspec/sessionspec/suites"
)

func TestShop(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "shop")
}

// What is known when the suite is put together stands here; where the shop is,
// is known when it has been started.
var sessions = suites.Config{Target: "../shop/sessions.yaml"}

var _ = BeforeSuite(func() {
	server := httptest.NewServer(shop.New())
	DeferCleanup(server.Close)
	sessions.Base = server.URL
})

var _ = suites.Describe("sessions", &sessions, Label("sessions"))

var _ = Describe("the shop", func() {
	It("has specs of its own beside", func() {
		Expect(sessions.Base).To(HavePrefix("http://127.0.0.1:"))
	})
})
