package judge

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

const openChannels = "terminate/open-channels-close"

// opened is a client's channel: under which credential, and whether something
// came over it while its session was live. What has never carried anything
// proves nothing by being silent.
type opened struct {
	cred   string
	proven bool
}

// channels: what was opened under a session carries nothing after its end. How
// long that may take has been waited for by the player.
func (b *bench) channels(op *history.Op, heldBefore string) {
	client := op.Step.Client
	if op.Step.Op == "open_channel" && op.Outcome == history.OK {
		if b.opened == nil {
			b.opened = map[string]opened{}
		}
		b.opened[client] = opened{cred: heldBefore}
		return
	}
	o, ok := b.opened[client]
	if op.Step.Op != "use_channel" || !ok || o.cred == "" || op.Outcome != history.OK && op.Outcome != history.Refused {
		return
	}
	state, because := b.world.Standing(o.cred)
	switch {
	case state == "live" && op.Outcome == history.OK:
		o.proven = true
		b.opened[client] = o
	case state != "ended" || b.found(openChannels) || b.world.Settled(o.cred):
	case op.Outcome == history.OK:
		b.find(Finding{Requirement: openChannels, Op: op.Index, Probe: -1, Rank: 1, Credential: o.cred,
			Want: fmt.Sprintf("the channel of %s carries nothing more (%s)", o.cred, because),
			Got:  "data still comes over it",
			Try:  "register open channels with their session and close them when it ends, or look at the session for every message"})
	case o.proven:
		b.check(openChannels)
	}
}
