package reference

import (
	"maps"
	"strings"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultBackShows: seeBackShown,
	})
}

// seeBackShown sees only that the script is away: what it does takes a browser.
func seeBackShown(w *world) []string {
	if !w.html() {
		return nil
	}
	v := w.visitor("127.0.0.3")
	var found findings
	source := string(v.send("GET", "/back.js", "", "").body)
	for _, path := range []string{"/", "/help", "/login", "/no-such-page"} {
		page := string(v.send("GET", path, "", "").body)
		asks := strings.Contains(page, "/back.js") && strings.Contains(source, "pagehide") && strings.Contains(source, "persisted")
		found.when(!asks, "nothing on %s asks again when somebody comes back to it", path)
	}
	return found
}
