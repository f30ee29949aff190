import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { buildAssets } from '../../scripts/build-assets';
import { sql } from '../../src/platform/database';
import { chromiumFlags, chromiumPath } from '../support/browser';
import { databaseContext } from '../support/databases';
import { startTestApp, type TestApp } from '../support/http';
import { imeiOf, sampleShop, type SampleShop } from '../support/sample-shop';
import { type Listening, listen } from '../support/listen';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const CHARGER = '6934177700019';
/** A folder for pictures of the pages, when one wants to look at them. */
const pictures = process.env['TILL_PICTURES'];

describe('the till in a browser', function () {
  this.timeout(120_000);
  const database = databaseContext('sqlite');
  let browser: Browser;
  let app: TestApp;
  let close: () => Promise<void>;
  let server: Listening;
  let url: string;
  let shop: SampleShop;
  let context: BrowserContext;

  before(async function () {
    const executablePath = chromiumPath(this);
    await buildAssets();
    browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  });
  after(async () => browser?.close());

  beforeEach(async () => {
    ({ app, close } = await startTestApp(await database.freshUrl(), { actor: { name: '李婷' } }));
    shop = await sampleShop(app.uow, app.actor);
    server = await listen(app.app.web);
    url = server.url;
  });
  afterEach(async () => {
    await context?.close();
    await server.close();
    await close();
  });

  async function openTill(viewport = { width: 1440, height: 900 }, theme?: 'dark'): Promise<Page> {
    context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    const page = await context.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    await page.goto(`${url}/test/sign-in/1`);
    await page.goto(`${url}/sales/till?register=${shop.registerId}`);
    await page.waitForSelector('#till[data-ready]');
    if (theme) await page.evaluate(`document.documentElement.setAttribute('data-theme', '${theme}')`);
    return page;
  }

  async function scan(page: Page, code: string): Promise<void> {
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
  }
  const rows = (page: Page) => page.locator('#till-rows tr');
  const expectRows = (page: Page, count: number) =>
    page.waitForSelector(count === 0 ? '#till-rows:empty' : `#till-rows > tr:nth-child(${count}):last-child`, {
      state: 'attached',
    });
  // The page's policy forbids evaluating texts: waiting goes by selectors.
  const expectText = (page: Page, selector: string, text: string) =>
    page
      .locator(selector)
      .filter({ hasText: new RegExp(`^${text}$`) })
      .first()
      .waitFor();
  const picture = async (page: Page, name: string) => {
    if (pictures) await page.screenshot({ path: `${pictures}/till-${name}.png` });
  };

  async function expectAccessible(page: Page): Promise<void> {
    await page.evaluate(AXE);
    const found = await page.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 160)).join(' | ')))",
    );
    expect(found).to.deep.equal([]);
  }

  it('sells a handset with an accessory for cash by keyboard alone, in five actions', async () => {
    const page = await openTill();
    const receipt = context.waitForEvent('page');
    await scan(page, imeiOf(0));
    await scan(page, CHARGER);
    await expectRows(page, 2);
    await page.keyboard.press('F9');
    await page.keyboard.type('4700');
    expect(await page.textContent('[data-change="amount"]')).to.equal('¥52.00');
    await picture(page, 'cash');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-change="done"]:not([hidden])');
    expect(await page.textContent('[data-change="amount"]')).to.equal('¥52.00');
    expect(await page.evaluate(`document.activeElement?.id`)).to.equal('till-scan');
    await picture(page, 'done');
    const printed = await receipt;
    await printed.waitForLoadState();
    expect(await printed.textContent('.receipt')).to.contain('86 742106');
    const sales = await app.database.read.all<{ grossFen: number }>(sql`SELECT gross_fen FROM sale`);
    expect(sales.map((sale) => Number(sale.grossFen))).to.deep.equal([464_800]);
  });

  it('loses none of thirty barcodes that a scanner types without pause, and one line counts them', async () => {
    const page = await openTill();
    await page.evaluate(`for (let index = 0; index < 30; index++) {
      const field = document.getElementById('till-scan');
      field.value = '${CHARGER}';
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    }`);
    await expectText(page, '[data-cell="quantity"]', '30');
    expect(await rows(page).count()).to.equal(1);
    await scan(page, imeiOf(1));
    await scan(page, imeiOf(1));
    await page.waitForSelector('.scan-double');
    expect(await rows(page).count()).to.equal(2);
    await scan(page, imeiOf(50));
    await page.waitForSelector('.scan-bad');
    expect(await page.textContent('#till-last')).to.contain('河西店');
  });

  it('keeps the draft over a reload, and on the server for another browser', async () => {
    const page = await openTill();
    await scan(page, imeiOf(2));
    await expectRows(page, 1);
    await page.reload();
    await page.waitForSelector('#till[data-ready]');
    expect(await rows(page).count()).to.equal(1);
    const kept = page.waitForResponse(/\/draft$/);
    await scan(page, CHARGER);
    await kept;
    const stored = await app.database.read.all(sql`SELECT id FROM held_sale WHERE kind = 'current'`);
    expect(stored).to.have.length(1);
    await context.close();
    const other = await openTill();
    expect(await rows(other).count()).to.equal(2);
    expect(await other.textContent('#till-rows')).to.contain('86 742106');
  });

  it('finds a product by its initials, changes quantity and discount, holds and takes back', async () => {
    const page = await openTill();
    await page.keyboard.type('CD67');
    await page.waitForSelector('#till-matches li');
    await picture(page, 'matches');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expectRows(page, 1);
    await page.keyboard.press('F3');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await expectText(page, '[data-cell="quantity"]', '3');
    await page.keyboard.press('F4');
    await page.keyboard.type('47');
    await page.keyboard.press('Enter');
    await expectText(page, '[data-total="due"]', '¥400.00');
    await page.keyboard.press('F2');
    await page.keyboard.type('13812345678');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#dialog-customer [data-part="new"]:not([hidden])');
    await page.keyboard.type('王女士');
    await page.keyboard.press('Enter');
    await expectText(page, '[data-customer="name"]', '王女士');
    await page.keyboard.press('F2');
    await page.keyboard.type('wang');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#dialog-customer [data-part="matches"] button');
    await picture(page, 'customers');
    await page.keyboard.press('Enter');
    await expectText(page, '[data-customer="name"]', '王女士');
    await page.keyboard.press('F6');
    await expectRows(page, 0);
    await page.waitForSelector('#till-held button');
    await page.keyboard.press('F7');
    await page.waitForSelector('#dialog-held button.full-width');
    await page.keyboard.press('Enter');
    await expectRows(page, 1);
    expect(await page.textContent('[data-total="due"]')).to.equal('¥400.00');
    // Mixed tenders: WeChat for a part, cash for the rest.
    await page.keyboard.press('F8');
    await page.keyboard.press('2');
    await page.keyboard.type('300');
    await page.keyboard.press('F9');
    await page.keyboard.type('100');
    await picture(page, 'mixed');
    await page.keyboard.press('F12');
    await page.waitForSelector('[data-change="done"]:not([hidden])');
    const tenders = await app.database.read.all<{ kind: string; amountFen: number }>(
      sql`SELECT kind, amount_fen FROM sale_tender ORDER BY kind`,
    );
    expect(tenders.map(({ kind, amountFen }) => [kind, Number(amountFen)])).to.deep.equal([
      ['cash', 10_000],
      ['wallet_wechat', 30_000],
    ]);
  });

  it('says at its line which handset another till has sold meanwhile', async () => {
    const page = await openTill();
    await scan(page, imeiOf(3));
    await expectRows(page, 1);
    const { postSale } = await import('../../src/modules/sales');
    const sold = await postSale(app.uow, app.actor, {
      registerId: shop.secondRegisterId,
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[3]?.id ?? 0, quantity: 1, discountFen: 0 }],
      tenders: [{ kind: 'card', amountFen: 449_900 }],
    });
    await page.keyboard.press('F12');
    await page.waitForSelector('#till-rows tr.refused');
    expect(await page.textContent('#till-rows tr.refused')).to.contain(sold.saleNumber);
    expect(await page.textContent('#till-fault')).to.contain(sold.saleNumber);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Delete');
    await expectRows(page, 0);
  });

  it('asks for approval of a gift below the floor, and its dialogs have no violation of accessibility', async () => {
    await app.as({
      name: '营业员',
      permissions: ['sales.sale.create', 'sales.discount.give', 'sales.sale.return'],
      stores: [shop.storeId],
    });
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    const page = await context.newPage();
    await page.goto(`${url}/test/sign-in/2`);
    await page.goto(`${url}/sales/till?register=${shop.registerId}`);
    await page.waitForSelector('#till[data-ready]');
    await scan(page, imeiOf(4));
    await expectRows(page, 1);
    for (const [key, dialog] of [
      ['F2', 'customer'],
      ['F4', 'discount'],
      ['F7', 'held'],
      ['F10', 'return'],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForSelector(`#dialog-${dialog}[open]`);
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.waitForSelector(`#dialog-${dialog}:not([open])`, { state: 'attached' });
    }
    await page.keyboard.press('F5');
    await expectText(page, '[data-total="due"]', '¥0.00');
    await page.keyboard.press('F12');
    await page.waitForSelector('#dialog-approval[open]');
    await expectAccessible(page);
    await picture(page, 'approval');
    await page.keyboard.type('nobody');
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#dialog-approval [data-part="fault"]:not([hidden])');
    await page.keyboard.press('Escape');
    expect(await app.database.read.all(sql`SELECT id FROM sale`)).to.have.length(0);
    // Without the gift it is an ordinary sale.
    await page.keyboard.press('F5');
    await expectText(page, '[data-total="due"]', '¥4,499.00');
    await page.keyboard.press('F12');
    await page.waitForSelector('[data-change="done"]:not([hidden])');
  });

  for (const { name, width, height, theme } of [
    { name: 'light', width: 1440, height: 900, theme: undefined },
    { name: 'dark', width: 1440, height: 900, theme: 'dark' as const },
    { name: 'phone', width: 360, height: 780, theme: undefined },
    { name: 'phone-dark', width: 360, height: 780, theme: 'dark' as const },
  ])
    it(`has no violation of accessibility and fits the screen (${name})`, async () => {
      const page = await openTill({ width, height }, theme);
      await page.focus('#till-scan');
      await scan(page, imeiOf(0));
      await expectRows(page, 1);
      await scan(page, CHARGER);
      await expectRows(page, 2);
      await picture(page, name);
      if (pictures && width === 360)
        await page.screenshot({ path: `${pictures}/till-${name}-full.png`, fullPage: true });
      expect(await page.evaluate(`document.documentElement.scrollWidth <= window.innerWidth`)).to.equal(true);
      await expectAccessible(page);
    });
});
