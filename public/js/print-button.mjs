// <print-button>: prints the sheet; with the attribute `now` it opens the print window at once, as the till wants it.

const MM_PER_PX = 25.4 / 96;
const ROLLS = { 'receipt-80': 80, 'receipt-58': 58 };

/** Style sheets cannot say "as long as the receipt": the page gets the measured length, so that the roll is cut there. */
function fitRoll() {
  const paper = document.body.dataset.paper;
  const receipt = document.querySelector('.receipt');
  if (!receipt || !ROLLS[paper]) return;
  const lengthMm = Math.ceil(receipt.getBoundingClientRect().height * MM_PER_PX) + 1;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@page ${paper} { size: ${ROLLS[paper]}mm ${lengthMm}mm; margin: 0 }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.querySelector('button').addEventListener('click', () => print());
    void this.prepare();
  }

  // Barcodes are pictures: a receipt measured or printed before they have arrived lacks them.
  async prepare() {
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    fitRoll();
    this.dataset.ready = '';
    if (this.hasAttribute('now')) print();
  }
}

customElements.define('print-button', PrintButton);
