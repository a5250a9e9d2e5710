package reports

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sessionspec/sessionspec/browsers"
)

// opened is the report in a real Chrome, with all that the page asked for and
// complained about.
type opened struct {
	t   *testing.T
	ctx context.Context
	url string

	mu                sync.Mutex
	asked, complaints []string
}

// openChrome opens a page; tests are skipped where no Chrome is.
func openChrome(t *testing.T, file string) *opened {
	t.Helper()
	bin, err := browsers.Find("")
	if err != nil || os.Getenv("SESSIONSPEC_BROWSER") == "none" {
		t.Skipf("NOT TESTED: %v", err)
	}
	base, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(bin), chromedp.Headless, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("user-data-dir", t.TempDir())}
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, free := chromedp.NewExecAllocator(base, options...)
	t.Cleanup(free)
	ctx, closeTab := chromedp.NewContext(allocator, chromedp.WithLogf(func(string, ...any) {}), chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(closeTab)
	o := &opened{t: t, ctx: ctx, url: "file://" + file}
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context of the first call
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, o.note); err != nil {
		t.Fatal(err)
	}
	call(o, network.Enable, network.EnableParams{})
	call(o, log.Enable, cdp.Empty{})
	call(o, runtime.Enable, cdp.Empty{})
	o.size(1280, 900)
	o.do(chromedp.Navigate(o.url))
	return o
}

func (o *opened) note(ev any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		o.asked = append(o.asked, ev.Request.URL)
	case *log.EventEntryAdded:
		o.complaints = append(o.complaints, ev.Entry.Text)
	case *runtime.EventConsoleAPICalled, *runtime.EventExceptionThrown:
		o.complaints = append(o.complaints, fmt.Sprintf("%T", ev))
	case *cdppage.EventJavascriptDialogOpening:
		o.complaints = append(o.complaints, "a dialogue: "+ev.Message)
	}
}

func call[P, R any](o *opened, cmd cdp.Command[P, R], params P) R {
	o.t.Helper()
	r, err := chromedp.Call(o.ctx, cmd, params)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

func (o *opened) do(a chromedp.Action[chromedp.Void]) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, a); err != nil {
		o.t.Fatal(err)
	}
}

// click waits until the element is there to be clicked.
func (o *opened) click(selector string) {
	o.t.Helper()
	o.do(chromedp.Click(chromedp.CSS(selector)))
}

