// Takes codes from a field that a scanner types into: a flood of characters, each code ended by Enter (or Tab). Nothing is
// lost while an answer is awaited, because a code leaves the field in the same event that ends it.
// Used by <scan-field> and by the till.

const isEditable = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || /^(textarea|select)$/i.test(element.tagName) || element.matches('input:not([type=checkbox], [type=radio])'));
const isInteractive = (element) => Boolean(element.closest?.('a, button, input, select, textarea, summary, label, dialog, [tabindex]'));
const hasTouchOnly = () => matchMedia('(pointer: coarse)').matches && !matchMedia('(any-pointer: fine)').matches;

export class ScanInput {
  /** `onCode(text)` is called once for each code, in the order of scanning. */
  constructor(input, onCode) {
    this.input = input;
    this.onCode = onCode;
    this.endsAfterComposition = false;
    this.stop = new AbortController();
    const { signal } = this.stop;
    input.addEventListener('keydown', (event) => this.keydown(event), { signal });
    input.addEventListener('compositionend', () => this.compositionEnd(), { signal });
    input.addEventListener('paste', (event) => this.paste(event), { signal });
    document.addEventListener('keydown', (event) => this.keydownElsewhere(event), { signal });
    document.addEventListener('click', (event) => this.clickElsewhere(event), { signal });
    // On a phone focus would open the keyboard over the page.
    if (!hasTouchOnly()) input.focus({ preventScroll: true });
  }

  disconnect() {
    this.stop.abort();
  }

  keydown(event) {
    const ends = event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey && this.input.value !== '');
    if (!ends) return;
    // With a Chinese input method on, Enter first ends the composition; the code is complete when that has happened.
    if (event.isComposing || event.keyCode === 229) {
      this.endsAfterComposition = true;
      return;
    }
    event.preventDefault();
    this.take();
  }

  compositionEnd() {
    if (!this.endsAfterComposition) return;
    this.endsAfterComposition = false;
    queueMicrotask(() => this.take());
  }

  /** A pasted column is many codes; a pasted single line stays in the field to be looked at. */
  paste(event) {
    const text = event.clipboardData?.getData('text') ?? '';
    if (!/[\r\n]/.test(text.trim())) return;
    event.preventDefault();
    for (const line of text.split(/[\r\n]+/)) this.give(line);
  }

  /** The scanner goes on after a click somewhere: its first character brings the focus back and is not lost. */
  keydownElsewhere(event) {
    if (event.defaultPrevented || event.target === this.input || isEditable(event.target)) return;
    if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]')) return;
    this.input.focus({ preventScroll: true });
  }

  clickElsewhere(event) {
    if (hasTouchOnly() || isInteractive(event.target) || String(getSelection()) !== '') return;
    this.input.focus({ preventScroll: true });
  }

  take() {
    const text = this.input.value;
    this.input.value = '';
    this.give(text);
  }

  give(text) {
    const code = text.normalize('NFKC').trim();
    if (code !== '') this.onCode(code);
  }
}
