// Planted fault: only a tab that showed the sign-in form believes in the session.
// A browser that restores its session brings the cookies back, not this note.
(async () => {
  if (location.pathname === "/login") window.name = "signed in here";
  const menu = document.getElementById("menu");
  const mine = window.name === "signed in here";
  if (!mine) {
    menu.innerHTML = '<a id="sign-in" href="/login">Sign in</a>';
    return;
  }
  if (!/(^|; )signed_in=/.test(document.cookie)) return; // web draws its own menu
  menu.hidden = true;
  try {
    const answer = await fetch("/_fragments/user", { credentials: "same-origin" });
    if (answer.ok) menu.innerHTML = await answer.text();
  } finally {
    menu.hidden = false;
  }
})();
