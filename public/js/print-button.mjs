// <print-button>: prints the sheet; with the attribute `now` it opens the print window at once, as the till wants it.

class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.querySelector('button').addEventListener('click', () => print());
    if (this.hasAttribute('now')) void this.printWhenReady();
  }

  // Barcodes are pictures: a receipt printed before they have arrived lacks them.
  async printWhenReady() {
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    print();
  }
}

customElements.define('print-button', PrintButton);
