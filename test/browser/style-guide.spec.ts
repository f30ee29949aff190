import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { STYLE_PAGES, type StylePageName } from '../../src/platform/views/style-guide-model';
import { chromiumFor } from '../support/browser';
import { startStyleGuide, type StyleGuideServer } from '../support/style-guide-server';

interface AxeViolation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

async function violations(tab: Page): Promise<string[]> {
  // Evaluated by the debugger protocol: the page's own policy allows no foreign script.
  await tab.evaluate(axe.source);
  const found: AxeViolation[] = await tab.evaluate(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} — ${node.failureSummary ?? ''}`),
  );
}

const WAYS = [
  { name: 'on a desk, light', width: 1440, height: 900, query: '', axe: true },
  { name: 'on a phone, dark, English', width: 360, height: 780, query: '?theme=dark&locale=en', axe: true },
  { name: 'on a tablet, English', width: 768, height: 1024, query: '?locale=en', axe: false },
];

describe('style page in the browser', function () {
  let browser: Browser;
  let server: StyleGuideServer;

  before(async function () {
    browser = await chromiumFor(this);
    server = await startStyleGuide();
  });

  after(() => server?.close());

  for (const way of WAYS) {
    describe(way.name, () => {
      let context: BrowserContext;

      before(async () => {
        context = await browser.newContext({ viewport: { width: way.width, height: way.height } });
      });

      after(() => context.close());

      for (const name of STYLE_PAGES) {
        it(`${name}: ${way.axe ? 'accessible, ' : ''}within the width, silent, nothing from outside`, async () => {
          const tab = await context.newPage();
          const complaints: string[] = [];
          tab.on('console', (message) => {
            if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
          });
          tab.on('pageerror', (error) => complaints.push(error.message));
          tab.on('request', (request) => {
            if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
              complaints.push(request.url());
          });
          tab.on('response', (response) => {
            if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
          });
          await tab.goto(`${server.url}/style-guide/${name}${way.query}`, { waitUntil: 'load' });
          // Paper has its own width.
          if (!['a4', 'labels'].includes(name)) {
            const width = await tab.evaluate('document.documentElement.scrollWidth');
            expect(width).to.equal(way.width);
          }
          if (way.axe) expect(await violations(tab)).to.deep.equal([]);
          expect(complaints).to.deep.equal([]);
          await tab.close();
        });
      }
    });
  }

  describe('behaviour', () => {
    let context: BrowserContext;
    let tab: Page;

    const open = async (name: StylePageName, query = ''): Promise<void> => {
      await tab.goto(`${server.url}/style-guide/${name}${query}`, { waitUntil: 'load' });
    };

    const everyScanAnswered = (): Promise<void> =>
      tab.locator('[data-log] .waiting').last().waitFor({ state: 'detached' });

    beforeEach(async () => {
      context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
      tab = await context.newPage();
      server.scanRequests.length = 0;
    });

    afterEach(() => context.close());

    it('a flood of scans loses nothing, keeps the order and never sends half a line', async () => {
      await open('document');
      const codes = Array.from({ length: 60 }, (_, index) => `8674210631${String(10000 + index)}`);
      await tab.locator('[data-scan]').focus();
      for (const code of codes) {
        await tab.keyboard.insertText(code);
        await tab.keyboard.press('Enter');
      }
      await everyScanAnswered();
      const sent = server.scanRequests.flatMap(({ scans }) => scans.map(({ code }) => code));
      expect(sent).to.deep.equal(codes);
      expect(server.scanRequests.length).to.be.lessThan(codes.length, 'several go in one request');
      expect(await tab.locator('[data-scan]').inputValue()).to.equal('');
      expect(await tab.locator('.scan').getAttribute('class')).to.include('scan-ok');
    });

    it('a scan after a click elsewhere still arrives whole', async () => {
      await open('document');
      await tab.locator('[data-show=paste]').click();
      await tab.locator('[data-show=paste]').click();
      expect(await tab.evaluate("document.activeElement.hasAttribute('data-scan')")).to.equal(false);
      await tab.keyboard.type('867421063199998');
      await tab.keyboard.press('Enter');
      await everyScanAnswered();
      expect(server.scanRequests[0]?.scans.map(({ code }) => code)).to.deep.equal(['867421063199998']);
    });

    it('double and wrong scans are shown apart', async () => {
      await open('document');
      const scan = async (code: string, frame: string): Promise<void> => {
        await tab.locator('[data-scan]').fill(code);
        await tab.locator('[data-scan]').press('Enter');
        await tab.locator(`.scan.${frame}`).waitFor();
      };
      await scan('867421063177770', 'scan-ok');
      await scan('８６７４２１０６３１７７７７０', 'scan-double');
      await scan('not an imei', 'scan-bad');
      const lines = await tab
        .locator('[data-log] li')
        .evaluateAll((items) => items.slice(0, 3).map((item) => item.getAttribute('data-kind')));
      expect(lines).to.deep.equal(['wrong', 'double', 'right']);
    });

    it('scans made while the server is away are sent when it is back', async () => {
      await open('document');
      server.setDown(true);
      await tab.locator('[data-scan]').fill('867421063166666');
      await tab.locator('[data-scan]').press('Enter');
      await tab.locator('.scan.scan-bad').waitFor();
      await tab.reload({ waitUntil: 'load' }).catch(() => undefined);
      server.setDown(false);
      await everyScanAnswered();
      expect(server.scanRequests.flatMap(({ scans }) => scans.map(({ code }) => code))).to.include('867421063166666');
    });

    it('a destructive link asks in a dialog, with the focus on cancel, and Escape leads back', async () => {
      await open('parts');
      const link = tab.locator('a.btn-danger[data-confirm]');
      await link.click();
      const dialog = tab.locator('dialog[open]');
      await dialog.waitFor();
      expect(await tab.evaluate("document.activeElement.hasAttribute('data-cancel')")).to.equal(true);
      expect(await violations(tab)).to.deep.equal([]);
      await tab.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await tab.evaluate("document.activeElement.matches('a.btn-danger[data-confirm]')")).to.equal(true);
    });

    it('the copy button copies plain digits', async () => {
      await open('device');
      await tab.locator('[data-copy="352099004129058"]').first().click();
      await tab.locator('[data-copy].done').waitFor();
      expect(await tab.evaluate('navigator.clipboard.readText()')).to.equal('352099004129058');
    });

    it('picking rows shows how many and their sum; picking none hides the bar', async () => {
      await open('list');
      await tab.locator('[data-pick-all]').check();
      expect(await tab.locator('[data-picked]').textContent()).to.include('15');
      expect(await tab.locator('[data-picked-sum]').textContent()).to.include('37,721.00');
      await tab.locator('[data-pick-none]').click();
      expect(await tab.locator('.batch').isVisible()).to.equal(false);
    });

    it('a hidden column stays hidden', async () => {
      await open('list');
      await tab.locator('column-chooser summary').first().click();
      await tab.locator('column-chooser input[value=cost]').first().uncheck();
      await open('list');
      const shown = await tab.locator('#devices-rows [data-column=cost]').isVisible();
      expect(shown).to.equal(false);
    });

    it('/ leads to the search, and money is tidied on leaving', async () => {
      await open('parts');
      await tab.keyboard.press('/');
      expect(await tab.evaluate("document.activeElement.getAttribute('name')")).to.equal('q');
      const price = tab.locator('#f-price');
      await price.fill('￥１，２３４．５');
      await price.blur();
      expect(await price.inputValue()).to.equal('1234.50');
      await price.fill('12.3.4');
      await price.blur();
      expect(await price.inputValue()).to.equal('12.3.4');
    });

    it('on a phone the menu opens by an address, without script', async () => {
      const phone = await browser.newContext({ viewport: { width: 360, height: 780 }, javaScriptEnabled: false });
      try {
        const page = await phone.newPage();
        await page.goto(`${server.url}/style-guide/list`);
        expect(await page.locator('.side').isVisible()).to.equal(false);
        await page.locator('.tabbar a').last().click();
        expect(await page.locator('.side').isVisible()).to.equal(true);
      } finally {
        await phone.close();
      }
    });

    it('without script nothing is shown that would do nothing', async () => {
      const plain = await browser.newContext({ javaScriptEnabled: false });
      try {
        const page = await plain.newPage();
        await page.goto(`${server.url}/style-guide/document`);
        expect(await page.locator('[data-copy]:visible, .scan:visible, [data-show]:visible').count()).to.equal(0);
        expect(await page.locator('textarea[name=codes]').isVisible()).to.equal(true);
      } finally {
        await plain.close();
      }
    });
  });
});
