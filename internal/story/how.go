package story

import "slices"

// What a `present` does with what the client holds.
const (
	Loss       = "loss"
	Mix        = "mix"
	Twin       = "twin"
	Malformed  = "malformed"
	Tampered   = "tampered"
	Neighbours = "neighbours"
	Injection  = "injection"
	Lookalike  = "lookalike"
	Elsewhere  = "elsewhere"
	Handles    = "handles"
	Artefacts  = "artefacts"
	Origins    = "origins"
)

// Engines are the browsers that a client can be, by the words of --browser.
func Engines() []string { return []string{"chrome", "firefox", "webkit"} }

// How describes one way to present.
type How struct {
	Name string
	// Of says whether a second client takes part: "never", "may" or "must".
	Of string
	// Doc is one line for the documentation.
	Doc string
}

// hows is the vocabulary of `how`, one entry a line.
var hows = []How{
	{Loss, "never", "every choice of the client's cookies is lost"},
	{Mix, "must", "every choice of the cookies is taken from the client in `of` instead"},
	{Twin, "must", "one name twice, the client's and that of the client in `of`"},
	{Malformed, "may", "values that no sign-in has ever made, to whoami and to the pages; `of` is a bystander who is asked meanwhile"},
	{Tampered, "may", "the good credential with a part of it changed, or with a part of the credential of `of`"},
	{Neighbours, "never", "the good cookies among foreign and broken ones"},
	{Injection, "may", "values that mean something to stores, files and headers; `of` is a second person whose session they could reach"},
	{Lookalike, "never", "cookies whose names resemble that of the session cookie, beside it and instead of it"},
	{Elsewhere, "may", "the good credential in the query, in a form, in another header or cookie; with `of`, that client's beside the own one"},
	{Handles, "must", "what names the sessions of the client in `of` in lists, in the place of a credential"},
	{Artefacts, "never", "all that the client was given since its sign-in but the credential itself, piece by piece and together"},
	{Origins, "never", "the good cookies, as the scripts of other origins would have a browser send them"},
}

// LookupHow finds a way to present by name.
func LookupHow(name string) (How, bool) {
	i := slices.IndexFunc(hows, func(h How) bool { return h.Name == name })
	if i < 0 {
		return How{}, false
	}
	return hows[i], true
}

// Hows lists the ways to present, in the order of the documentation.
func Hows() []How { return slices.Clone(hows) }
