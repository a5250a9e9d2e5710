// The page is the same for everybody. Who has the signal cookie gets the
// signed-in menu put in, if the server agrees; until it has answered, the page
// claims nothing.
(async () => {
  if (!/(^|; )signed_in=/.test(document.cookie)) return;
  const menu = document.getElementById("menu");
  menu.hidden = true;
  try {
    const answer = await fetch("/_fragments/user", { credentials: "same-origin" });
    if (answer.ok) menu.innerHTML = await answer.text();
  } finally {
    menu.hidden = false;
  }
})();
