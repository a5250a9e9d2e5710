// Runs in a world of its own in every new document, with `css`, the selectors
// to look for, and `tell`, which takes a Sight as JSON (see the Go type). It
// tells what the page shows when somebody comes back to it: from the page cache
// once the page had the occasion to react to being shown, and else as soon as
// there is something to see. Where `tell` is null it only makes `sight`.
const sees = e => e.checkVisibility({ visibilityProperty: true }) &&
  [...e.getClientRects()].some(r => r.width > 0 && r.height > 0);
const sight = () => ({
  URL: location.href,
  // The text of a body that is not shown would be all of it.
  Text: document.body && sees(document.body) ? document.body.innerText : "",
  Seen: Object.fromEntries(css.map(s => [s, locate(s).some(sees)])),
});
const soon = () => {
  let told = false;
  const now = () => told || (told = true, tell(JSON.stringify(sight())));
  // pageshow comes before the first frame; a tab that is not in front has none.
  requestAnimationFrame(() => setTimeout(now, 0));
  setTimeout(now, 250);
};
if (tell && self === top) {
  addEventListener("pageshow", e => e.persisted && soon());
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    addEventListener("readystatechange", soon, { once: true, capture: true });
    setTimeout(soon, 250); // a script in the head may be held
  }
}
