// A page that somebody comes back to was drawn for the session of then. It is
// left empty, and is loaded again before it is shown: the page cache keeps pages
// that say no-store too, and notices no session that was ended elsewhere.
addEventListener("pagehide", () => { document.documentElement.hidden = true; });
addEventListener("pageshow", e => { if (e.persisted) location.reload(); });
