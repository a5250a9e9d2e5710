// The page is the same for everybody. Who has the signal cookie gets the
// signed-in menu put in, if the server agrees.
(async () => {
  if (!/(^|; )signed_in=/.test(document.cookie)) return;
  const answer = await fetch("/_fragments/user", { credentials: "same-origin" });
  if (answer.ok) document.getElementById("menu").innerHTML = await answer.text();
})();
