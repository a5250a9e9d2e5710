package reference

// Faults of pages, which show in a browser's windows and tabs.
const (
	faultBackShows = "browser/back-after-end"
)

var pageFaults = []Fault{
	{ID: faultBackShows, Dialects: []string{dialectWeb}, // the page cache keeps no page whose script was told no-store
		Title: "pages in the page cache are shown as they were",
		How:   "No script asks again when a page comes out of the browser's page cache, which keeps pages in spite of no-store; so Back shows the account after a sign-out and after a revocation elsewhere."},
}
