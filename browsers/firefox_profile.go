package browsers

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// firefoxPrefs are the settings of every start. Reasons for the less obvious:
//   - remote.prefs.recommended=false: the settings recommended for automation
//     switch off the restore after a crash, which users have.
//   - sessionstore.interval: how long after a change the session is written to
//     disk, in ms; 15 s by default. Crash waits for it.
//   - max_resumed_crashes: after a second crash Firefox would ask instead.
//   - https_first: http://app.test is asked for by http, as the story says.
//   - disable_open_during_load: a blocked sign-in popup would look like a fault
//     of the site.
//   - focusmanager: a window without a display is never active, and the fields
//     of such a one notice neither focus nor change.
//   - input_events.security: clicks soon after a page has come are ignored.
//   - signon: the offer to save a password would lie over the page.
//   - the services of its maker would put requests into the journal that no
//     actor made; own has the rest.
var firefoxPrefs = map[string]any{
	"remote.prefs.recommended":                          false,
	"browser.sessionstore.interval":                     500,
	"browser.sessionstore.max_resumed_crashes":          1000,
	"toolkit.startup.max_resumed_crashes":               -1,
	"browser.shell.checkDefaultBrowser":                 false,
	"browser.startup.homepage":                          "about:blank",
	"browser.startup.homepage_override.mstone":          "ignore",
	"startup.homepage_welcome_url":                      "about:blank",
	"browser.newtabpage.enabled":                        false,
	"browser.newtab.preload":                            false,
	"browser.aboutwelcome.enabled":                      false,
	"browser.tabs.warnOnClose":                          false,
	"browser.warnOnQuit":                                false,
	"dom.disable_open_during_load":                      false,
	"dom.security.https_first":                          false,
	"dom.ipc.processPrelaunch.enabled":                  false,
	"focusmanager.testmode":                             true,
	"dom.input_events.security.minNumTicks":             0,
	"dom.input_events.security.minTimeElapsedInMS":      0,
	"dom.max_script_run_time":                           0,
	"dom.successive_dialog_time_limit":                  0,
	"dom.timeout.enable_budget_timer_throttling":        false,
	"network.http.phishy-userpass-length":               255,
	"browser.tabs.unloadOnLowMemory":                    false,
	"signon.rememberSignons":                            false,
	"app.update.enabled":                                false,
	"app.normandy.enabled":                              false,
	"app.shield.optoutstudies.enabled":                  false,
	"browser.discovery.enabled":                         false,
	"browser.ml.enable":                                 false,
	"browser.region.update.enabled":                     false,
	"browser.region.network.url":                        "",
	"browser.safebrowsing.malware.enabled":              false,
	"browser.safebrowsing.phishing.enabled":             false,
	"browser.safebrowsing.downloads.enabled":            false,
	"browser.safebrowsing.update.enabled":               false,
	"browser.search.update":                             false,
	"browser.topsites.contile.enabled":                  false,
	"datareporting.healthreport.uploadEnabled":          false,
	"datareporting.policy.dataSubmissionEnabled":        false,
	"datareporting.usage.uploadEnabled":                 false,
	"dom.push.connection.enabled":                       false,
	"extensions.getAddons.cache.enabled":                false,
	"extensions.systemAddon.update.enabled":             false,
	"extensions.update.enabled":                         false,
	"media.gmp-manager.updateEnabled":                   false,
	"network.captive-portal-service.enabled":            false,
	"network.connectivity-service.enabled":              false,
	"network.http.speculative-parallel-limit":           0,
	"network.proxy.type":                                1, // by hand
	"network.proxy.allow_hijacking_localhost":           true,
	"network.proxy.no_proxies_on":                       "",
	"network.trr.mode":                                  5, // no DNS by https
	"services.settings.server":                          "data:,none",
	"toolkit.telemetry.enabled":                         false,
	"toolkit.telemetry.unified":                         false,
	"toolkit.telemetry.server":                          "data:,none",
	"browser.newtabpage.activity-stream.feeds.topsites": false,
}

// writeFirefoxPrefs writes user.js, which Firefox reads at each start.
func writeFirefoxPrefs(profile string, o Options, proxy netip.AddrPort, restore bool) error {
	prefs := map[string]any{}
	for name, value := range firefoxPrefs {
		prefs[name] = value
	}
	for _, kind := range []string{"http", "ssl"} {
		prefs["network.proxy."+kind] = proxy.Addr().String()
		prefs["network.proxy."+kind+"_port"] = proxy.Port()
	}
	// Equal to the setting "open previous windows and tabs", for one start.
	prefs["browser.sessionstore.resume_session_once"] = restore
	firefoxBehaviour(prefs, o.ThirdParty)
	if o.UserAgent != "" {
		prefs["general.useragent.override"] = o.UserAgent
	}
	var lines []string
	for name, value := range prefs {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		lines = append(lines, fmt.Sprintf("user_pref(%q, %s);", name, text))
	}
	slices.Sort(lines)
	return os.WriteFile(filepath.Join(profile, "user.js"), []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}
