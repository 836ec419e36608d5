// Arrow keys walk over the blocks of a timeline: left and right along a room, up and down to the
// block of the next room that stands nearest.

class Timeline extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      const from = (event.target as HTMLElement).closest<HTMLElement>(".block");
      const to = from && this.#next(from, event.key);
      if (!to) return;
      event.preventDefault();
      to.focus();
      to.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  #next(from: HTMLElement, key: string): HTMLElement | undefined {
    const rows = [...this.querySelectorAll(".timeline-row")]
      .map((row) => [...row.querySelectorAll<HTMLElement>(".block")])
      .filter((row) => row.length > 0);
    const y = rows.findIndex((row) => row.includes(from));
    const row = rows[y] ?? [];
    const x = row.indexOf(from);
    switch (key) {
      case "ArrowLeft":
        return row[x - 1];
      case "ArrowRight":
        return row[x + 1];
      case "ArrowUp":
        return nearest(rows[y - 1], from);
      case "ArrowDown":
        return nearest(rows[y + 1], from);
      case "Home":
        return row[0];
      case "End":
        return row[row.length - 1];
      default:
        return undefined;
    }
  }
}

function nearest(row: HTMLElement[] | undefined, from: HTMLElement): HTMLElement | undefined {
  const left = (block: HTMLElement) => block.getBoundingClientRect().left;
  const away = (block: HTMLElement) => Math.abs(left(block) - left(from));
  return row?.reduce((best, block) => (away(block) < away(best) ? block : best));
}

customElements.define("regie-timeline", Timeline);
