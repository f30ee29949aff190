// <column-chooser for="table" key="devices">: hides columns of a table; what differs from the default stays in this browser.

const storageKey = (key) => `columns.${key}`;

class ColumnChooser extends HTMLElement {
  connectedCallback() {
    this.table = document.getElementById(this.getAttribute('for'));
    if (!this.table) return;
    this.boxes = [...this.querySelectorAll('input[type=checkbox]')];
    const kept = this.kept();
    if (kept) for (const box of this.boxes) box.checked = kept.includes(box.value);
    this.apply();
    this.addEventListener('change', () => {
      this.keep();
      this.apply();
    });
    this.querySelector('[data-reset]')?.addEventListener('click', () => {
      for (const box of this.boxes) box.checked = 'default' in box.dataset;
      localStorage.removeItem(storageKey(this.getAttribute('key')));
      this.apply();
    });
  }

  kept() {
    try {
      const value = JSON.parse(localStorage.getItem(storageKey(this.getAttribute('key'))));
      return Array.isArray(value) ? value : null;
    } catch {
      return null;
    }
  }

  keep() {
    const shown = this.boxes.filter((box) => box.checked).map((box) => box.value);
    try {
      localStorage.setItem(storageKey(this.getAttribute('key')), JSON.stringify(shown));
    } catch {
      // Private windows may refuse; the choice then lasts for this page.
    }
  }

  apply() {
    const heads = [...this.table.tHead.rows[0].cells];
    for (const box of this.boxes) {
      const index = heads.findIndex((head) => head.dataset.column === box.value);
      if (index < 0 || heads[index].hidden === !box.checked) continue;
      for (const row of this.table.rows) if (row.cells[index]) row.cells[index].hidden = !box.checked;
    }
  }
}

customElements.define('column-chooser', ColumnChooser);
