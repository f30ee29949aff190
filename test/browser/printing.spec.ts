import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import type { StylePageName } from '../../src/platform/views/style-guide-model';
import { chromiumFor } from '../support/browser';
import { startStyleGuide, type StyleGuideServer } from '../support/style-guide-server';

const POINTS_PER_MM = 72 / 25.4;

interface PaperSize {
  widthMm: number;
  heightMm: number;
}

/** Sizes of the pages that the browser would send to the printer. */
function pagesOf(pdf: Buffer): PaperSize[] {
  return [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map(
    ([, width, height]) => ({
      widthMm: Math.round(Number(width) / POINTS_PER_MM),
      heightMm: Math.round(Number(height) / POINTS_PER_MM),
    }),
  );
}

describe('printing', () => {
  let browser: Browser;
  let server: StyleGuideServer;

  before(async function () {
    browser = await chromiumFor(this);
    server = await startStyleGuide();
  });

  after(() => server?.close());

  async function print(name: StylePageName): Promise<{ pages: PaperSize[]; contentMm: number }> {
    const tab = await browser.newPage();
    await tab.goto(`${server.url}/style-guide/${name}`, { waitUntil: 'load' });
    await tab.locator('print-button[data-ready]').waitFor();
    const height: number = await tab.evaluate("document.querySelector('.sheet > *').getBoundingClientRect().height");
    const pages = pagesOf(await tab.pdf({ preferCSSPageSize: true, printBackground: false }));
    await tab.close();
    return { pages, contentMm: (height * 25.4) / 96 };
  }

  for (const [name, widthMm] of [
    ['receipt-80', 80],
    ['receipt-58', 58],
  ] as const) {
    it(`${name}: one page as wide as the roll and as long as the receipt`, async () => {
      const { pages, contentMm } = await print(name);
      expect(pages).to.have.length(1);
      expect(pages[0]?.widthMm).to.equal(widthMm);
      expect(pages[0]?.heightMm).to.be.within(contentMm, contentMm + 3);
    });
  }

  for (const name of ['a4', 'labels'] as const) {
    it(`${name}: one sheet`, async () => {
      const { pages } = await print(name);
      expect(pages).to.have.length(1);
    });
  }
});
