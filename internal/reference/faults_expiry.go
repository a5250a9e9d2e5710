package reference

const faultLateUse = "expiry/dead-stays-dead"

var expiryFaults = []Fault{
	{ID: faultLateUse, Dialects: allDialects,
		Title: "late use brings an expired session back",
		How:   "Whoever asks for something of their own with an expired session is refused, and the request is noted as use of the session, which is valid again from then on."},
}

// late notes the refused use of an expired session; only the fault makes
// anything of it.
func (c *core) late(m meta, who identity) {
	if who.session == nil || who.session.Ended != expired || !c.faults.Fires(faultLateUse) {
		return
	}
	_ = c.store.update(func(t *tx) error { // the answer is a refusal in any case
		if s := t.sessions[idOf(m.token)]; s != nil {
			again := *s
			again.Ended, again.Seen = "", c.now()
			t.do(change{Session: &again})
		}
		return nil
	})
}
