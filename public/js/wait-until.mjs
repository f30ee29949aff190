// <wait-until src="/readyz">: loads the page again as soon as the address answers with success.
const ASK_MS = 3000;

class WaitUntil extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.ask(), ASK_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async ask() {
    const response = await fetch(this.getAttribute('src'), { cache: 'no-store' }).catch(() => null);
    if (!response?.ok) return;
    clearInterval(this.timer);
    location.reload();
  }
}

customElements.define('wait-until', WaitUntil);
