// The search box by keyboard: "/" goes there from anywhere, arrows walk through what was found.

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  // On the page of what was found its own box; the one above it stands everywhere.
  const box = document.querySelector<HTMLInputElement>("main #words") ?? document.querySelector<HTMLInputElement>(".find input[type=search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

class Hits extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.#walk);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#walk);
  }

  #walk = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    const inside = this.contains(at);
    if (!inside && at?.id !== "words") return;
    const hits = [...this.querySelectorAll<HTMLElement>("a.hit")];
    const next = inside ? hits.indexOf(at as HTMLElement) + step : step > 0 ? 0 : -1;
    event.preventDefault();
    (hits[next] ?? document.querySelector<HTMLElement>("#words"))?.focus();
  };
}

customElements.define("regie-hits", Hits);
