import { expect } from 'chai';
import { addSupplier, receiveGoods } from '../../src/modules/purchasing';
import { postSale, returnSale, reverseSale, saleLine } from '../../src/modules/sales';
import { type Database, sql } from '../../src/platform/database';
import type { Route } from '../../src/platform/http';
import { COST_PERMISSION, systemActor } from '../../src/platform/permissions';
import { readAllRows } from '../../src/platform/spreadsheet';
import { type TestApp, testApps, type TestClient } from '../support/http';
import { imeisOf } from '../support/purchasing';
import { sampleShop, type SampleShop } from '../support/sample-shop';
import { testKeys } from '../support/auth';

type Shop = SampleShop & { supplierId: number };

/** Goods whose costs are like no price: invoiced and not invoiced, sold, returned, reversed, given away. */
async function livelyShop(app: TestApp): Promise<Shop> {
  const { uow } = app;
  const actor = systemActor('王芳');
  const shop = await sampleShop(uow, app.actor);
  const supplierId = await uow.run(actor, (unit) =>
    addSupplier(unit, testKeys, { name: '深圳华盛通讯', paymentDays: 30 }),
  );
  const imeis = imeisOf(24);
  const deliveries = [
    { withInvoice: true, unitPriceFen: 442_657, devices: imeis.slice(0, 12), chargers: 7, chargerFen: 5_713 },
    { withInvoice: false, unitPriceFen: 441_239, devices: imeis.slice(12), chargers: 9, chargerFen: 6_121 },
  ];
  for (const { withInvoice, unitPriceFen, devices, chargers, chargerFen } of deliveries)
    await receiveGoods(uow, actor, {
      supplierId,
      storeId: shop.storeId,
      locationId: shop.locationId,
      businessDate: (await uow.run(actor, (unit) => Promise.resolve(unit.today))) as string,
      deliveryNote: null,
      withInvoice,
      note: null,
      lines: [
        { skuId: shop.phoneSkuIds[0], quantity: devices.length, unitPriceFen, devices },
        { skuId: shop.chargerSkuId, quantity: chargers, unitPriceFen: chargerFen },
      ],
    });
  const found = await uow.database.read.all<{ id: number }>(
    sql`SELECT id FROM device WHERE store_id = ${shop.storeId} ORDER BY id DESC`,
  );
  const sell = (index: number, discountFen = 0) =>
    postSale(uow, actor, {
      registerId: shop.registerId,
      lines: [
        { skuId: shop.phoneSkuIds[0], deviceId: found[index]?.id ?? 0, quantity: 1, discountFen },
        { skuId: shop.chargerSkuId, quantity: 2, discountFen: index === 1 ? 29_800 : 0 },
      ],
      tenders: [{ kind: 'cash', amountFen: 500_000 }],
    });
  const first = await sell(0);
  await sell(1);
  await sell(2, 1_000);
  const [line] = await uow.database.read.find(saleLine, { saleId: first.saleId });
  await returnSale(uow, actor, {
    originalSaleId: first.saleId,
    registerId: shop.registerId,
    lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
    bucket: 'defective',
    refunds: [{ kind: 'cash', amountFen: null }],
  });
  await reverseSale(uow, actor, { saleId: (await sell(3)).saleId, reason: '录错' });
  return { ...shop, supplierId };
}

/** Every amount of the books that tells cost or margin, less those that are prices as well; in fen. */
async function secrets(database: Database): Promise<number[]> {
  const column = async (text: string): Promise<number[]> =>
    (await database.read.all<{ n: number | null }>({ pieces: [text] })).map(({ n }) => Number(n));
  const costs = [
    'SELECT cost_fen AS n FROM device',
    'SELECT cost_after_fen AS n FROM device_event',
    'SELECT value_fen AS n FROM stock_balance',
    'SELECT value_fen AS n FROM stock_entry',
    'SELECT SUM(value_fen) AS n FROM stock_balance GROUP BY store_id',
    'SELECT SUM(value_fen) AS n FROM stock_balance',
    'SELECT cost_fen AS n FROM sale',
    'SELECT net_fen - cost_fen AS n FROM sale',
    'SELECT SUM(cost_fen) AS n FROM sale',
    'SELECT SUM(net_fen) - SUM(cost_fen) AS n FROM sale',
    'SELECT cost_fen AS n FROM sale_line',
    'SELECT net_fen - cost_fen AS n FROM sale_line',
    'SELECT unit_price_fen AS n FROM receipt_line',
    'SELECT amount_fen AS n FROM receipt_line',
    'SELECT tax_fen AS n FROM receipt_line',
    'SELECT net_fen AS n FROM receipt',
    'SELECT gross_fen AS n FROM receipt',
    'SELECT SUM(gross_fen) AS n FROM receipt',
    'SELECT amount_fen AS n FROM open_item',
    "SELECT l.debit_fen AS n FROM journal_line l JOIN account a ON a.id = l.account_id WHERE a.book = 'inventory' OR a.code LIKE '54%'",
  ];
  const open = [
    'SELECT price_fen AS n FROM price_item',
    'SELECT floor_fen AS n FROM price_item',
    'SELECT amount_fen AS n FROM sale_line',
    'SELECT gross_fen AS n FROM sale',
    'SELECT net_fen AS n FROM sale',
    'SELECT tax_fen AS n FROM sale',
    'SELECT amount_fen AS n FROM sale_tender',
  ];
  const all = async (texts: string[]): Promise<Set<number>> =>
    new Set((await Promise.all(texts.map(column))).flat().map((n) => Math.abs(n)));
  const known = await all(open);
  // Small figures are quantities and days as well.
  return [...(await all(costs))].filter((fen) => fen >= 2_000 && !known.has(fen));
}

