// <scan-field endpoint="…" refresh="#lines">: the scan panel. Shows each scan at once as waiting, sends it, then shows the
// answer with frame, words and sound. The next scan never waits for an answer. Events, bubbling: `scan-answer` with
// { scan, result, answer } for each, `scan-drained` when nothing is left. `with` is sent along with each scan.
import { ScanInput } from './scan-input.mjs';
import { ScanQueue } from './scan-queue.mjs';
import { isSoundOn, playSound, setSound } from './scan-sound.mjs';

const LONGEST_CODE = 200;
const LINES_KEPT = 12;
const WRONG_LINES_KEPT = 50;
const REFRESH_AGAIN_MS = [300, 1000, 3000, 8000];
const FRAMES = { right: 'scan-ok', double: 'scan-double', wrong: 'scan-bad' };
const SEVERITY = { right: 0, double: 1, wrong: 2 };

/** 35 209900 176148 1 */
export const groupImei = (code) => code.replace(/^(\d{2})(\d{6})(\d{6})(\d)$/, '$1 $2 $3 $4');
/** Something typed there that is not sent yet would be lost. */
const isBeingFilledIn = (element) =>
  [...element.querySelectorAll('input, textarea')].some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
const clock = () => new Date().toTimeString().slice(0, 8);

class ScanField extends HTMLElement {
  connectedCallback() {
    this.frame = this.querySelector('.scan');
    this.last = this.querySelector('.last');
    this.log = this.querySelector('[data-log]');
    this.lines = new Map();
    this.worst = undefined;
    this.context = JSON.parse(this.getAttribute('with') ?? '{}');
    const csrfToken = document.querySelector('meta[name=csrf-token]')?.content ?? '';
    this.queue = new ScanQueue(this.getAttribute('endpoint'), csrfToken, {
      onAnswer: (scan, result, answer) => this.answered(scan, result, answer),
      onDrained: () => this.drained(),
      onTrouble: (kind) => this.trouble(kind),
    });
    this.source = new ScanInput(this.querySelector('[data-scan]'), (code) => this.add(code));
    this.setUpPanels();
    this.setUpSound();
    void this.setUpCamera();
    for (const scan of this.queue.waiting) this.showWaiting(scan);
    void this.queue.send();
  }

  disconnectedCallback() {
    this.source?.disconnect();
  }

  /** Also called by the camera. */
  add(code) {
    if (code.length > LONGEST_CODE) {
      const line = this.addLine('wrong', `${code.slice(0, 20)}…`);
      line.querySelector('.grow').textContent = this.dataset.tooLong;
      this.showLast('wrong', this.dataset.tooLong);
      playSound('wrong');
      return;
    }
    this.showWaiting(this.queue.add(code, this.context));
  }

  showWaiting(scan) {
    const line = this.addLine('waiting', scan.code);
    line.querySelector('.grow').textContent = this.dataset.checking;
    this.lines.set(scan.key, line);
  }

  addLine(kind, code) {
    this.log.querySelector('.none')?.remove();
    const line = this.makeLine(kind, code);
    this.log.prepend(line);
    this.trim();
    return line;
  }

  makeLine(kind, code) {
    const line = this.querySelector(`template[data-line=${kind}]`).content.firstElementChild.cloneNode(true);
    line.querySelector('.imei').textContent = groupImei(code);
    line.querySelector('time').textContent = clock();
    line.dataset.kind = kind;
    return line;
  }

  // Wrong scans stay longer than right ones: they still have to be dealt with. Waiting ones always stay.
  trim() {
    const settled = [...this.log.children].filter((line) => line.dataset.kind !== 'waiting');
    const wrong = settled.filter((line) => line.dataset.kind === 'wrong');
    const others = settled.filter((line) => line.dataset.kind !== 'wrong');
    for (const line of [...wrong.slice(WRONG_LINES_KEPT), ...others.slice(LINES_KEPT)]) line.remove();
  }

  /** An answer may choose where the following scans go: a product's barcode chooses its line. */
  follow(result) {
    if (!result.with) return;
    this.queue.rewrite(this.context, result.with);
    this.context = { ...this.context, ...result.with };
    if (result.href) history.replaceState(null, '', result.href);
  }

