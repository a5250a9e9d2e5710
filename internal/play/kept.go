package play

import (
	"context"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/history"
)

// keptJS gathers what a page of the target's origin can still find in the
// browser, as one text.
const keptJS = `(async () => {
  const out = [document.cookie, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), JSON.stringify(history.state), window.name];
  for (const e of document.querySelectorAll("input, textarea")) out.push(e.value);
  for (const name of await globalThis.caches?.keys() ?? []) {
    const cache = await caches.open(name);
    for (const r of await cache.keys()) out.push(r.url, await (await cache.match(r)).text());
  }
  for (const d of await globalThis.indexedDB?.databases?.() ?? []) {
    const db = await new Promise((done, fail) => { const r = indexedDB.open(d.name); r.onsuccess = () => done(r.result); r.onerror = fail; });
    for (const s of db.objectStoreNames) {
      out.push(JSON.stringify(await new Promise(done => { const r = db.transaction(s).objectStore(s).getAll(); r.onsuccess = () => done(r.result); r.onerror = () => done(null); })));
    }
    db.close();
  }
  return out.join("\n");
})()`

// read books whose names and notes a page shows to a browser.
func (p *player) read(ctx context.Context, c *client, v *history.Visit) error {
	if c.browser == nil {
		return nil
	}
	s, err := browsers.Look(ctx, c.browser)
	if err == nil {
		v.Names, v.Notes = p.mentions(s.Text)
	}
	return err
}

// remains books what the browser has in store for the origin of the page on show.
func (p *player) remains(ctx context.Context, op *history.Op, c *client) error {
	if c.browser == nil || len(p.env.Target.Pages) == 0 {
		return nil
	}
	var text string
	if err := c.browser.Eval(ctx, keptJS, &text); err != nil {
		return err
	}
	op.Kept = &history.Sight{URL: p.env.Target.Base}
	op.Kept.Names, op.Kept.Notes = p.mentions(text)
	return nil
}