/** All the ways in which an amount may be written, as one expression. */
function writtenAs(amounts: readonly number[]): RegExp {
  const forms = amounts.flatMap((fen) => {
    const [yuan, cents] = [String(Math.floor(fen / 100)), String(fen % 100).padStart(2, '0')];
    const grouped = yuan.replace(/\B(?=(\d{3})+$)/g, ',');
    const decimals = [`.${cents}`, ...(cents.endsWith('0') ? [`.${cents[0]}`] : [])];
    return [String(fen), ...[yuan, grouped].flatMap((whole) => decimals.map((part) => whole + part))];
  });
  const escaped = [...new Set(forms)].map((form) => form.replaceAll('.', '\\.'));
  // A figure stands alone: what is glued to a letter is the number of a request or of a file.
  return new RegExp(`(?<![\\w.,])(?:${escaped.join('|')})(?!\\w)`);
}

const QUERIES = [
  '',
  '?sort=cost&size=20',
  '?sort=value&size=20',
  '?sort=gross&size=20',
  '?view=sold',
  '?view=all&format=csv',
];
const NAMES = [
  'hours',
  'brands',
  'margin',
  'ageing',
  'sales',
  'inventory',
  'purchasing.suppliers',
  'inventory.opening',
];
const WORDS = /^:(?:id|\w+Id|held|line)$/;

/** Ids of rows that are there: the first and the last of every kind of record that has a page. */
async function idsInUse(database: Database): Promise<string[]> {
  const ids = new Set<string>();
  for (const table of ['sale', 'receipt', 'device', 'shift', 'register', 'supplier', 'sku', 'product', 'opening_stock'])
    for (const edge of ['MIN', 'MAX']) {
      const row = await database.read.one<{ n: number | null }>({ pieces: [`SELECT ${edge}(id) AS n FROM ${table}`] });
      if (row?.n) ids.add(String(row.n));
    }
  return [...ids];
}

/** The addresses of a route: each parameter with ids and names, lists with every sort. */
function addresses({ path }: Route, ids: readonly string[]): string[] {
  const parameters = path.match(/:\w+/g) ?? [];
  if (parameters.length === 0) return QUERIES.map((query) => path + query);
  const values = parameters.every((name) => WORDS.test(name)) ? ids : NAMES;
  return values.map((value) => path.replace(/:\w+/g, value).replace(/[{}]/g, ''));
}

type Answer = { status: number; text: string };

async function read(client: TestClient, address: string): Promise<Answer> {
  const request = client.get(address).buffer(true);
  const answer = (await (request as never as { parse: (f: unknown) => Promise<unknown> }).parse(
    (response: NodeJS.ReadableStream, done: (error: Error | null, body: Buffer) => void) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    },
  )) as { status: number; body: Buffer; headers: Record<string, string> };
  const workbook = answer.body.subarray(0, 2).toString('latin1') === 'PK';
  const text = workbook
    ? (await readAllRows(answer.body)).map(({ cells }) => cells.map((cell) => cell.text).join('\t')).join('\n')
    : answer.body.toString('utf8');
  return { status: answer.status, text: `${text}\n${Object.values(answer.headers).join('\n')}` };
}

