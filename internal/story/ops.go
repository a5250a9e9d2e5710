package story

import "slices"

// Op describes one operation of the language.
type Op struct {
	Name string
	// Local operations need nothing of the target file: the player performs them.
	Local bool
	// Account operations act on an account, named by user.
	Account bool
	// Of says that the operation names a second client.
	Of bool
	// Branch operations may stand in a branch of a parallel step.
	Branch bool
	// Doc is one line for the documentation.
	Doc string
}

// Parallel is the operation whose branches happen at once.
const Parallel = "parallel"

// ops is the vocabulary, in the order of the documentation.
var ops = []Op{
	{Name: "sign_in", Branch: true, Doc: "the client signs in as its user, or as the user named"},
	{Name: "sign_in_partial", Doc: "the client starts a sign-in and stops before its last factor"},
	{Name: "request_link", Account: true, Doc: "the client asks for a link or code that signs the account in"},
	{Name: "redeem", Doc: "the client signs in with what it asked for last, or with what another client did (of); times: at once"},
	{Name: "refresh", Branch: true, Doc: "the client exchanges its refresh credential for a new one (with: spent is the one it used before, with: copy a copy from before its sign-out)"},
	{Name: "sign_out", Branch: true, Doc: "the client signs out, whatever state its session is in"},
	{Name: "create_user", Branch: true, Account: true, Doc: "an account comes into being"},
	{Name: "change_password", Branch: true, Doc: "the client's user changes the password"},
	{Name: "reset_password", Branch: true, Account: true, Doc: "somebody else sets the user's password"},
	{Name: "list_sessions", Branch: true, Doc: "the client reads the list of its user's sessions"},
	{Name: "revoke_session", Branch: true, Of: true, Doc: "the session of another client is ended: one of the same user, or one that is none of the client's business"},
	{Name: "revoke_others", Branch: true, Doc: "all the user's sessions but this one are ended"},
	{Name: "revoke_all", Branch: true, Account: true, Doc: "all sessions of the user are ended"},
	{Name: "expire", Branch: true, Account: true, Doc: "the user's sessions reach their end of life now"},
	{Name: "disable", Branch: true, Account: true, Doc: "the account is switched off"},
	{Name: "enable", Branch: true, Account: true, Doc: "the account is switched on again"},
	{Name: "delete_user", Branch: true, Account: true, Doc: "the account is removed"},
	{Name: "rename", Account: true, Doc: "the account gets another name: a new one, or the one that another user had before (former)"},
	{Name: "set_role", Branch: true, Account: true, Doc: "the account gets or loses a right"},
	{Name: "step_up", Branch: true, Doc: "the client proves its user once more and gets an elevated session"},
	{Name: "sensitive", Branch: true, Doc: "the client does something that takes an elevated session"},
	{Name: "note", Branch: true, Doc: "the client stores a unique text in its session"},
	{Name: "read_note", Branch: true, Doc: "the client reads what its session holds"},
	{Name: "open_channel", Doc: "the client opens a socket or an event stream and keeps it open"},
	{Name: "use_channel", Of: true, Doc: "something is to come over the client's open channel: it asks, or another client (of) sets it off"},
	{Name: "present", Local: true, Doc: "whoami is asked with what the client holds, changed in many ways (how); the client itself goes on as before"},
	{Name: "visit", Local: true, Doc: "the client opens every page class and looks what it claims"},
	{Name: "crawl", Local: true, Doc: "the client requests every URL it can find by GET, HEAD, OPTIONS and as a prefetch"},
	{Name: "count_sessions", Doc: "how many sessions the store holds"},
	{Name: Parallel, Local: true, Doc: "two to four branches of steps are played at once (branches, or just the list of them); times: one after the other, so often"},
	{Name: "whoami", Branch: true, Local: true, Doc: "only the question that is asked after every step anyway"},
	{Name: "move", Local: true, Doc: "the client goes on from another source address"},
	{Name: "plant", Local: true, Doc: "the client is given a credential: an invented one, a broken one (how: malformed), or what another client held last (of)"},
	{Name: "through_cache", Local: true, Of: true, Doc: "the client, then the client in of, then a stranger walk the same places through a shared cache"},
	{Name: "plain_http", Local: true, Doc: "whoami is asked, and a sign-in tried, without TLS"},
	{Name: "restart_browser", Local: true, Doc: "the client quits and starts again: session cookies are gone, or restored"},
	{Name: "open_tab", Local: true, Doc: "the client opens another tab and goes on in it; what the others show stays"},
	{Name: "begin_form", Local: true, Doc: "the client fills in the form of an operation (does) and does not send it"},
	{Name: "send_form", Local: true, Doc: "the client goes back to the tab with the form that it has begun, and sends it as it is"},
	{Name: "close_private_window", Local: true, Doc: "the client closes its private window, opens another and looks at every page"},
	{Name: "arrive", Local: true, Doc: "the client comes to the first page from another site, by a link, a form and a redirect, and loads it again each time"},
	{Name: "forge", Local: true, Of: true, Doc: "pages of another site, open in the client's browser, send what the person in of sends for an operation (does): by a form, a form with GET, an image"},
	{Name: "embed", Local: true, Of: true, Doc: "two other sites show the target in a frame of the client's browser; where sessions in frames are declared, the person in of signs in in one, and out again"},
	{Name: "swap_token", Local: true, Of: true, Doc: "the client sends the form of an operation (does) with what its page had in it, and with what the page of the client in of, one from before a sign-in and nobody's had"},
	{Name: "leave", Local: true, Doc: "the client opens the pages that it saw as somebody signed in once more, asks nothing there, and goes on to a page of another site"},
	{Name: "back", Local: true, Doc: "the client goes back in its history until it is at a page that it saw as somebody signed in; what is shown at once and in the end is noted"},
}

// Lookup finds an operation by name.
func Lookup(name string) (Op, bool) {
	i := slices.IndexFunc(ops, func(o Op) bool { return o.Name == name })
	if i < 0 {
		return Op{}, false
	}
	return ops[i], true
}

// Names lists the vocabulary.
func Names() []string {
	out := make([]string, len(ops))
	for i, o := range ops {
		out[i] = o.Name
	}
	return out
}

// Ops lists the vocabulary with its descriptions.
func Ops() []Op { return slices.Clone(ops) }
