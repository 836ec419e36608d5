// Lets a file be dropped on the field that also chooses one. The button is ours, so that it speaks the reader's language;
// without script the browser's own stays.

class Upload extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector<HTMLInputElement>('input[type="file"]');
    const name = this.querySelector(".file-name");
    if (!input || !name) return;
    const none = name.textContent;
    this.toggleAttribute("data-own", true);
    const tell = () => {
      name.textContent = input.files?.[0]?.name ?? none;
    };
    input.addEventListener("change", tell);
    tell();
    const over = (is: boolean) => this.toggleAttribute("data-over", is);
    this.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(true);
    });
    this.addEventListener("dragleave", () => over(false));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      if (event.dataTransfer?.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
}

customElements.define("regie-upload", Upload);
