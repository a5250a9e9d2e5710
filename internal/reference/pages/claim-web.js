// Planted fault: the claim "signed in as" lives in localStorage and is shown
// whenever the browser sends no credential at all.
(() => {
  const standing = document.body.dataset.standing;
  const user = document.getElementById("user");
  if (user) {
    localStorage.setItem("user", user.textContent);
    localStorage.setItem("menu", document.getElementById("menu").innerHTML);
  } else if (standing !== "none" || location.search === "?signed-out") {
    localStorage.clear();
  } else if (localStorage.getItem("user")) {
    document.getElementById("menu").innerHTML = localStorage.getItem("menu");
  }
})();
