package browsers

import "context"

// Abilities that an engine's Browser may have beyond the interface. Who needs
// one asks by type assertion.

// Tabs is the ability to show several pages beside each other, which share the
// jar and the storage but not what they show.
type Tabs interface {
	// OpenTab opens an empty tab, to which steps go from now on, and returns its
	// number. The tab that a browser begins with is number 0.
	OpenTab(ctx context.Context) (tab int, err error)
	// UseTab brings a tab to the front; steps go to it from now on.
	UseTab(ctx context.Context, tab int) error
}

// PageHistory is the ability to go back, and to see what is shown at once.
type PageHistory interface {
	// Watch says which selectors Back looks for, on pages loaded from now on,
	// until the browser is started again. One that is not valid is an error.
	Watch(ctx context.Context, css ...string) error
	// Back goes one page back, as the button does. While it goes no request
	// leaves the browser until what the page shows was seen once; then the page
	// goes on to its end and is seen again.
	Back(ctx context.Context) (Return, error)
}

// PrivateWindows is the ability to have a private window beside the normal ones.
type PrivateWindows interface {
	// OpenPrivate opens a private window with a jar, a storage and a journal of
	// its own, and the source address of the browser. Close and Kill end the
	// window alone; Restart and Crash are errors. It ends with the browser.
	OpenPrivate(ctx context.Context) (Browser, error)
}

// Where a page came from that was gone back to.
const (
	FromNowhere   = ""           // there was nothing to go back to
	FromPageCache = "page cache" // as it was left (back/forward cache), no request
	FromCache     = "HTTP cache" // built anew without a request for the document
	FromServer    = "server"     // requested again
)

// Return is what going back came to.
type Return struct {
	From string
	// Why says, in the engine's words, why the page cache did not have the page;
	// "" where it had, or the engine does not tell.
	Why string
	// AtOnce is what was to be seen before any request was answered; nil where
	// the page was still to come. Later is the page at its end.
	AtOnce, Later *Sight
}

// Sight is what a page shows.
type Sight struct {
	URL string
	// Text is what can be read on the page, "" where nothing is shown.
	Text string
	// Seen tells which selectors match something visible.
	Seen map[string]bool
}
