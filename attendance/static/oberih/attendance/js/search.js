// Finds somebody in the register by part of a name, as it is written or in Latin letters. Without scripts the whole
// list is there, and the browser's own search.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

customElements.define(
  "oberih-roll-search",
  class extends HTMLElement {
    connectedCallback() {
      this.hidden = false;
      this.input = this.querySelector("input");
      this.status = this.querySelector("[role=status]");
      this.input.addEventListener("input", () => this.filter());
      // A row that htmx brings back has to obey the search, too.
      document.addEventListener("htmx:afterSwap", () => this.filter());
    }

    filter() {
      const wanted = fold(this.input.value.trim()).split(/\s+/);
      let found = 0;
      for (const row of document.querySelectorAll(".ob-roll__row")) {
        const name = fold(row.dataset.name);
        row.hidden = !wanted.every((part) => name.includes(part));
        if (!row.hidden) found += 1;
      }
      this.status.textContent = found ? "" : this.status.dataset.none;
    }
  },
);
