import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { buildAssets } from '../../scripts/build-assets';
import { fillDemo } from '../../src/app/demo';
import { sql } from '../../src/platform/database';
import { chromiumFor, until } from '../support/browser';
import { freshSqlite } from '../support/databases';
import { startTestApp, type TestApp } from '../support/http';
import { imeiOf } from '../support/sample-shop';
import { type Listening, listen } from '../support/listen';

/** `npm run screenshots` writes the pictures of the README; a test run only walks the way. */
const pictures = process.env['ERP_SCREENSHOTS'] ? path.resolve(import.meta.dirname, '../../docs/images') : null;
/** An afternoon, so that the day has something to show. */
const UNTIL = Date.UTC(2026, 10, 21, 8);
const SIZE = pictures ? 'small' : { days: 8, salesPerDay: 3, openingDevices: 30, customers: 10 };

const WAYS = [
  {
    locale: 'zh-CN',
    first: 400,
    product: '小米 17 ',
    posted: '已过账',
    sold: '已售',
    finished: '找零',
    profit: '毛利',
  },
  {
    locale: 'en',
    first: 500,
    product: 'iPhone 17 ',
    posted: 'Posted',
    sold: 'Sold',
    finished: 'Change',
    profit: 'Margin',
  },
] as const;

describe('the first day with the sample company', function () {
  this.timeout(pictures ? 600_000 : 180_000);
  let browser: Browser;
  let app: TestApp;
  let server: Listening;
  let base: string;
  let close: () => Promise<void>;

  before(async function () {
    browser = await chromiumFor(this);
    await buildAssets();
    const fresh = await freshSqlite();
    const startedAt = Date.now();
    const started = await startTestApp(fresh.url, { clock: () => UNTIL + Date.now() - startedAt });
    ({ app } = started);
    close = async () => {
      await started.close();
      await fresh.release();
    };
    await fillDemo(app.services, { size: SIZE, seed: 1, until: UNTIL });
    server = await listen(app.app.web);
    base = server.url;
  });

  after(async () => {
    await server?.close();
    await close?.();
  });

  for (const way of WAYS)
    it(`goes from the dashboard over receiving and the till to the device page, in ${way.locale}`, async () => {
      const { actor } = await app.as({ name: way.locale === 'en' ? 'Zhou Min' : '周敏', locale: way.locale });
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: way.locale,
        timezoneId: 'Asia/Shanghai',
      });
      await context.clock.install({ time: UNTIL });
      const tab = await context.newPage();
      const broken: string[] = [];
      tab.on('pageerror', (error) => broken.push(error.message));
      const shot = async (name: string): Promise<void> => {
        if (!pictures) return;
        await tab.evaluate("document.querySelectorAll('.toast').forEach((toast) => toast.remove())");
        mkdirSync(pictures, { recursive: true });
        await tab.screenshot({ path: path.join(pictures, `${name}.${way.locale}.png`) });
      };

      await tab.goto(`${base}/test/sign-in/${actor.userId}`);
      await until(tab, '[...document.images].every((image) => !image.checkVisibility() || image.naturalWidth > 0)');
      expect(await tab.locator('.kpi').count()).to.equal(5);
      await shot('home');

      const imeis = [0, 1, 2, 3, 4].map((index) => imeiOf(way.first + index));
      await receive(tab, way.product, imeis);
      await shot('receiving');
      await Promise.all([tab.waitForEvent('load'), tab.click('.head .actions .btn-primary')]);
      expect(await tab.locator('.head .st').innerText()).to.include(way.posted);

      await sell(tab, imeis[0] ?? '', () => shot('till'));
      expect(await tab.locator('#till-change').innerText()).to.include(way.finished);

      await tab.goto(base);
      await tab.fill('.top .search input', imeis[0] ?? '');
      await Promise.all([tab.waitForEvent('load'), tab.keyboard.press('Enter')]);
      expect(new URL(tab.url()).pathname).to.match(/^\/inventory\/devices\/\d+$/);
      expect(await tab.locator('.head .st').innerText()).to.include(way.sold);
      expect(await tab.locator('.life > li').count()).to.equal(2);
      expect(await tab.locator('.kpis').innerText()).to.include(way.profit);
      await shot('device');
      expect(broken).to.eql([]);
      await context.close();
    });

  /** A receipt of the first store with one product and these handsets, one of them scanned twice. */
  async function receive(tab: Page, product: string, imeis: readonly string[]): Promise<void> {
    await tab.goto(`${base}/purchasing/receipts/new`);
    await tab.selectOption('select[name=supplierId]', { index: 2 });
    await Promise.all([tab.waitForEvent('load'), tab.click('main form .btn-primary')]);
    await tab.fill('input[name=sku]', product);
    await tab.waitForSelector('.suggestions button');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Enter');
    await tab.locator('[data-money]').first().fill('3999');
    await Promise.all([tab.waitForEvent('load'), tab.keyboard.press('Enter')]);
    await tab.focus('.scan input');
    for (const imei of [...imeis, imeis[1] ?? '']) {
      await tab.keyboard.type(imei);
      await tab.keyboard.press('Enter');
    }
    const answered = "document.querySelectorAll('.scan-log > li:not([data-kind=waiting])').length";
    const ready = "document.querySelector('.head .actions .btn-primary:not([disabled])')";
    await until(tab, `${answered} > ${imeis.length} && ${ready}`, () => tab.locator('.scan-log').innerText());
  }

  /** Opens a shift in the store of the receipt, sells the handset with an accessory for cash. */
  async function sell(tab: Page, imei: string, look: () => Promise<void>): Promise<void> {
    const register = await app.database.read.one<{ id: number }>(
      sql`SELECT r.id AS id FROM register r
          WHERE r.store_id = (SELECT l.store_id FROM location l JOIN device d ON d.location_id = l.id
                              JOIN device_identifier i ON i.device_id = d.id WHERE i.value = ${imei})
          ORDER BY r.id DESC ${sql.limit(1)}`,
    );
    await tab.goto(`${base}/sales/till?register=${register?.id}`);
    if ((await tab.locator('#till').count()) === 0)
      await Promise.all([tab.waitForEvent('load'), tab.click('main form .btn-primary')]);
    await tab.waitForSelector('#till[data-ready]');
    await tab.keyboard.type(imei);
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('#till .table tbody tr');
    await tab.keyboard.type('ghm');
    await tab.waitForSelector('#till-matches [role=option]');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Enter');
    await until(tab, "document.querySelectorAll('#till .table tbody tr').length === 2");
    await tab.keyboard.press('F9');
    await tab.keyboard.type('9000');
    await until(tab, "!document.querySelector('#till-change b').textContent.includes('¥0.00')");
    await look();
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('[data-change=done]:not([hidden])');
  }
});
