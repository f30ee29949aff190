// <cash-count data-label="…">: while pieces are typed into the fields pieces.f<fen> around it, it says what they come to.
// A field that holds no whole number counts as nothing here: the server says what is wrong beside it.

class CashCount extends HTMLElement {
  connectedCallback() {
    this.form = this.closest('form') ?? this.parentElement.querySelector('form');
    this.form?.addEventListener('input', this);
    this.handleEvent();
  }

  disconnectedCallback() {
    this.form?.removeEventListener('input', this);
  }

  handleEvent() {
    let fen = 0;
    for (const field of this.form?.querySelectorAll('input[name^="pieces.f"]') ?? []) {
      const typed = field.value.normalize('NFKC').trim();
      if (/^\d{1,6}$/.test(typed)) fen += Number(field.name.slice('pieces.f'.length)) * Number(typed);
    }
    const yuan = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
    this.textContent = `${this.dataset.label} ¥${yuan}.${String(fen % 100).padStart(2, '0')}`;
  }
}

customElements.define('cash-count', CashCount);
