// Menus are <details>: they open without scripts. With them, Escape and a click elsewhere close the floating ones.
export function mountMenus() {
  const open = () => document.querySelectorAll("details.q-menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// Who signs out leaves no unsaved text behind for the next person at this computer.
document.addEventListener("submit", (event) => {
  if (!new URL(event.target.action, location.href).pathname.endsWith("/logout/")) return;
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith("qingyuan-draft:")) sessionStorage.removeItem(name);
  } catch { /* storage is closed */ }
});
