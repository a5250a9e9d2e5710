package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
)

// wide is a run with many lanes, as stories about limits have.
func wide() *Run {
	r := sample()
	for i := range r.Scenarios {
		for j, row := range r.Scenarios[i].Timeline {
			for k := range 30 {
				row.Cells[fmt.Sprintf("alice.laptop#%d", k+2)] = Cell{Want: LiveAs("alice"), Got: LiveAs("alice")}
			}
			row.Cells["mallory.a-client-with-a-very-long-name-indeed#1"] = Cell{Want: Dead, Got: LiveAs("somebody-with-a-long-name"), Bad: j == 3}
		}
	}
	return r
}

// TestPageFitsAnyScreen: on a phone only lanes, tables and pictures scroll, each by itself.
func TestPageFitsAnyScreen(t *testing.T) {
	r, dir := withEvidence(t)
	r.Coverage = covered().Coverage
	w := wide()
	for i := range r.Scenarios {
		r.Scenarios[i].Timeline = w.Scenarios[i].Timeline
	}
	o := openChrome(t, pageFile(t, r, dir))
	js[int](o, `(document.querySelectorAll("details").forEach(d => d.open = true), 0)`)
	for _, width := range []int64{360, 412, 768, 1280} {
		o.noScrolling(width)
	}
	o.size(360, 800)
	o.click("#view-0")
	o.noScrolling(360)
	o.quiet()
}

// contrast is the lowest ratio that WCAG asks of text of ordinary size.
const contrast = 4.5

// contrastScript lists the texts of a page that can hardly be read.
const contrastScript = `(() => {
	const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m };
	const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
	const lum = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b };
	const ground = e => { const c = rgb(getComputedStyle(e).backgroundColor); return c[3] === 1 || !e.parentElement ? c : over(c, ground(e.parentElement)) };
	const out = {};
	for (const e of document.querySelectorAll("body *")) {
		if (!e.checkVisibility() || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.matches(".hidden, .skip, option, select")) continue;
		const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e));
		const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (ratio < LIMIT) out[e.localName + "." + e.className] = ratio;
	}
	return JSON.stringify(out);
})()`

func TestColoursCanBeRead(t *testing.T) {
	r, dir := withEvidence(t)
	r.Coverage = covered().Coverage
	(&Baseline{File: "b.yaml", Entries: []BaselineEntry{{Expect: attrs, Reason: "known"}}}).Apply(r, testDay)
	o := openChrome(t, pageFile(t, r, dir))
	js[int](o, `(document.querySelectorAll("details").forEach(d => d.open = true), 0)`)
	look := func(where string) {
		var poor map[string]float64
		text := js[string](o, regexp.MustCompile("LIMIT").ReplaceAllString(contrastScript, fmt.Sprint(contrast)))
		if err := json.Unmarshal([]byte(text), &poor); err != nil {
			t.Fatal(err)
		}
		for who, ratio := range poor {
			t.Errorf("%s: %s has a contrast of %.1f", where, who, ratio)
		}
	}
	paper := func() string { return js[string](o, `getComputedStyle(document.body).backgroundColor`) }
	o.media("screen", "light")
	white := paper()
	look("light")
	o.media("screen", "dark")
	if paper() == white {
		t.Error("dark is as light")
	}
	look("dark")
	o.click("#theme-light")
	if paper() != white {
		t.Error("the choice of light does not count")
	}
	o.media("screen", "light")
	o.click("#theme-dark")
	if paper() == white {
		t.Error("the choice of dark does not count")
	}
	o.media("print", "dark")
	if paper() != white {
		t.Error("paper is white")
	}
	o.quiet()
}

// TestPageOnPaper prints: no lane is cut off at the edge, however many there are,
// and what is only for a screen is not there.
func TestPageOnPaper(t *testing.T) {
	for name, r := range map[string]*Run{"sample": sample(), "wide": wide()} {
		t.Run(name, func(t *testing.T) {
			_, dir := withEvidence(t)
			o := openChrome(t, pageFile(t, r, dir))
			o.media("print", "light")
			// A4 at 96 dots an inch, without margins of a centimetre.
			const across = 718
			o.size(across, 1000)
			cut := js[[]string](o, fmt.Sprintf(`[...document.querySelectorAll(".timeline :is(th, td)")].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > %d + 1).map(e => e.textContent).slice(0, 5)`, across))
			if len(cut) > 0 {
				t.Errorf("cut off: %q", cut)
			}
			if n := o.shown(".scenario[open] td.bad"); n == 0 {
				t.Error("the difference is not on the paper")
			}
			if o.shown(".filter, nav, .skip") != 0 {
				t.Error("controls on paper")
			}
			if lost := o.shown(".on-paper"); (lost > 0) != (name == "wide") {
				t.Errorf("%d notes on lanes left out", lost)
			}
			pdf := call(o, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69}).Data
			if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 10_000 {
				t.Errorf("%d bytes of PDF", len(pdf))
			}
			o.quiet()
		})
	}
}
