// <toast-note>: goes away after five seconds, but not while it is pointed at or holds the focus.
const SHOWN_MS = 5000;

class ToastNote extends HTMLElement {
  connectedCallback() {
    this.start();
    for (const type of ['pointerenter', 'focusin']) this.addEventListener(type, () => clearTimeout(this.timer));
    for (const type of ['pointerleave', 'focusout']) this.addEventListener(type, () => this.start());
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  start() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remove(), SHOWN_MS);
  }
}

customElements.define('toast-note', ToastNote);
