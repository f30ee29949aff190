// The list under the scan field: products by name, pinyin or initials while somebody types. A scanner is faster than the
// wait and ends with Enter, so it never meets the list.

import { money } from './amounts.mjs';
import { getJson } from './server.mjs';

const WAIT_MS = 180;

export class MatchList {
  /** `choose(line)` is called with the picked product; `noteOf(line)` is its second line; `forWhom()` gives the channel and the customer that
   * prices are asked for. */
  constructor(input, list, address, { choose, noteOf, forWhom }) {
    Object.assign(this, { input, list, address, choose, noteOf, forWhom });
    this.matches = [];
    this.active = -1;
    this.asked = 0;
    input.addEventListener('input', () => this.typed());
    // Before the scan input takes Enter as the end of a code.
    input.parentElement.addEventListener('keydown', (event) => this.keydown(event), { capture: true });
    input.addEventListener('blur', () => setTimeout(() => this.close(), 150));
  }

  typed() {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    // Digits alone are a barcode or a number on its way.
    if (text === '' || /^\d+$/.test(text)) return this.close();
    this.timer = setTimeout(() => void this.ask(text), WAIT_MS);
  }

  async ask(text) {
    const turn = (this.asked += 1);
    const { ok, body } = await getJson(`${this.address}/products?${new URLSearchParams({ ...this.forWhom(), q: text })}`);
    if (ok && turn === this.asked && this.input.value.trim() === text) this.show(body.products, -1);
  }

  show(matches, active = 0) {
    this.matches = matches;
    this.active = matches.length > 0 ? active : -1;
    this.list.replaceChildren(...matches.map((line, index) => this.option(line, index)));
    this.list.hidden = matches.length === 0;
    this.input.setAttribute('aria-expanded', String(matches.length > 0));
    this.mark();
  }

  option(line, index) {
    const item = document.createElement('li');
    item.id = `till-match-${index}`;
    item.setAttribute('role', 'option');
    const name = document.createElement('span');
    name.textContent = line.name;
    const price = document.createElement('span');
    price.className = 'num strong';
    price.textContent = money(line.priceFen);
    const note = document.createElement('span');
    note.className = 'sub';
    note.textContent = this.noteOf(line);
    item.append(name, price, note);
    item.addEventListener('mousedown', (event) => event.preventDefault());
    item.addEventListener('click', () => this.pick(index));
    return item;
  }

  mark() {
    [...this.list.children].forEach((item, index) => item.setAttribute('aria-selected', String(index === this.active)));
    if (this.active >= 0) this.input.setAttribute('aria-activedescendant', `till-match-${this.active}`);
    else this.input.removeAttribute('aria-activedescendant');
    this.list.children[this.active]?.scrollIntoView({ block: 'nearest' });
  }

  keydown(event) {
    clearTimeout(event.key === 'Enter' ? this.timer : undefined);
    if (this.list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      this.active = (this.active + step + this.matches.length) % this.matches.length;
      this.mark();
    } else if (event.key === 'Enter' && this.active >= 0) this.pick(this.active);
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  pick(index) {
    const line = this.matches[index];
    this.input.value = '';
    this.close();
    if (line) this.choose(line);
  }

  close() {
    this.asked += 1;
    if (this.list.hidden) return;
    this.show([]);
  }
}
