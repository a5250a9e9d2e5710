package browsers

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// ThirdParty is what a browser does with unpartitioned cookies of a frame whose
// site is not that of the page.
type ThirdParty string

// The settings that users have.
const (
	AllowThirdParty ThirdParty = "allow"
	BlockThirdParty ThirdParty = "block"
)

// setThirdParty writes the setting into a profile that Chrome has not begun yet.
// One that has been used keeps what it has.
func setThirdParty(profile string, t ThirdParty) error {
	if t == "" {
		return nil
	}
	name := filepath.Join(profile, "Default", "Preferences")
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	mode := `0`
	if t == BlockThirdParty {
		mode = `1`
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(`{"profile":{"cookie_controls_mode":`+mode+`}}`), 0o600)
}

// firefoxBehaviour is Firefox's number for the setting: 0 takes all cookies, 1
// none of frames; left alone it gives each pair of sites a jar of its own.
func firefoxBehaviour(prefs map[string]any, t ThirdParty) {
	switch t {
	case AllowThirdParty:
		prefs["network.cookie.cookieBehavior"] = 0
	case BlockThirdParty:
		prefs["network.cookie.cookieBehavior"] = 1
	}
}
