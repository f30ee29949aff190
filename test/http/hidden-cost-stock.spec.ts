import { expect } from 'chai';
import { COST_PERMISSION } from '../../src/platform/permissions';
import { readAllRows } from '../../src/platform/spreadsheet';
import { type TestApp, testApps, type TestClient } from '../support/http';
import { download } from '../support/import-pages';
import { wholeShop } from '../support/whole-shop';

const PARTS = /^\/(purchasing|inventory|finance|reporting)/;
/** Prices that anybody may see. */
const OPEN = new Set([449_900, 450_000]);

/** Every amount of the books, as it may be written, in one expression. */
async function amounts({ database }: TestApp): Promise<RegExp> {
  const column = (text: string) => database.read.all<{ n: number | null }>({ pieces: [text] });
  const found = await Promise.all(
    [
      'SELECT cost_fen AS n FROM device',
      'SELECT cost_after_fen AS n FROM device_event',
      'SELECT value_fen AS n FROM stock_entry',
      'SELECT SUM(value_fen) AS n FROM stock_balance GROUP BY store_id',
      'SELECT amount_fen AS n FROM open_item',
      'SELECT unit_price_fen AS n FROM receipt_line',
      'SELECT unit_price_fen AS n FROM purchase_order_line',
      'SELECT unit_price_fen AS n FROM supplier_price',
      'SELECT price_fen AS n FROM consigned_device',
      'SELECT price_fen - tax_fen AS n FROM consigned_device',
    ].map(column),
  );
  const all = new Set(found.flat().map(({ n }) => Math.abs(Number(n))));
  const forms = [...all]
    .filter((fen) => fen >= 3_000 && !OPEN.has(fen) && fen % 1_000 !== 0)
    .flatMap((fen) => {
      const yuan = String(Math.floor(fen / 100));
      const cents = String(fen % 100).padStart(2, '0');
      const grouped = yuan.replace(/\B(?=(\d{3})+$)/g, ',');
      return [yuan, grouped].flatMap((whole) => [`${whole}\\.${cents}`, `${whole}\\.${cents.replace(/0$/, '')}`]);
    });
  return new RegExp(`(?<![\\w.,])(?:${[...new Set(forms)].join('|')})(?!\\w)`);
}

/** Table of the records that an address speaks of; addresses of others are asked with none. */
const TABLES: Readonly<Record<string, string>> = {
  receipts: 'receipt',
  suppliers: 'supplier',
  orders: 'purchase_order',
  requisitions: 'requisition',
  scorecard: 'supplier',
  returns: 'purchase_return',
  invoices: 'supplier_invoice',
  protections: 'price_protection',
  rebates: 'rebate',
  rebate_runs: 'rebate_run',
  replenishment: 'replenishment_line',
  devices: 'device',
  openings: 'opening_stock',
  transfers: 'transfer',
  transfer_steps: 'transfer_step',
  stocktakes: 'stocktake',
  changes: 'stock_change',
  numbers: 'number_change',
  prices: 'device_price_change',
  loans: 'loan',
  consignments: 'consignment',
  builds: 'stock_build',
  payments: 'payment',
  statements: 'supplier',
  availability: 'sku',
};

/** The addresses of a page: of the first and the last record, with the first of whatever else it names. */
async function addressesOf({ database }: TestApp, path: string): Promise<string[]> {
  if (!path.includes(':')) return [path, `${path}?view=all&state=all&sort=value&measure=value`];
  const table = TABLES[path.split('/')[2] ?? ''];
  if (!table) return [];
  const ends = await database.read.one<{ first: number | null; last: number | null }>({
    pieces: [`SELECT MIN(id) AS first, MAX(id) AS last FROM ${table}`],
  });
  return [...new Set([ends?.first, ends?.last])].flatMap((id) =>
    id ? [path.replace(':id', String(id)).replace(/:\w+/g, '1')] : [],
  );
}

/** Which pages, prints, charts and files of these parts hold an amount of the books. */
async function crawl(app: TestApp, client: TestClient): Promise<{ leaks: string[]; seen: number }> {
  const pattern = await amounts(app);
  const paths = app.app.manifests
    .flatMap(({ routes }) => routes)
    .filter(({ method, path }) => method === 'get' && PARTS.test(path))
    .map(({ path }) => path);
  const leaks: string[] = [];
  let seen = 0;
  const addresses = (await Promise.all(paths.map((path) => addressesOf(app, path)))).flat();
  for (const path of addresses) {
    const file = path.includes('.xlsx');
    const answer = file ? null : await client.get(path).buffer(true);
    if (answer && answer.status !== 200) {
      expect(answer.status, path).to.be.lessThan(500);
      continue;
    }
    const text = answer ? (answer.text ?? String(answer.body)) : await workbook(client, path);
    seen += 1;
    const told = pattern.exec(text.replaceAll(/ d="[^"]*"/g, ''));
    if (told) leaks.push(`${path}: …${told.input.slice(Math.max(0, told.index - 60), told.index + 30)}…`);
  }
  return { leaks, seen };
}

async function workbook(client: TestClient, path: string): Promise<string> {
  if ((await client.get(path)).status !== 200) return '';
  const rows = await readAllRows(await download(client, path));
  return rows.map(({ cells }) => cells.map((cell) => cell.text).join('\t')).join('\n');
}

describe('cost of purchasing and stock', function () {
  this.timeout(120_000);
  const start = testApps();
  const rights = (app: TestApp, may: (id: string, roles: readonly string[]) => boolean) =>
    app.app.manifests.flatMap(({ permissions }) =>
      permissions.filter(({ id, roles }) => may(id, roles)).map(({ id }) => id),
    );

  it('is in no page, print, chart or file for who has every right but the one to see it', async () => {
    const app = await start();
    await wholeShop(app);
    const blind = await app.as({ permissions: rights(app, (id) => id !== COST_PERMISSION), name: '不看成本' });
    const { leaks, seen } = await crawl(app, blind);
    expect(leaks).to.eql([]);
    expect(seen).to.be.greaterThan(250);
    // The same crawl sees it where it may be seen.
    const told = new Set(
      (await crawl(app, app)).leaks.map((leak) => (leak.split(/[?:]/)[0] ?? '').replace(/\d+/, 'n')),
    );
    const purchasing = [
      'orders/n',
      'invoices.xlsx',
      'returns/n/print',
      'protections/n',
      'rebates/n',
      'suppliers/n/prices',
      'consignments/n',
      'consignments/n/print',
    ];
    for (const page of purchasing) expect([...told]).to.include(`/purchasing/${page}`);
    for (const page of ['/inventory/changes/n/print', '/reporting/valuation.xlsx', '/finance/payments/n/edit'])
      expect([...told]).to.include(page);
  });
});
