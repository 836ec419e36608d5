// A question before something that cannot be undone. The link leads to a page that asks; with script
// the same question opens on top of this page.

class Confirm extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector<HTMLElement>("[data-ask-frame] > *");
    const dialog = this.querySelector("dialog");
    if (!link || !dialog) return;
    link.addEventListener("click", (event) => {
      const mouse = event as MouseEvent;
      if (mouse.ctrlKey || mouse.metaKey || mouse.shiftKey) return;
      event.preventDefault();
      dialog.showModal();
    });
    for (const button of dialog.querySelectorAll("[data-close]")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        dialog.close();
      });
    }
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => link.focus());
  }
}

customElements.define("regie-confirm", Confirm);
