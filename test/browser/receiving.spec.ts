import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { addReceiptLines, pasteIntoReceipt, readPaste, receiptDevice } from '../../src/modules/purchasing';
import { systemActor } from '../../src/platform/permissions';
import { chromiumFor } from '../support/browser';
import { freshSqlite } from '../support/databases';
import { startTestApp, type TestApp } from '../support/http';
import { draftReceipt, imeiOf, imeisOf, samplePurchasing, type SamplePurchasing } from '../support/purchasing';
import { type Listening, listen } from '../support/listen';

const SHOTS = process.env['ERP_SHOTS'];

describe('receiving in the browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let server: Listening;
  let base: string;
  let app: TestApp;
  let sample: SamplePurchasing;
  let close: () => Promise<void>;

  before(async function () {
    browser = await chromiumFor(this);
    const fresh = await freshSqlite();
    const started = await startTestApp(fresh.url, { clock: () => Date.parse('2026-11-22T07:58:21Z') });
    app = started.app;
    close = async () => {
      await started.close();
      await fresh.release();
    };
    sample = await samplePurchasing(app.uow);
    server = await listen(app.app.web);
    base = server.url;
  });

  after(async () => {
    await server?.close();
    await close?.();
  });

  async function openPage(path: string, width = 1440, height = 1000): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height } });
    const tab = await context.newPage();
    await tab.goto(`${base}/test/sign-in/${app.actor.userId}`);
    await tab.goto(base + path);
    return tab;
  }

  async function draft(quantity: number | null, scanned: number, from = 1): Promise<number> {
    const system = systemActor('吴强');
    const { id } = await draftReceipt(app.uow, sample, { actor: system });
    const { lineIds } = await addReceiptLines(app.uow, system, {
      receiptId: id,
      lines: [
        { skuId: sample.phoneSkuIds[0], quantity, unitPriceFen: 392_000 },
        { skuId: sample.phoneSkuIds[1], quantity: 10, unitPriceFen: 418_000 },
        { skuId: sample.chargerSkuId, quantity: 20, unitPriceFen: 5_650 },
      ],
    });
    const list = readPaste(imeisOf(scanned, from).join('\n'), {
      lineId: lineIds[0] ?? null,
      imeisPerDevice: 1,
      overrides: new Set(),
    });
    if (scanned > 0) await pasteIntoReceipt(app.uow, system, { receiptId: id, scans: list, keep: 'all' });
    return id;
  }

  const pick = (tab: Page): Promise<void> => tab.getByRole('link', { name: '小米 17 12+256G 白' }).click();

  it('loses none of 200 IMEIs typed as fast as a scanner types them', async () => {
    const id = await draft(null, 0);
    const tab = await openPage(`/purchasing/receipts/${id}`);
    await pick(tab);
    await tab.locator('[data-scan]').focus();
    for (const code of imeisOf(200, 1000)) {
      await tab.keyboard.insertText(code);
      await tab.keyboard.press('Enter');
    }
    await tab.locator('[data-tally=right]', { hasText: /^200$/ }).waitFor();
    const rows = await app.database.read.find(receiptDevice, { receiptId: id });
    expect(rows.map(({ mainNumber }) => mainNumber)).to.eql(imeisOf(200, 1000));
    // What was refreshed says the same as what was scanned: 200 handsets and 20 chargers.
    await tab.locator('#receipt-head', { hasText: '过账入库 220 件' }).waitFor();
    await tab.context().close();
  });

  it('goes from a product barcode to its line, and says what is double and what is wrong', async () => {
    const id = await draft(10, 0);
    const tab = await openPage(`/purchasing/receipts/${id}`);
    const scan = async (code: string): Promise<void> => {
      await tab.locator('[data-scan]').fill(code);
      await tab.keyboard.press('Enter');
    };
    await scan('MI17-02');
    for (const code of [imeiOf(2001), imeiOf(2001), '123456']) await scan(code);
    await tab.locator('[data-tally=wrong]', { hasText: /^1$/ }).waitFor();
    expect(await tab.locator('[data-tally=double]').textContent()).to.equal('1');
    expect(await tab.locator('.scan.scan-bad').count()).to.equal(1);
    expect(tab.url()).to.match(/\?line=\d+$/);
    const [row] = await app.database.read.find(receiptDevice, { receiptId: id });
    expect(row?.mainNumber).to.equal(imeiOf(2001));
    // The wrong one waits below the panel, also after a reload.
    await tab.reload();
    expect(await tab.locator('#open-scans input.imei').inputValue()).to.equal('123456');
    if (SHOTS) await tab.screenshot({ path: `${SHOTS}/receipt-open.png`, fullPage: true });
    await tab.context().close();
  });

  it('finds products while one types, and posts what was received after a question', async () => {
    const id = await draft(3, 2, 3000);
    const tab = await openPage(`/purchasing/receipts/${id}`);
    await tab.locator('sku-suggest input').fill('cdq');
    await tab.locator('.suggestions button').first().click();
    expect(await tab.locator('sku-suggest input').inputValue()).to.equal('CD67');
    await tab.getByRole('link', { name: '过账入库 22 件' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: '过账入库 22 件' }).click();
    await tab.getByText('已过账入库 22 件').waitFor();
    await tab.getByRole('link', { name: '红冲' }).click();
    await tab.getByRole('dialog').waitFor();
    if (SHOTS) await tab.screenshot({ path: `${SHOTS}/receipt-reverse.png` });
    await tab.context().close();
  });

  for (const [name, width, height] of [
    ['desk', 1440, 1000],
    ['phone', 360, 780],
  ] as const)
    it(`has pages without barriers on a ${name}`, async () => {
      const id = await draft(20, 18, width * 10);
      await app.postJson(`/purchasing/receipts/${id}/scans`, { scans: [{ key: 'w-1', code: '8.6742E+14' }] });
      const tab = await openPage('/', width, height);
      const complaints: string[] = [];
      tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
      tab.on('pageerror', (error) => complaints.push(error.message));
      const base1 = `/purchasing/receipts/${id}`;
      const shown = {
        receipt: '',
        lines: '/lines',
        choose: '/lines/new?q=17',
        devices: '/devices',
        posting: '/posting',
        edit: '/edit',
        print: '/print',
        labels: '/labels',
        roll: '/labels?size=roll',
      };
      const paths: [string, string][] = [
        ...Object.entries(shown).map(([key, path]): [string, string] => [key, base1 + path]),
        ['list', '/purchasing/receipts'],
        ['supplier', `/purchasing/suppliers/${sample.supplierId}`],
        ['suppliers', '/purchasing/suppliers'],
      ];
      for (const [key, path] of paths) {
        const answer = await tab.goto(base + path);
        if (answer?.status() !== 200) complaints.push(`${path} answered ${answer?.status()}`);
        if (SHOTS) await tab.screenshot({ path: `${SHOTS}/${name}-${key}.png`, fullPage: key !== 'labels' });
        const wide: number = await tab.evaluate('document.documentElement.scrollWidth');
        if (wide > width && !['print', 'labels'].includes(key)) complaints.push(`${path} is ${wide} px wide`);
        await tab.evaluate(axe.source);
        const found: { id: string; nodes: { html: string }[] }[] = await tab.evaluate(
          "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
        );
        for (const { id: rule, nodes } of found) complaints.push(`${path}: ${rule} ${nodes[0]?.html.slice(0, 200)}`);
      }
      await tab.context().close();
      expect(complaints).to.eql([]);
    });
});
