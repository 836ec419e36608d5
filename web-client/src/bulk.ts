// Counts the ticked rows and shows what can be done with them together.

class Bulk extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      const box = event.target as HTMLInputElement;
      if (box.matches("[data-tick-all]")) {
        for (const row of this.#rows()) row.checked = box.checked;
      }
      this.#count();
    });
    this.#count();
  }

  #rows() {
    return [...this.querySelectorAll<HTMLInputElement>(".row-tick")];
  }

  #count() {
    const rows = this.#rows();
    const ticked = rows.filter((row) => row.checked).length;
    this.toggleAttribute("data-some", ticked > 0);
    const number = this.querySelector("[data-ticked]");
    if (number) number.textContent = String(ticked);
    const all = this.querySelector<HTMLInputElement>("[data-tick-all]");
    if (all) {
      all.checked = ticked > 0 && ticked === rows.length;
      all.indeterminate = ticked > 0 && ticked < rows.length;
    }
  }
}

customElements.define("regie-bulk", Bulk);
