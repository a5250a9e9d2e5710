package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/scenarios"
)

// catalogue is the research catalogue as data: by group its counts (all, must,
// should, may, conditional on a declaration), then one row a requirement: name,
// level, "derived" where it is, channel, what it needs.
var catalogue = []struct {
	group string
	n     [5]int
	rows  string
}{
	{"frame", [5]int{7, 7, 0, 0, 1}, `
		create-user-keeps-sessions must derived wire admin_route
		create-user-keeps-actor must derived both
		sign-in-keeps-others must derived wire
		failed-sign-in-changes-nothing must wire
		sign-out-keeps-others must derived both declared
		account-change-scope must wire admin_route
		safe-methods-are-pure must both
	`},
	{"isolate", [5]int{7, 7, 0, 0, 0}, `
		one-token-one-identity must wire nodes
		not-keyed-by-network must wire source_ip
		session-data-per-session must wire
		user-switch-leaves-nothing must both
		half-open-grants-nothing must wire
		no-identity-reuse must wire
		foreign-handles-refused must wire
	`},
	{"establish", [5]int{9, 9, 0, 0, 1}, `
		new-token-on-sign-in must wire
		foreign-token-not-adopted must wire
		rotate-on-privilege-change must wire
		rotation-kills-predecessor must wire clock
		refresh-reuse-revokes-family must wire declared
		refresh-respects-account-state must wire clock
		entropy-floor must wire
		explicit-act-only must wire
		single-use-artefacts must wire
	`},
	{"terminate", [5]int{9, 8, 1, 0, 2}, `
		sign-out-kills-server-side must wire
		all-artefacts-die must both
		sign-out-idempotent should both
		credential-change-ends-others must wire
		account-end-kills-all must wire
		privilege-loss-immediate must wire
		open-channels-close must both declared
		admin-can-end must wire declared
		sign-out-reachable must browser
	`},
	{"expiry", [5]int{7, 5, 2, 0, 3}, `
		idle-enforced must wire clock,declared
		absolute-enforced must wire clock,declared
		alive-until-limit must wire clock
		background-is-not-activity should browser clock,declared
		client-time-is-irrelevant must both clock
		server-clock-jumps should derived wire clock,nodes
		dead-stays-dead must wire clock
	`},
	{"cookie", [5]int{8, 6, 2, 0, 0}, `
		secure must wire
		httponly must both
		samesite-explicit must wire
		prefix-and-scope should both
		prefix-not-spoofable must wire
		grammar must wire
		size-and-count must both
		lifetime-sane should wire
	`},
	{"cookieset", [5]int{5, 4, 1, 0, 0}, `
		same-life must both
		partial-loss-safe must both
		no-mix must wire
		twin-name-resilient should both second_site
		delete-matches-set must both
	`},
	{"browser", [5]int{7, 5, 1, 1, 0}, `
		restart-without-restore must browser
		restart-with-restore must browser clock
		tabs-agree must browser
		back-after-end must browser
		private-window-isolated must derived browser
		cross-site-entry should browser second_site
		embedded-context may browser second_site
	`},
	{"csrf", [5]int{5, 4, 1, 0, 0}, `
		state-change-needs-proof must both second_site
		sign-in-and-out-forgery must browser second_site
		token-bound-to-session must both
		lax-window should browser second_site
		cross-origin-reads-and-sockets must both second_site
	`},
	{"transport", [5]int{7, 6, 0, 1, 0}, `
		no-token-in-url must both second_site
		only-declared-channel must wire
		not-stored-by-browser must both
		shared-cache-safe must wire shared_cache
		https-only must wire
		single-source must both
		bound-credential-not-replayable may wire clock
	`},
	{"race", [5]int{5, 4, 1, 0, 1}, `
		sign-out-vs-request must both held_request
		parallel-refresh must both declared
		parallel-sign-in must wire
		credential-change-vs-sign-in must wire held_request
		session-writes-merge should wire held_request
	`},
	{"multi", [5]int{4, 3, 1, 0, 4}, `
		list-truthful must both declared
		revoke-exact must both declared
		revoke-needs-authentication should both declared
		limit-as-declared must wire declared
	`},
	{"robust", [5]int{6, 5, 1, 0, 0}, `
		malformed-is-anonymous must both
		neighbour-cookies-harmless must wire
		tampering-refused must wire
		injection-safe must wire
		uniform-refusal should both
		any-order-safe must derived wire
	`},
	{"hygiene", [5]int{4, 3, 1, 0, 0}, `
		no-ghost-on-sign-out must derived wire
		no-session-for-readers should wire
		flooding-bounded must wire
		relogin-leaves-no-orphan must wire
	`},
	{"store", [5]int{5, 4, 1, 0, 1}, `
		restart-keeps-sessions should derived wire store_restart,declared
		restart-does-not-revive must wire store_restart,nodes
		outage-fails-closed-and-keeps must both store_restart
		no-false-receipt must wire store_restart
		revocation-reaches-all-nodes must wire nodes
	`},
	{"client", [5]int{3, 2, 1, 0, 0}, `
		sign-out-clears-storage must browser
		remote-end-noticed should browser
		no-stale-account-on-shared-device must browser
	`},
	{"fed", [5]int{7, 6, 1, 0, 6}, `
		logout-messages-validated must wire peer_stub,declared
		logout-ends-right-sessions must wire peer_stub,declared
		front-channel-not-trusted-blindly should browser peer_stub,second_site,declared
		no-silent-return must browser peer_stub,declared
		auth-age-honoured must both peer_stub,clock
		upstream-loss-propagates must wire peer_stub,clock,declared
		revocation-endpoint-effective must wire declared
	`},
	{"stepup", [5]int{5, 5, 0, 0, 4}, `
		first-factor-grants-nothing must wire declared
		pending-bound-and-short must wire clock,declared
		sensitive-needs-fresh must wire clock
		elevation-scoped must wire clock,declared
		remembered-device-bounded must wire clock,declared
	`},
}

