// Short messages at the edge of the screen, read out politely. The server sends one with a partial
// in the header `HX-Trigger: {"notice": {"text": "…", "tone": "ok"}}`.

import { word } from "./token";

interface Notice {
  text?: string;
  tone?: string;
}

const STAYS = 8000;

class Notices extends HTMLElement {
  connectedCallback() {
    document.addEventListener("notice", this.#show);
    document.addEventListener("htmx:error", this.#lost);
  }

  disconnectedCallback() {
    document.removeEventListener("notice", this.#show);
    document.removeEventListener("htmx:error", this.#lost);
  }

  #show = (event: Event) => {
    const { text, tone } = (event as CustomEvent<Notice>).detail;
    if (text) this.show(text, tone ?? "ok");
  };

  #lost = () => this.show(word("unreachable"), "danger");

  show(text: string, tone: string) {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.tone = tone;
    const words = document.createElement("span");
    words.className = "toast-text";
    words.textContent = text;
    const close = document.createElement("button");
    close.className = "tool";
    close.type = "button";
    close.textContent = "✕";
    close.setAttribute("aria-label", word("close"));
    close.addEventListener("click", () => toast.remove());
    toast.append(words, close);
    this.append(toast);
    // What went wrong stays until it is read.
    if (tone !== "danger") setTimeout(() => toast.remove(), STAYS);
  }
}

customElements.define("regie-notices", Notices);
