// <line-test echo pieces results most>: measures the line to the server when its button is pressed. First small requests, one
// after the other, then pieces of bytes from the server and to it, larger and larger, until a few seconds have passed.

const ECHOES = 15;
const FIRST_BYTES = 128 * 1024;
/** A piece that takes as long as this is large enough. */
const GOOD_PIECE_MS = 300;
const MEASURE_MS = 3000;
const MOST_TOTAL_BYTES = 96 * 1024 * 1024;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

class LineTest extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector('[data-start]');
    this.bar = this.querySelector('progress');
    this.outcome = this.querySelector('[data-outcome]');
    this.button.disabled = false;
    this.button.addEventListener('click', () => this.run());
  }

  async run() {
    this.button.disabled = true;
    this.bar.hidden = false;
    this.setAttribute('aria-busy', 'true');
    this.show('way', this.dataset.running);
    this.clear();
    try {
      const roundTripMs = await this.step(0, 'roundTripMs', () => this.roundTrip());
      const downloadMbit = await this.step(1, 'downloadMbit', () => this.speed((bytes) => this.download(bytes)));
      const uploadMbit = await this.step(2, 'uploadMbit', () => this.speed((bytes) => this.upload(bytes)));
      this.bar.value = 3;
      this.judge(await this.post(this.getAttribute('results'), { roundTripMs, downloadMbit, uploadMbit }));
    } catch (error) {
      this.show('bad', error.said ?? this.dataset.offline);
    } finally {
      this.bar.hidden = true;
      this.button.disabled = false;
      this.button.textContent = this.dataset.again;
      this.removeAttribute('aria-busy');
    }
  }

  async step(number, measure, work) {
    this.bar.value = number;
    const figure = await work();
    this.cell(measure, 'figure').textContent = figure < 100 ? figure.toFixed(1) : String(Math.round(figure));
    return figure;
  }

  /** The first request may have to open the connection: it does not count. */
  async roundTrip() {
    const times = [];
    for (let at = 0; at <= ECHOES; at += 1) {
      const startedAt = performance.now();
      await this.ask(`${this.getAttribute('echo')}?n=${at}`);
      if (at > 0) times.push(performance.now() - startedAt);
    }
    return median(times);
  }

  /** Million bits a second. Pieces that are over too quickly only say how large the next one should be. */
  async speed(send) {
    const most = Number(this.getAttribute('most'));
    const startedAt = performance.now();
    let [size, counted, countedMs, total] = [FIRST_BYTES, 0, 0, 0];
    while (total < MOST_TOTAL_BYTES && (counted === 0 || performance.now() - startedAt < MEASURE_MS)) {
      const ms = await send(size);
      total += size;
      const large = size >= most || ms >= GOOD_PIECE_MS;
      if (large) [counted, countedMs] = [counted + size, countedMs + ms];
      else size = Math.min(most, size * 4);
    }
    return (counted * 8) / 1000 / Math.max(countedMs, 0.1);
  }

  async download(bytes) {
    const startedAt = performance.now();
    const response = await this.ask(`${this.getAttribute('pieces')}/${bytes}`);
    await response.arrayBuffer();
    return performance.now() - startedAt;
  }

  async upload(bytes) {
    const body = new FormData();
    body.append('piece', new Blob([new Uint8Array(bytes)]), 'piece');
    const startedAt = performance.now();
    await this.ask(this.getAttribute('pieces'), { method: 'POST', body });
    return performance.now() - startedAt;
  }

  async post(href, value) {
    const headers = { 'content-type': 'application/json' };
    return (await this.ask(href, { method: 'POST', body: JSON.stringify(value), headers })).json();
  }

  async ask(href, { headers = {}, ...options } = {}) {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const response = await fetch(href, {
      ...options,
      cache: 'no-store',
      credentials: 'same-origin',
      headers: { accept: 'application/json', 'x-csrf-token': token, ...headers },
    });
    if (response.ok) return response;
    const answer = await response.json().catch(() => ({}));
    throw Object.assign(new Error(String(response.status)), { said: answer.error?.message });
  }

  judge({ good, text, remedy, measures }) {
    for (const measure of measures) {
      this.cell(measure.id, 'figure').textContent = measure.figure;
      const verdict = this.cell(measure.id, 'verdict');
      verdict.textContent = `${measure.good ? '✓' : '✗'} ${measure.text}`;
      verdict.className = measure.good ? 'up' : 'down';
    }
    this.show(good ? 'ok' : 'bad', [text, ...remedy].join(' '));
  }

  clear() {
    for (const figure of this.querySelectorAll('[data-figure]')) figure.textContent = '—';
    for (const verdict of this.querySelectorAll('[data-verdict]')) verdict.textContent = '';
  }

  show(tone, text) {
    const message = document.createElement('div');
    message.className = `msg msg-${tone}`;
    message.textContent = text;
    this.outcome.replaceChildren(message);
  }

  cell(measure, part) {
    return this.querySelector(`[data-measure="${measure}"] [data-${part}]`);
  }
}

customElements.define('line-test', LineTest);
