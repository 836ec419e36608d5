// Listens for what changed and lets the parts of this page that show it fetch themselves again.
// A part says what it shows with `data-live="topic other-topic"` and how it is fetched with
// `hx-get` and `hx-trigger="regie:changed"`. After a lost connection everything may have changed.

const EVERYTHING = "*";
const PATIENCE = 5000;

class Live extends HTMLElement {
  #source: EventSource | undefined;
  #broken = false;
  #complaint: ReturnType<typeof setTimeout> | undefined;

  connectedCallback() {
    const address = this.getAttribute("src");
    if (!address) return;
    this.#source = new EventSource(address);
    this.#source.addEventListener("changed", (event) => {
      announce(String((event as MessageEvent).data).split(/\s+/));
    });
    this.#source.addEventListener("open", () => {
      clearTimeout(this.#complaint);
      this.hidden = true;
      if (this.#broken) announce([EVERYTHING]);
      this.#broken = false;
    });
    this.#source.addEventListener("error", () => {
      this.#broken = true;
      clearTimeout(this.#complaint);
      this.#complaint = setTimeout(() => (this.hidden = false), PATIENCE);
    });
  }

  disconnectedCallback() {
    clearTimeout(this.#complaint);
    this.#source?.close();
  }
}

function announce(topics: string[]) {
  const changed = new Set(topics);
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const shows = part.dataset.live?.split(/\s+/) ?? [];
    if (changed.has(EVERYTHING) || shows.some((topic) => changed.has(topic))) {
      part.dispatchEvent(new CustomEvent("regie:changed"));
    }
  }
}

customElements.define("regie-live", Live);
