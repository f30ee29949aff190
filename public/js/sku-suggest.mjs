// <sku-suggest src="/…"> round a search field: products for what was typed so far. A choice puts its code into the field, which
// the server understands as well as anything typed; without script nothing is missing but the list.

const WAIT_MS = 150;
const LEAST = 2;

class SkuSuggest extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input');
    this.list = document.createElement('ul');
    this.list.className = 'suggestions';
    this.list.hidden = true;
    this.append(this.list);
    this.input.addEventListener('input', () => this.typed());
    this.addEventListener('keydown', (event) => this.moved(event));
    this.addEventListener('focusout', (event) => {
      if (!this.contains(event.relatedTarget)) this.close();
    });
  }

  typed() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const text = this.input.value.trim();
    if (text.length < LEAST) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.ask(text), WAIT_MS);
  }

  async ask(text) {
    this.asked = new AbortController();
    const address = `${this.getAttribute('src')}?q=${encodeURIComponent(text)}`;
    const options = { headers: { accept: 'application/json' }, credentials: 'same-origin', signal: this.asked.signal };
    const response = await fetch(address, options).catch(() => null);
    const answer = response?.ok ? await response.json().catch(() => null) : null;
    if (this.input.value.trim() === text) this.show(answer?.skus ?? []);
  }

  show(skus) {
    this.list.replaceChildren(...skus.map((sku) => this.line(sku)));
    this.list.hidden = skus.length === 0;
  }

  line({ code, name }) {
    const button = document.createElement('button');
    button.type = 'button';
    const title = document.createElement('span');
    title.textContent = name;
    const sub = document.createElement('span');
    sub.className = 'muted small';
    sub.textContent = code;
    button.append(title, sub);
    button.addEventListener('click', () => this.choose(code));
    const item = document.createElement('li');
    item.append(button);
    return item;
  }

  choose(code) {
    this.input.value = code;
    this.close();
    this.closest('form')?.querySelector('[name=quantity]')?.focus();
  }

  moved(event) {
    if (event.key === 'Escape') this.close();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [this.input, ...this.list.querySelectorAll('button')];
    const next = stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1);
    if (this.list.hidden || !stops[next]) return;
    event.preventDefault();
    stops[next].focus();
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
  }
}

customElements.define('sku-suggest', SkuSuggest);
