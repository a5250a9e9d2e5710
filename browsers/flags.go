package browsers

import (
	"os"
	"strings"

	"github.com/chromedp/chromedp"
)

// chromeFlags are the switches of every start. Reasons for the less obvious:
//   - headless without a value is the new headless mode, the same browser with
//     no window. The old one (headless-shell) has no session restore, no
//     bfcache and never writes session cookies.
//   - the two WebUIOmnibox features cost two thirds of memory and start time
//     of every window and do nothing for us.
//   - password-store=basic: no key ring, whose prompt would block the start;
//     cookies on disk stay readable for the next start.
//   - quic cannot pass the proxy; background networking, component updates and
//     the rest would put requests into the journal that no actor made.
//   - popups are allowed: a blocked sign-in popup would look like a fault of
//     the site.
//   - <-loopback> makes Chrome use the proxy for 127.0.0.1 and localhost too.
func chromeFlags(o Options, profile, proxy string, restore bool) []chromedp.ExecAllocatorOption {
	flags := map[string]any{
		"no-first-run":                        true,
		"no-default-browser-check":            true,
		"no-pings":                            true,
		"disable-background-networking":       true,
		"disable-background-timer-throttling": true,
		"disable-breakpad":                    true,
		"disable-crash-reporter":              true,
		"disable-extensions":                  true,
		"allow-browser-signin":                "false",
		"gaia-url":                            "https://" + nowhere,
		"component-updater":                   "url-source=https://" + nowhere + "/",
		"disable-component-update":            true,
		"disable-default-apps":                true,
		"disable-domain-reliability":          true,
		"disable-features":                    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,Translate,OptimizationHints,MediaRouter,NetworkTimeServiceQuerying,AutofillServerCommunication",
		"disable-gpu":                         true,
		"disable-hang-monitor":                true,
		"disable-popup-blocking":              true,
		"disable-prompt-on-repost":            true,
		"disable-quic":                        true,
		"disable-renderer-backgrounding":      true,
		"disable-search-engine-choice-screen": true,
		"disable-sync":                        true,
		"metrics-recording-only":              true,
		"mute-audio":                          true,
		"password-store":                      "basic",
		"use-mock-keychain":                   true,
		"proxy-server":                        proxy,
		"proxy-bypass-list":                   "<-loopback>",
		"user-data-dir":                       profile,
		"window-size":                         "1280,1024",
		"headless":                            !o.Headful,
		// Equal to the setting "continue where you left off", for one start.
		"restore-last-session": restore,
		"no-sandbox":           noSandbox(),
	}
	if o.UserAgent != "" {
		flags["user-agent"] = o.UserAgent
	}
	if len(o.TrustSPKI) > 0 {
		flags["ignore-certificate-errors-spki-list"] = strings.Join(o.TrustSPKI, ",")
	}
	var out []chromedp.ExecAllocatorOption
	for name, value := range flags {
		out = append(out, chromedp.Flag(name, value))
	}
	return out
}

// noSandbox says whether Chrome must run without its sandbox: it refuses to
// sandbox as root, and in most containers the kernel denies the user
// namespaces that the sandbox is made of. Anywhere else the sandbox stays on,
// because the pages under test may be anybody's.
func noSandbox() bool {
	if os.Getuid() == 0 || os.Getenv("container") != "" {
		return true
	}
	for _, mark := range []string{"/.dockerenv", "/run/.containerenv"} {
		if _, err := os.Stat(mark); err == nil {
			return true
		}
	}
	return false
}

// nowhere is where Chrome is sent for the services of its maker that can be
// given an address. RFC 2606 reserves the name.
const nowhere = "sessionspec.invalid"

// own says whether a host is one that a browser asks by itself, not for a page.
// The flags above, and the settings of Firefox, stop what they can; the proxy refuses the rest and leaves it
// out of the journal, where it would look like something the actor did.
func own(host string) bool {
	switch host {
	case nowhere, "update.googleapis.com", "clients2.google.com", "clients4.google.com", "content-autofill.googleapis.com",
		"optimizationguide-pa.googleapis.com", "safebrowsing.googleapis.com", "safebrowsing.google.com",
		"passwordsleakcheck-pa.googleapis.com", "android.clients.google.com", "mtalk.google.com",
		"redirector.gvt1.com", "edgedl.me.gvt1.com",
		"firefox.settings.services.mozilla.com", "content-signature-2.cdn.mozilla.net", "push.services.mozilla.com",
		"detectportal.firefox.com", "aus5.mozilla.org", "incoming.telemetry.mozilla.org", "services.addons.mozilla.org",
		"shavar.services.mozilla.com", "tracking-protection.cdn.mozilla.net", "normandy.cdn.mozilla.net",
		"contile.services.mozilla.com", "ads.mozilla.org", "merino.services.mozilla.com", "location.services.mozilla.com":
		return true
	}
	return false
}
