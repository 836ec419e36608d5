// Small menus under a button close when the reader goes elsewhere, as menus do.

function closeOthers(target: EventTarget | null) {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.drop[open]")) {
    if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("focusin", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.drop[open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});
