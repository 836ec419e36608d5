// A filter takes effect when it is chosen; its button is for browsers without script.

const PAUSE = 300;

class Filter extends HTMLElement {
  #waiting: ReturnType<typeof setTimeout> | undefined;

  connectedCallback() {
    const form = this.querySelector("form");
    if (!form) return;
    for (const button of form.querySelectorAll<HTMLElement>("[data-apply]")) button.hidden = true;
    form.addEventListener("change", (event) => {
      if (!(event.target instanceof HTMLInputElement)) this.#send(form, 0);
    });
    form.addEventListener("input", (event) => {
      if (event.target instanceof HTMLInputElement) this.#send(form, PAUSE);
    });
  }

  #send(form: HTMLFormElement, pause: number) {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => form.requestSubmit(), pause);
  }
}

customElements.define("regie-filter", Filter);
