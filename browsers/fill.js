// Prepares a field for text, or fills it where typing is not the way.
// Result: "type": focused and selected, insert the text now; "done": filled;
// anything else is the reason why it cannot be filled.
(css, text) => {
  const all = locate(css);
  const e = all.find(e => e.checkVisibility({ visibilityProperty: true })) ?? all[0];
  if (!e) return "the element is gone";
  if (e.readOnly) return "the field is read-only";
  const fire = () => {
    e.dispatchEvent(new Event("input", { bubbles: true }));
    e.dispatchEvent(new Event("change", { bubbles: true }));
    return "done";
  };
  e.focus();
  if (e instanceof HTMLSelectElement) {
    const o = [...e.options].find(o => o.value === text) ?? [...e.options].find(o => o.label.trim() === text);
    if (!o) return "the list has no such option";
    e.value = o.value;
    return fire();
  }
  if (e.isContentEditable) {
    getSelection().selectAllChildren(e);
    if (text !== "") return "type";
    document.execCommand("delete");
    return "done";
  }
  const input = e instanceof HTMLInputElement;
  if (!input && !(e instanceof HTMLTextAreaElement)) return "<" + e.localName + "> is no field";
  if (input && /^(checkbox|radio|submit|button|reset|image)$/.test(e.type)) return "a " + e.type + " is to be clicked, not filled";
  if (input && e.type === "file") return "files cannot be chosen by text";
  if (text === "" || (input && /^(date|datetime-local|month|week|time|color|range)$/.test(e.type))) {
    // The setter of the prototype: frameworks such as React hide their own
    // setter on the element and would not notice the change.
    const proto = input ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
    Object.getOwnPropertyDescriptor(proto, "value").set.call(e, text);
    return e.value === text ? fire() : "the field does not take this text";
  }
  e.select();
  return "type";
}
