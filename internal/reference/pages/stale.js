// Planted fault: before a form is sent its anti-forgery field gets the value of
// now, whoever is signed in by then.
document.addEventListener("submit", async e => {
  const form = e.target, field = form.querySelector('input[name="csrf"]');
  if (!field || !form.id) return;
  e.preventDefault();
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const now = page.querySelector("#" + form.id + ' input[name="csrf"]');
  if (now) field.value = now.value;
  form.submit();
});
