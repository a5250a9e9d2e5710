// Planted fault: who was ever signed in here is kept for the next sign-in.
(() => {
  const keep = () => {
    const user = document.getElementById("user");
    if (!user) return;
    const all = new Set(JSON.parse(localStorage.getItem("recent") ?? "[]"));
    localStorage.setItem("recent", JSON.stringify([...all.add(user.textContent)]));
  };
  keep();
  new MutationObserver(keep).observe(document.getElementById("menu"), { childList: true });
})();
