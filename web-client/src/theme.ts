// Changes the theme at once and lets the server remember it; without script the same form posts.

class Theme extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      const form = event.target as HTMLFormElement;
      const pressed = event.submitter as HTMLButtonElement | null;
      if (!pressed) return;
      event.preventDefault();
      if (pressed.value === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = pressed.value;
      for (const button of this.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button === pressed));
      }
      void fetch(form.action, { method: "POST", body: new URLSearchParams(entries(form, pressed)) });
    });
  }
}

function entries(form: HTMLFormElement, pressed: HTMLButtonElement): [string, string][] {
  return [...new FormData(form, pressed)].map(([name, value]) => [name, String(value)]);
}

customElements.define("regie-theme", Theme);