/** What the till and the forms answer, right and wrong. */
async function answersToPosts(client: TestClient, shop: Shop): Promise<[string, Answer][]> {
  const till = `/sales/till/${shop.registerId}`;
  const scans = [...imeisOf(3), 'CD67', 'MI17-01', '小米', '6934177700019'].map((code, index) => ({
    key: `k${index}`,
    code,
  }));
  const sale = (deviceId: number, discountFen: number, amountFen: number) => ({
    operationKey: `hidden-cost-${deviceId}-${discountFen}`,
    customerId: null,
    salespersonId: null,
    expectedFen: 449_900 - discountFen,
    lines: [{ skuId: shop.phoneSkuIds[0], deviceId, quantity: 1, discountFen }],
    tenders: [{ kind: 'cash', amountFen, reference: null }],
  });
  const id = shop.devices[0]?.id ?? 0;
  const posts: [string, Promise<{ status: number; text: string }>][] = [
    ['scans', client.postJson(`${till}/scans`, { scans })],
    ['sale below the floor', client.postJson(`${till}/sales`, sale(id, 200_000, 249_900))],
    ['sale for nothing', client.postJson(`${till}/sales`, sale(id, 449_900, 1))],
    ['sale with too little', client.postJson(`${till}/sales`, sale(id, 0, 1))],
    ['sale', client.postJson(`${till}/sales`, sale(id, 0, 449_900))],
    ['sale again', client.postJson(`${till}/sales`, { ...sale(id, 0, 449_900), operationKey: 'hidden-cost-again' })],
    ['form', client.post('/sales/sales', { registerId: shop.registerId, items: `${imeisOf(1)[0]}\nCD67 999` })],
    [
      'return of too many',
      client.post('/sales/sales/1/return', { 'lines.n1': 9, bucket: 'sellable', refundKind: 'cash' }),
    ],
  ];
  const found: [string, Answer][] = [];
  for (const [name, sent] of posts) {
    const { status, text } = await sent;
    found.push([name, { status, text }]);
  }
  for (const q of [...imeisOf(2), 'XS26', 'RK26', '小米', 'hs', '华盛', '449'])
    found.push([`search ${q}`, await read(client, `/search?q=${encodeURIComponent(q)}`)]);
  found.push(['products', await read(client, `${till}/products?q=mi`)]);
  return found;
}

const getRoutes = (app: TestApp): Route[] =>
  app.app.manifests.flatMap(({ routes }) =>
    routes.filter(
      ({ method, path }) => method === 'get' && !path.startsWith('/test/') && !path.startsWith('/style-guide'),
    ),
  );

/** Outlines of letters in a picture, keys, tokens and numbers of requests: digits that say nothing. */
const NOT_FIGURES =
  / d="[^"]*"|<p class="reference">.*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|name="_csrf" value="[^"]*"|csrf[^>]*>|set-cookie[^\n]*|connect\.sid[^\n]*/g;

/** Addresses whose answer holds a cost, and how many answered at all. */
async function crawl(app: TestApp, client: TestClient, shop: Shop): Promise<{ leaks: string[]; seen: number }> {
  const pattern = writtenAs(await secrets(app.database));
  const ids = await idsInUse(app.database);
  const leaks: string[] = [];
  let seen = 0;
  const look = (address: string, { status, text }: Answer): void => {
    expect(status, address).to.be.lessThan(500);
    if (status === 200) seen += 1;
    const found = pattern.exec(text.replaceAll(NOT_FIGURES, ''));
    if (found)
      leaks.push(`${address}: ${found[0]} in …${found.input.slice(Math.max(0, found.index - 60), found.index + 40)}…`);
  };
  for (const route of getRoutes(app))
    for (const address of addresses(route, ids)) look(address, await read(client, address));
  for (const [name, answer] of await answersToPosts(client, shop)) look(name, answer);
  return { leaks, seen };
}

describe('cost', function () {
  this.timeout(300_000);
  const start = testApps();

  const roleOf = (app: TestApp, role: string, stores: readonly number[]) => {
    const permissions = app.app.manifests
      .flatMap((manifest) => manifest.permissions)
      .filter(({ roles }) => roles.some((one) => one === role))
      .map(({ id }) => id);
    return app.as({ permissions, stores, name: role });
  };

  for (const role of ['cashier', 'manager', 'warehouse'])
    it(`is in no page, list, export, chart, search, print, till answer or message for the ${role}`, async () => {
      const app = await start();
      const shop = await livelyShop(app);
      const { leaks, seen } = await crawl(app, await roleOf(app, role, [shop.storeId]), shop);
      expect(seen).to.be.greaterThan(40);
      expect(leaks).to.eql([]);
    });

  it('is there for the accountant: the crawl can see it', async () => {
    const app = await start();
    const shop = await livelyShop(app);
    const { leaks } = await crawl(app, await roleOf(app, 'accountant', [shop.storeId]), shop);
    const pages = new Set(leaks.map((leak) => /^[^?:]*/.exec(leak)?.[0]));
    for (const page of ['/inventory/devices', '/inventory/devices.xlsx', '/inventory/stock', '/purchasing/receipts'])
      expect([...pages].join('\n')).to.include(page);
    for (const page of [/^\/sales\/sales\/\d+$/m, /^\/purchasing\/receipts\/\d+$/m, /^\/inventory\/devices\/\d+$/m])
      expect([...pages].join('\n')).to.match(page);
  });

  it('of one store is not told by a list that shows two', async () => {
    const app = await start();
    const shop = await livelyShop(app);
    const both = [shop.storeId, shop.otherStoreId];
    const mixed = await app.as({ stores: both, scopes: { [COST_PERMISSION]: [shop.otherStoreId] }, name: '两店' });
    const { leaks } = await crawl(app, mixed, shop);
    // The other store's one handset and its opening stock are theirs to see.
    const theirs = writtenAs([388_000]);
    expect(leaks.filter((leak) => !theirs.test(leak))).to.eql([]);
  });
});
