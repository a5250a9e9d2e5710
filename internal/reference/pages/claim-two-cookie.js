// Planted fault: the claim lives in localStorage instead of the signal cookie,
// and is shown whenever the browser sends no credential at all.
(async () => {
  const menu = document.getElementById("menu");
  if (location.search === "?signed-out" || document.body.dataset.standing === "dead") localStorage.clear();
  if (!localStorage.getItem("menu") && !/(^|; )signed_in=/.test(document.cookie)) return;
  menu.hidden = true;
  try {
    const answer = await fetch("/_fragments/user", { credentials: "same-origin" });
    if (answer.ok) localStorage.setItem("menu", await answer.text());
    if (localStorage.getItem("menu")) menu.innerHTML = localStorage.getItem("menu");
  } finally {
    menu.hidden = false;
  }
})();