  answered(scan, result, answer) {
    this.follow(result);
    const outcome = FRAMES[result.outcome] ? result.outcome : 'wrong';
    const line = this.makeLine(outcome, result.code ?? scan.code);
    const words = line.querySelector('.grow');
    words.textContent = result.text ?? '';
    if (result.link) {
      const link = document.createElement('a');
      link.href = result.link.href;
      link.textContent = result.link.label;
      words.append(' ', link);
    }
    const waiting = this.lines.get(scan.key);
    if (waiting?.isConnected) waiting.replaceWith(line);
    else this.log.prepend(line);
    this.lines.delete(scan.key);
    this.trim();
    this.showLast(outcome, result.text ?? '', result.code ?? scan.code);
    this.showTally(answer);
    if (this.worst === undefined || SEVERITY[outcome] > SEVERITY[this.worst]) this.worst = outcome;
    // One sound for all answers of one request, the gravest of them.
    if (answer.results.at(-1) === result) {
      playSound(this.worst);
      this.worst = undefined;
    }
    this.dispatchEvent(new CustomEvent('scan-answer', { bubbles: true, detail: { scan, result, answer } }));
  }

  showLast(outcome, text, code) {
    this.frame.classList.remove(...Object.values(FRAMES));
    this.frame.classList.add(FRAMES[outcome]);
    const icon = this.querySelector(`template[data-line=${outcome}]`).content.querySelector('svg').cloneNode(true);
    const words = document.createElement('span');
    words.textContent = text;
    this.last.replaceChildren(icon, words);
    if (outcome === 'right' && code) {
      const number = document.createElement('span');
      number.className = 'imei';
      number.textContent = groupImei(code);
      this.last.append(number);
    }
  }

  showTally({ tally, progress }) {
    for (const [name, value] of Object.entries(tally ?? {})) {
      const cell = this.querySelector(`[data-tally="${CSS.escape(name)}"]`);
      if (cell) cell.textContent = value;
    }
    const box = this.querySelector('[data-progress]');
    if (!progress || !box) return;
    box.querySelector('progress').max = progress.total || 1;
    box.querySelector('progress').value = progress.done;
    box.querySelector('[data-of]').textContent = `${progress.done} / ${progress.total}`;
  }

  trouble(kind) {
    const text = kind === 'offline' ? this.dataset.offline : this.dataset.failed;
    this.showLast('wrong', text);
    if (kind === 'refused') playSound('wrong');
  }

  drained() {
    this.dispatchEvent(new CustomEvent('scan-drained', { bubbles: true }));
    this.asked = (this.asked ?? 0) + 1;
    void this.refresh(this.asked, REFRESH_AGAIN_MS);
  }

  /** Shows what the answers changed elsewhere on the page. Only the newest asking counts; one that fails is repeated. */
  async refresh(asked, [wait, ...waits]) {
    const selectors = this.getAttribute('refresh');
    if (!selectors || asked !== this.asked || !this.isConnected) return;
    const again = () => setTimeout(() => this.refresh(asked, waits), wait);
    const response = await fetch(location.href, { headers: { accept: 'text/html' }, credentials: 'same-origin' }).catch(() => null);
    const text = response?.ok && !response.redirected ? await response.text().catch(() => null) : null;
    if (asked !== this.asked || this.queue.waiting.length > 0) return;
    if (text === null) {
      if (wait !== undefined) again();
      return;
    }
    const page = new DOMParser().parseFromString(text, 'text/html');
    const parts = [...document.querySelectorAll(selectors)];
    // A button that is replaced between press and release never gets its click.
    if (wait !== undefined && parts.some((old) => old.matches(':active'))) {
      again();
      return;
    }
    for (const old of parts) {
      const fresh = page.getElementById(old.id);
      if (fresh && !old.contains(document.activeElement) && !isBeingFilledIn(old)) old.replaceWith(document.adoptNode(fresh));
    }
  }

  setUpPanels() {
    for (const panel of this.querySelectorAll('[data-panel]')) {
      const filled = panel.querySelector('textarea')?.value.trim();
      panel.hidden = !filled;
      const button = this.querySelector(`[data-show=${panel.dataset.panel}]`);
      button.setAttribute('aria-expanded', String(!panel.hidden));
      button.addEventListener('click', () => {
        panel.hidden = !panel.hidden;
        button.setAttribute('aria-expanded', String(!panel.hidden));
        if (!panel.hidden) panel.querySelector('textarea, input[type=file]').focus();
      });
    }
  }

  setUpSound() {
    const button = this.querySelector('[data-sound]');
    button.setAttribute('aria-pressed', String(isSoundOn()));
    button.addEventListener('click', () => {
      setSound(!isSoundOn());
      button.setAttribute('aria-pressed', String(isSoundOn()));
      playSound('right');
    });
  }

  async setUpCamera() {
    const button = this.querySelector('[data-camera]');
    // Browsers give the camera to HTTPS pages and localhost only.
    if (!button || !window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return;
    const { openCamera } = await import('./camera-scan.mjs');
    button.hidden = false;
    button.addEventListener('click', () => openCamera(this.querySelector('camera-scan'), button, (code) => this.add(code)));
  }
}

customElements.define('scan-field', ScanField);