// TestCatalogue: the requirements are those of the catalogue, no fewer and no
// more, with its levels. A judged requirement may have a channel of its own,
// and needs nothing that the stories do not bring.
func TestCatalogue(t *testing.T) {
	lib, known := builtin(t), map[string]bool{}
	var total [5]int
	for _, g := range catalogue {
		var n [5]int
		for row := range strings.Lines(g.rows) {
			w := strings.Fields(row)
			if len(w) == 0 {
				continue
			}
			id, level := g.group+"/"+w[0], scenarios.Level(w[1])
			derived := w[2] == "derived"
			if derived {
				w = slices.Delete(w, 2, 3)
			}
			var needs []string
			if len(w) > 3 {
				needs = strings.Split(w[3], ",")
			}
			known[id] = true
			n[0]++
			n[1+level.Rank()]++
			if slices.Contains(needs, "declared") {
				n[4]++
			}
			r, ok := lib.Requirement(id)
			if !ok {
				t.Errorf("%s is in the catalogue and not in scenarios/%s/requirements.yaml", id, g.group)
				continue
			}
			if r.Level != level || r.Derived != derived {
				t.Errorf("%s: %s, derived %v; the catalogue says %s, %v", id, r.Level, r.Derived, level, derived)
			}
			var got []string
			for _, m := range r.Needs {
				got = append(got, string(m))
			}
			if r.Planned && (r.Channel != w[2] || !slices.Equal(got, needs)) {
				t.Errorf("%s: %s, needs %v; the catalogue says %s, %v", id, r.Channel, got, w[2], needs)
			}
		}
		if n != g.n {
			t.Errorf("%s: the rows above count to %v, section 2 of the catalogue says %v", g.group, n, g.n)
		}
		for i := range n {
			total[i] += n[i]
		}
	}
	if want := [5]int{110, 93, 15, 2, 23}; total != want {
		t.Errorf("in all %v, the catalogue says %v", total, want)
	}
	for _, r := range lib.Requirements {
		if !known[r.ID] {
			t.Errorf("%s is not in the catalogue", r.ID)
		}
	}
}