// js evaluates an expression; the page itself could not.
func js[T any](o *opened, expression string) T {
	o.t.Helper()
	v, err := chromedp.Run(o.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		o.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (o *opened) size(width, height int64) {
	o.t.Helper()
	call(o, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

func (o *opened) media(media, scheme string) {
	o.t.Helper()
	call(o, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// shown counts the elements that a reader can see.
func (o *opened) shown(selector string) int {
	o.t.Helper()
	return js[int](o, `[...document.querySelectorAll(`+quote(selector)+`)].filter(e => e.checkVisibility()).length`)
}

func quote(s string) string { b, _ := json.Marshal(s); return string(b) }

// quiet ends a test: the page asked for nothing but itself, and the browser had
// nothing to say about it.
func (o *opened) quiet() {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, url := range o.asked {
		if url != o.url && !strings.HasPrefix(url, o.url+"#") && !strings.HasPrefix(url, "data:image/") {
			o.t.Errorf("the page asked for %s", url)
		}
	}
	for _, c := range o.complaints {
		o.t.Errorf("the browser said: %s", c)
	}
}

func pageFile(t *testing.T, r *Run, folder string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), ReportHTML)
	if err := WriteHTML(r, file, folder); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestPageInChrome reads the report as a person does: the verdict, the failing
// story, its requirement, the filters, the views; by mouse and by keyboard.
func TestPageInChrome(t *testing.T) {
	r, dir := withEvidence(t)
	r.Coverage = covered().Coverage
	o := openChrome(t, pageFile(t, r, dir))

	// From the square of the failing requirement to its explanation, and on to the story.
	o.click(`a.cell.fail`)
	if n := o.shown(".requirement.fail dl:target"); n != 1 {
		t.Errorf("the click on the failing requirement shows %d explanations", n)
	}
	o.click(`.requirement.fail dl .links a`)
	if n := o.shown(".scenario.fail .body:target td.bad .expected"); n != 1 {
		t.Errorf("%d cells that differ in the story", n)
	}
	// A play that only repeats the cause lies folded under the first; a link opens all that it is in.
	if o.shown(".same .scenario .body") != 0 {
		t.Error("repeats are not folded")
	}
	o.click(`.requirement.fail dl .links li:nth-child(2) a`)
	if o.shown(".same .scenario .body:target") != 1 {
		t.Error("the link to a repeat does not open it")
	}

	// Filters: each hides the rest, and says so itself.
	for _, c := range []struct {
		click      string
		good, lost string
	}{
		{"#show-good", ".requirement.pass", ".requirement:is(.fail, .not-judged, .warn)"},
		{"#show-open", ".requirement.not-judged", ".requirement:is(.fail, .pass)"},
		{"#show-bad", ".requirement.fail", ".requirement:is(.pass, .not-judged)"},
	} {
		o.click(c.click)
		if o.shown(c.good) == 0 || o.shown(c.lost) > 1 { // the one a link led to stays
			t.Errorf("%s: %d of %s, %d of %s", c.click, o.shown(c.good), c.good, o.shown(c.lost), c.lost)
		}
	}
	o.click("#show-all")
	o.click("#show-must")
	if o.shown(".requirement.SHOULD") != 0 || o.shown(".requirement.MUST") < 4 {
		t.Error("MUST only shows others, or not all")
	}
	o.click("#show-must")
	all := o.shown(".requirement")
	js[bool](o, `(document.getElementById("show-group").selectedIndex = 3, true)`) // the menu itself is the browser's
	if n := o.shown(".requirement"); n == 0 || n >= all || o.shown(".lane") != 1 {
		t.Errorf("%d of %d requirements, %d lanes in one group", n, all, o.shown(".lane"))
	}
	js[bool](o, `(document.getElementById("show-group").selectedIndex = 0, true)`)
	o.click("#view-0")
	if o.shown(".view-0 .coverage tbody tr") != 6 || o.shown(".map") != 0 {
		t.Error("the view of a standard does not replace the map")
	}

	// By keyboard: the first stop leads past everything to what went wrong.
	js[bool](o, `(history.replaceState(null, "", "#"), document.activeElement.blur(), scrollTo(0, 0), true)`)
	o.do(chromedp.Navigate(o.url))
	o.do(chromedp.KeyEvent(kb.Tab))
	if got := js[string](o, `document.activeElement.className + " " + document.activeElement.getAttribute("href")`); got != "skip #failing" {
		t.Errorf("the first stop is %q", got)
	}
	seen := map[string]bool{}
	for range 60 {
		o.do(chromedp.KeyEvent(kb.Tab))
		seen[js[string](o, `(e => e.id || e.className || e.localName)(document.activeElement)`)] = true
	}
	for _, stop := range []string{"show-all", "show-must", "show-group", "view-group", "scroll lanes", "film", "cell fail"} {
		if !seen[stop] {
			t.Errorf("the keyboard does not reach %s: %v", stop, seen)
		}
	}
	o.quiet()
}

// TestHostilePageInChrome: whatever a target says is text.
func TestHostilePageInChrome(t *testing.T) {
	r, dir := withEvidence(t)
	bad := poisoned()
	for i := range bad.Scenarios {
		bad.Scenarios[i].Evidence = r.Scenarios[i].Evidence
		for j := range bad.Scenarios[i].Findings {
			bad.Scenarios[i].Findings[j].Evidence = append(bad.Scenarios[i].Findings[j].Evidence, r.Scenarios[i].Findings[j].Evidence...)
		}
	}
	bad.Requirements[0].Explain = &Explanation{Why: hostile, How: hostile, Wrong: hostile, Fix: hostile}
	o := openChrome(t, pageFile(t, bad, dir))
	js[int](o, `(document.querySelectorAll("details").forEach(d => d.open = true), 0)`)
	if n := js[int](o, `document.querySelectorAll("script, iframe, object, embed, link, base, form, svg, img:not([src^='data:image/'])").length`); n != 0 {
		t.Errorf("%d elements that nobody wrote", n)
	}
	if n := js[int](o, `[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => a.name.startsWith("on"))).length`); n != 0 {
		t.Errorf("%d elements with handlers", n)
	}
	if got := js[[]string](o, `[...document.querySelectorAll("a")].map(a => a.getAttribute("href")).filter(h => !h.startsWith("#") && !h.startsWith("evidence/"))`); len(got) > 0 {
		for _, href := range got {
			if href != "#ZgotmplZ" && !strings.HasPrefix(href, "../") {
				t.Errorf("a link to %s", href)
			}
		}
	}
	o.noScrolling(360)
	o.quiet()
}

// noScrolling fails if a page of that width scrolls sideways, as a whole.
func (o *opened) noScrolling(width int64) {
	o.t.Helper()
	o.size(width, 800)
	if got := js[int64](o, `document.documentElement.scrollWidth`); got > width {
		who := js[[]string](o, fmt.Sprintf(`[...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > %d &&
			!e.closest(".scroll, .film, pre, .hidden, .skip")).slice(0, 5).map(e => e.localName + "." + e.className + " " + e.getBoundingClientRect().right)`, width))
		o.t.Errorf("%d pixels wide on a screen of %d: %v", got, width, who)
	}
}
