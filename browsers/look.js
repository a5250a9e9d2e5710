// Tells what a user could do with an element.
//   css     selector; the first visible match is meant, else the first
//   scroll  true: bring it into view first
// Result: {State, By, X, Y, Behind}, see the Go type look. X and Y are the
// middle of the first box of the element: the middle of a link that is broken
// over two lines may lie outside of it.
(css, scroll) => {
  const sees = e => e.checkVisibility({ visibilityProperty: true }) &&
    [...e.getClientRects()].some(r => r.width > 0 && r.height > 0);
  const all = locate(css);
  const e = all.find(sees) ?? all[0];
  const look = { State: "ready", By: "", X: 0, Y: 0, Behind: document.hidden };
  if (!e) return { ...look, State: "missing" };
  if (!sees(e)) return { ...look, State: "hidden" };
  if (e.matches(":disabled")) return { ...look, State: "disabled" };
  if (!scroll) return look;
  e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const box = [...e.getClientRects()].find(r => r.width > 0 && r.height > 0);
  look.X = box.x + box.width / 2;
  look.Y = box.y + box.height / 2;
  const top = document.elementFromPoint(look.X, look.Y);
  const own = top && (e === top || e.contains(top) || top.shadowRoot?.contains(e) || top.closest("label")?.control === e);
  if (!own) {
    const name = top ? top.localName + (top.id ? "#" + top.id : "") : "nothing of the page";
    return { ...look, State: "covered", By: "<" + name + ">" };
  }
  return look;
}
