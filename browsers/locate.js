// Finds elements by what users write: a CSS selector, "label=Password", or
// "role=button Sign in" (the name may be left out). Labels and names are compared
// as people read them: without regard to case, to white space, and to a colon or
// star at the end. A valid CSS selector never begins with a word and "=".
const locate = sel => {
  const how = /^(label|role)=(.*)$/s.exec(sel);
  if (!how) return [...document.querySelectorAll(sel)];
  const plain = s => (s ?? "").replace(/\s+/g, " ").trim().replace(/[\s:*]+$/, "").toLowerCase();
  const byIds = e => (e.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean)
    .map(id => document.getElementById(id)?.textContent ?? "").join(" ");
  // The words of a label without those of the field that stands in it.
  const words = l => [...l.childNodes].filter(n => !n.matches?.("input, select, textarea, button")).map(n => n.textContent).join(" ");
  const labels = e => [byIds(e), e.getAttribute("aria-label"), ...[...e.labels ?? []].map(words)].filter(s => plain(s) !== "");
  if (how[1] === "label") {
    const want = plain(how[2]);
    return [...document.querySelectorAll("input, select, textarea, button, meter, output, progress, [aria-label], [aria-labelledby], [contenteditable]")]
      .filter(e => labels(e).some(s => plain(s) === want));
  }
  const [, role, name] = /^(\S*)\s*(.*)$/s.exec(how[2]);
  const inputs = types => types.split(" ").map(t => `input[type=${t}]`).join(", ");
  const implied = {
    button: "button, summary, " + inputs("button submit reset image"),
    link: "a[href], area[href]",
    textbox: "textarea, input:not([type]), [contenteditable], " + inputs("text email tel url password"),
    searchbox: inputs("search"), checkbox: inputs("checkbox"), radio: inputs("radio"), spinbutton: inputs("number"), slider: inputs("range"),
    combobox: "select:not([multiple])", listbox: "select[multiple]", option: "option", form: "form", navigation: "nav", main: "main", banner: "header",
    heading: "h1, h2, h3, h4, h5, h6", img: "img[alt]", list: "ul, ol", listitem: "li", dialog: "dialog", table: "table", row: "tr", cell: "td",
  };
  const named = e => labels(e)[0] ?? (e.matches("input") ? (e.type === "image" ? e.alt : e.value) : e.matches("img") ? e.alt : e.textContent) ?? "";
  return [...document.querySelectorAll([`[role=${JSON.stringify(role)}]`, implied[role]].filter(Boolean).join(", "))]
    .filter(e => !e.hasAttribute("role") || e.getAttribute("role") === role)
    .filter(e => name === "" || plain(named(e)) === plain(name) || plain(e.title) === plain(name));
};
