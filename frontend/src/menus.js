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
