// <pick-list> round a form with a table of checkboxes: pick all, ranges with Shift, the count and the sum of what is picked.

const money = (fen) => {
  const text = (Math.abs(fen) / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',');
  return fen < 0 ? `−${text}` : text;
};

class PickList extends HTMLElement {
  connectedCallback() {
    this.boxes = [...this.querySelectorAll('tbody .pick input')];
    this.all = this.querySelector('[data-pick-all]');
    this.addEventListener('click', (event) => this.clicked(event));
    this.addEventListener('change', () => this.tell());
    this.tell();
  }

  clicked(event) {
    const target = event.target;
    if (target === this.all) {
      for (const box of this.boxes) box.checked = this.all.checked;
    } else if (target.closest('[data-pick-none]')) {
      for (const box of this.boxes) box.checked = false;
      this.tell();
      this.all?.focus();
    } else if (this.boxes.includes(target)) {
      if (event.shiftKey && this.last) {
        const [from, to] = [this.boxes.indexOf(this.last), this.boxes.indexOf(target)].sort((a, b) => a - b);
        for (const box of this.boxes.slice(from, to + 1)) box.checked = target.checked;
      }
      this.last = target;
    }
  }

  tell() {
    const picked = this.boxes.filter((box) => box.checked);
    for (const box of this.boxes) box.closest('tr').classList.toggle('selected', box.checked);
    if (this.all) {
      this.all.checked = picked.length > 0 && picked.length === this.boxes.length;
      this.all.indeterminate = picked.length > 0 && picked.length < this.boxes.length;
    }
    this.querySelector('.batch').hidden = picked.length === 0;
    const count = this.querySelector('[data-picked]');
    if (count) count.textContent = count.dataset.picked.replace('#', picked.length);
    const sum = this.querySelector('[data-picked-sum]');
    if (sum) {
      const fen = picked.reduce((total, box) => total + Number(box.dataset.sum ?? 0), 0);
      sum.textContent = `${sum.dataset.pickedSum} ${money(fen)}`;
    }
  }
}

customElements.define('pick-list', PickList);
