package history

// Sight is what a browser showed.
type Sight struct {
	URL string `json:"url"`
	// Claim is what the page says by the target file's selectors: "in", "out", "" unknown.
	Claim string `json:"claim,omitempty"`
	// Names are the roles whose account is named in the text that is shown,
	// Notes the texts of notes in it.
	Names []string `json:"names,omitempty"`
	Notes []string `json:"notes,omitempty"`
	// Blank tells that nothing at all can be read.
	Blank bool `json:"blank,omitempty"`
}

// Return is one page that a `back` came to.
type Return struct {
	// From is where the page came from: "page cache", "HTTP cache" or "server".
	From string `json:"from"`
	// Why is the engine's word for why the page cache did not have the page.
	Why string `json:"why,omitempty"`
	// Known tells that the client saw this page before as somebody signed in.
	Known bool `json:"known,omitempty"`
	// AtOnce is what was shown before any request was answered, nil where the
	// page was still to come; Later is the page at its end.
	AtOnce *Sight `json:"at_once,omitempty"`
	Later  *Sight `json:"later,omitempty"`
}
