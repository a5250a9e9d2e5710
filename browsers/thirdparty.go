package browsers

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// ThirdParty is what a browser does with unpartitioned cookies of a frame whose
// site is not that of the page: whether it gets those that its site has at the
// top level.
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

// firefoxBehaviour is Firefox's number for the setting: 0 takes all cookies, 5
// gives each pair of sites a jar of its own, as Firefox does by itself. Its 1
// would refuse partitioned cookies too, which Chrome's setting lets through.
func firefoxBehaviour(prefs map[string]any, t ThirdParty) {
	switch t {
	case AllowThirdParty:
		prefs["network.cookie.cookieBehavior"] = 0
	case BlockThirdParty:
		prefs["network.cookie.cookieBehavior"] = 5
	}
}
