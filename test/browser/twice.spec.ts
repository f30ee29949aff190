import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildAssets } from '../../scripts/build-assets';
import { addSupplier, createReceipt, addReceiptLines } from '../../src/modules/purchasing';
import { postSale } from '../../src/modules/sales';
import { sql } from '../../src/platform/database';
import { chromiumFor } from '../support/browser';
import { databaseContext } from '../support/databases';
import { startTestApp, type TestApp } from '../support/http';
import { imeiOf, sampleShop, type SampleShop } from '../support/sample-shop';
import { type Listening, listen } from '../support/listen';
import { testKeys } from '../support/auth';

const CHARGER = '6934177700019';

/** Impatient hands: a second click, a reload, the way back. Nothing is doubled, and nobody is left in doubt. */
describe('sent twice in a browser', function () {
  this.timeout(120_000);
  const database = databaseContext('sqlite');
  let browser: Browser;
  let app: TestApp;
  let close: () => Promise<void>;
  let server: Listening;
  let url: string;
  let shop: SampleShop;
  let context: BrowserContext | undefined;

  before(async function () {
    browser = await chromiumFor(this);
    await buildAssets();
  });
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

  async function open(path: string, options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
    context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${url}/test/sign-in/1`);
    await page.goto(url + path);
    return page;
  }
  const count = async (table: string, where = '1 = 1'): Promise<number> =>
    Number(
      (await app.database.read.one<{ n: number }>({ pieces: [`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`] }))
        ?.n,
    );
  const pieces = async (): Promise<number> =>
    Number(
      (
        await app.database.read.one<{ n: number }>(
          sql`SELECT SUM(quantity) AS n FROM stock_balance WHERE sku_id = ${shop.chargerSkuId}`,
        )
      )?.n,
    );
  const sale = () =>
    postSale(app.uow, app.actor, {
      registerId: shop.registerId,
      lines: [
        { skuId: shop.phoneSkuIds[0], deviceId: shop.devices[0]?.id ?? 0, quantity: 1, discountFen: 0 },
        { skuId: shop.chargerSkuId, quantity: 2, discountFen: 0 },
      ],
      tenders: [{ kind: 'cash', amountFen: 500_000 }],
    });
  const toast = (page: Page): Promise<string | null> => page.locator('.toast, [role=status]').first().textContent();

  for (const javaScriptEnabled of [true, false])
    describe(javaScriptEnabled ? 'with script' : 'without script', () => {
      it('a return is posted once by a double click, and a reload of its page posts nothing', async () => {
        const { saleId } = await sale();
        const page = await open(`/sales/sales/${saleId}/return`, { javaScriptEnabled });
        await page.locator('form[action$="/return"] button').last().dblclick();
        await page.waitForURL(/\/sales\/sales\/\d+$/);
        await page.reload();
        expect(await page.locator('h1').textContent()).to.match(/^\s*XT/);
        expect(await count('sale', "kind = 'return'")).to.equal(1);
        expect(await pieces()).to.equal(10);
      });

      it('a receipt is posted once by a double click', async () => {
        const supplierId = await app.uow.run(app.actor, (unit) =>
          addSupplier(unit, testKeys, { name: '深圳华盛通讯' }),
        );
        const today = await app.uow.run(app.actor, (unit) => Promise.resolve(unit.today));
        const { id } = await createReceipt(app.uow, app.actor, {
          supplierId,
          storeId: shop.storeId,
          locationId: shop.locationId,
          businessDate: today,
          deliveryNote: null,
          withInvoice: true,
          note: null,
        });
        await addReceiptLines(app.uow, app.actor, {
          receiptId: id,
          lines: [{ skuId: shop.chargerSkuId, quantity: 4, unitPriceFen: 5_000 }],
        });
        const page = await open(`/purchasing/receipts/${id}/posting`, { javaScriptEnabled });
        await page.locator('form[action$="/posting"] button').last().dblclick();
        await page.waitForURL(/\/purchasing\/receipts\/\d+$/);
        expect(await page.textContent('main')).to.include('已过账');
        expect(await count('posting', "document_type = 'purchasing.receipt'")).to.equal(1);
        expect(await pieces()).to.equal(14);
      });

      it('a sale by the plain form: double click, then back and again, then back and changed', async () => {
        const page = await open('/sales/sales/new', { javaScriptEnabled });
        const fill = async (items: string): Promise<void> => {
          await page.selectOption('[name=registerId]', String(shop.registerId));
          await page.fill('[name=items]', items);
          await page.fill('[name="tender.cash"]', '298');
        };
        await fill(`${CHARGER} x2`);
        const key = await page.inputValue('form[action="/sales/sales"] [name=operationKey]');
        await page.locator('form[action="/sales/sales"] button').last().dblclick();
        await page.waitForURL(/\/sales\/sales\/\d+$/);
        const first = page.url();
        expect(await count('sale')).to.equal(1);

        await page.goBack();
        await page.waitForSelector('[name=items]');
        // Browsers differ in what they bring back; the worst case is the old form as it was.
        await page.locator('form[action="/sales/sales"] [name=operationKey]').evaluate((field, old) => {
          (field as unknown as { value: string }).value = old;
        }, key);
        await fill(`${CHARGER} x2`);
        await page.locator('form[action="/sales/sales"] button').last().click();
        await page.waitForURL(first);
        expect(await count('sale')).to.equal(1);

        await page.goBack();
        await page.waitForSelector('[name=items]');
        await page.locator('form[action="/sales/sales"] [name=operationKey]').evaluate((field, old) => {
          (field as unknown as { value: string }).value = old;
        }, key);
        await fill(`${CHARGER} x1`);
        await page.locator('form[action="/sales/sales"] button').last().click();
        await page.waitForSelector('text=已经提交成功过一次');
        expect(await page.inputValue('[name=items]')).to.equal(`${CHARGER} x1`);
        expect(await page.inputValue('[name="tender.cash"]')).to.match(/^298/);
        expect(await count('sale')).to.equal(1);

        // Read, and meant: it goes through.
        await page.locator('form[action="/sales/sales"] button').last().click();
        await page.waitForURL((at) => /\/sales\/sales\/\d+$/.test(at.pathname) && at.href !== first);
        expect(await count('sale')).to.equal(2);
        expect(await pieces()).to.equal(7);
      });

      it('a refused form that is sent again by a reload stays refused, with all that was typed', async () => {
        const page = await open('/sales/sales/new', { javaScriptEnabled });
        await page.selectOption('[name=registerId]', String(shop.registerId));
        await page.fill('[name=items]', `${CHARGER} x2\n没有这个`);
        await page.fill('[name="tender.cash"]', '298');
        await page.locator('form[action="/sales/sales"] button').last().click();
        await page.waitForSelector('text=没有这个');
        await page.reload();
        expect(await page.inputValue('[name=items]')).to.equal(`${CHARGER} x2\n没有这个`);
        expect(await count('sale')).to.equal(0);
      });
    });

  it('the till takes the money once, however often one presses', async () => {
    const page = await open(`/sales/till?register=${shop.registerId}`);
    await page.waitForSelector('#till[data-ready]');
    await page.keyboard.type(imeiOf(0));
    await page.keyboard.press('Enter');
    await page.waitForSelector('#till-rows > tr:nth-child(1):last-child', { state: 'attached' });
    await page.keyboard.press('F9');
    await page.keyboard.type('4700');
    await page.keyboard.press('Enter');
    await page.keyboard.press('F12');
    await page.keyboard.press('F12');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-change="done"]:not([hidden])');
    expect(await count('sale')).to.equal(1);
    // The way back from another page shows an empty till, not the sale that is done.
    await page.goto(`${url}/sales/sales`);
    await page.goBack();
    await page.waitForSelector('#till[data-ready]');
    expect(await page.locator('#till-rows tr').count()).to.equal(0);
    await page.keyboard.press('F12');
    expect(await count('sale')).to.equal(1);
  });

  it('a shift is not closed by a click on an empty count; the count adds up while one types', async () => {
    const page = await open(`/sales/shifts/${shop.shiftId}/closing`);
    const button = page.locator('form[action$="/closing"] button').last();
    await button.dblclick();
    await page.waitForSelector('text=现金还没点');
    expect(await count('shift', "state = 'closed'")).to.equal(0);
    await page.fill('[name="pieces.f10000"]', '4');
    await page.fill('[name="pieces.f50"]', '３');
    expect(await page.textContent('cash-count')).to.equal('实点现金 ¥401.50');
    await button.dblclick();
    await page.waitForURL(/\/sales\/shifts\/\d+$/);
    expect(await toast(page)).to.include('短款 ¥98.50');
    expect(await count('shift', "state = 'closed'")).to.equal(1);
    expect(await count('posting', "document_type = 'sales.shift'")).to.equal(1);
  });
});
