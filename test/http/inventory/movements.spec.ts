import { expect } from 'chai';
import { saveBom } from '../../../src/modules/catalog/use-cases/save-bom';
import { STOCK_DOCUMENTS } from '../../../src/modules/inventory/queries/movement-list';
import { changeReasons } from '../../../src/modules/inventory/queries/change-reasons';
import { stockBuild } from '../../../src/modules/inventory/store/build.table';
import { stockChange } from '../../../src/modules/inventory/store/change.table';
import { addGoodsToChange } from '../../../src/modules/inventory/use-cases/change-lines';
import { createBuild } from '../../../src/modules/inventory/use-cases/create-build';
import { createChange } from '../../../src/modules/inventory/use-cases/create-change';
import { postBuild } from '../../../src/modules/inventory/use-cases/post-build';
import { postChange } from '../../../src/modules/inventory/use-cases/post-change';
import { addReturnLine, changeInvoiceLines, createReturn, receiveGoods } from '../../../src/modules/purchasing';
import { supplierInvoiceLine } from '../../../src/modules/purchasing/store/invoice.table';
import { receipt } from '../../../src/modules/purchasing/store/receipt.table';
import { postSale, reverseSale } from '../../../src/modules/sales';
import { sql } from '../../../src/platform/database';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { busyShop } from '../../support/busy-shop';
import { countOneShort } from '../../support/count-short';
import { type TestApp, testApps } from '../../support/http';
import { draftInvoice, linesOfReceipt, postInvoiceNow } from '../../support/invoices';
import { download } from '../../support/import-pages';
import { consignOne, lendOne, lentNumber } from '../../support/lend-and-consign';
import { protectAndTakeBack } from '../../support/protections';
import { leaveOneWithPartner } from '../../support/partner-consignments';
import { postReturnNow } from '../../support/returns';
import type { SampleShop } from '../../support/sample-shop';

describe('stock movements (进出存明细)', function () {
  this.timeout(60_000);
  const start = testApps();

  const balances = (html: string): number[] =>
    [...html.matchAll(/data-label="结存"[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) =>
      Number(cell.replace(/<[^>]*>/g, '').replace(/[\s,]/g, '')),
    );

  it('show each document once for a balance, with its link, newest first', async () => {
    const on = await start();
    await busyShop(on);
    const { text } = await on.get('/inventory/movements').expect(200);
    for (const words of ['采购入库单', '期初库存单', '零售单', '销售退货单', '红冲：零售单'])
      expect(text).to.include(words);
    for (const href of ['/purchasing/receipts/', '/inventory/openings/', '/sales/sales/', '/sales/returns/'])
      expect(text).to.include(`href="${href}`);
    const count = await on.database.read.one<{ n: number }>(sql`SELECT COUNT(*) AS n FROM stock_entry`);
    // One row more: the head.
    expect(text.match(/<tr/g)).to.have.length(Number(count?.n) + 1);
    const hrefs = [...text.matchAll(/href="(\/(?:sales|purchasing|inventory)\/\w+\/\d+)"/g)].map(
      ([, href = '']) => href,
    );
    for (const href of new Set(hrefs)) expect((await on.get(href)).status, href).to.be.lessThan(400);
  });

  it('of one product in one warehouse end in its balance, row by row, also over pages and behind other filters', async () => {
    const on = await start();
    const shop = await busyShop(on);
    const key = `store=${shop.storeId}&location=${shop.locationId}&sku=${shop.chargerSkuId}&bucket=sellable`;
    const { text } = await on.get(`/inventory/movements?${key}`).expect(200);
    expect(balances(text)).to.eql([18, 17, 14, 17, 19, 10]);
    const stock = (await on.get('/inventory/stock?kind=goods').expect(200)).text;
    expect(stock).to.include(`/inventory/movements?${key.replaceAll('&', '&amp;')}`);
    expect(text).to.include('>23<').and.include('>5<');
    const sales = (await on.get(`/inventory/movements?${key}&document=sales.sale`).expect(200)).text;
    expect(balances(sales)).to.eql([17, 14, 17]);
    // The same, page by page: 41 more movements than a page has.
    for (let n = 0; n < 20; n++) {
      const { saleId } = await postSale(on.uow, on.actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 14_900 }],
      });
      if (n % 2 === 0) await reverseSale(on.uow, on.actor, { saleId, reason: '录错' });
    }
    const seen: number[] = [];
    for (let href: string | undefined = `/inventory/movements?${key}&size=20`; href;) {
      const page: string = (await on.get(href).expect(200)).text;
      seen.push(...balances(page));
      href = /<a[^>]*rel="next"[^>]*>/
        .exec(page)?.[0]
        .match(/href="([^"]+)"/)?.[1]
        ?.replaceAll('&amp;', '&');
    }
    expect(seen).to.have.length(36);
    expect(seen[0]).to.equal(8);
    expect(seen.at(-1)).to.equal(10);
    for (const [index, pieces] of seen.slice(0, 30).entries())
      expect(Math.abs(pieces - (seen[index + 1] ?? 0)), String(index)).to.equal(1);
  });

  it('are found from a device and a product, by day, and exported', async () => {
    const on = await start();
    const shop = await busyShop(on);
    const device = shop.devices[0]?.id ?? 0;
    expect((await on.get(`/inventory/devices/${device}`).expect(200)).text).to.include(
      `/inventory/movements?device=${device}`,
    );
    expect((await on.get(`/catalog/products/${shop.phoneProductId}`).expect(200)).text).to.include(
      `/inventory/movements?product=${shop.phoneProductId}`,
    );
    const ofDevice = (await on.get(`/inventory/movements?device=${device}`).expect(200)).text;
    expect(ofDevice.match(/零售单|期初库存单|采购入库单/g)).to.include.members(['零售单', '期初库存单']);
    expect(ofDevice).not.to.match(/<td[^>]*>[\s\S]{0,200}采购入库单<\/(div|span|small)>/);
    expect((await on.get('/inventory/movements?to=2020-01-01').expect(200)).text).to.include('没有');
    const body = await download(on, `/inventory/movements.xlsx?sku=${shop.chargerSkuId}&store=${shop.storeId}`);
    const rows = (await readAllRows(body)).map(({ cells }) => cells.map(({ text }) => text));
    expect(rows[0]).to.include.members(['数量', '结存', '成本金额', '单号']);
    expect(rows).to.have.length(7);
    expect(rows.slice(1).map((row) => row[rows[0]?.indexOf('结存') ?? 0])).to.eql(['18', '17', '14', '17', '19', '10']);
  });

  it('keep to the stores and the cost right of the reader', async () => {
    const on = await start();
    const shop = await busyShop(on);
    const cashier = await on.as({ permissions: ['inventory.stock.view'], stores: [shop.otherStoreId] });
    const { text } = await cashier.get('/inventory/movements').expect(200);
    expect(text).to.include('/inventory/openings/').and.not.include('/sales/sales/');
    expect(text).not.to.include('成本金额');
    const elsewhere = await cashier.get(`/inventory/movements?store=${shop.storeId}`).expect(200);
    expect(elsewhere.text).to.include('没有符合');
    await (await on.as({ permissions: ['sales.sale.view'] })).get('/inventory/movements').expect(403);
  });

  it('know every kind of document that moves stock', async () => {
    const on = await start();
    const shop = await busyShop(on);
    await setOneAside(on, shop);
    await sendOneBack(on, shop);
    await billDearer(on, shop);
    await protectAndTakeBack(on.database, on.uow, shop.storeId);
    await lendOne(on, shop, lentNumber);
    await consignOne(on, shop);
    await leaveOneWithPartner(on.uow, shop, lentNumber);
    await assembleOne(on, shop);
    await countOneShort(on.uow, on.actor, { locationId: shop.locationId, skuId: shop.chargerSkuId });
    const types = await on.database.read.all<{ documentType: string }>(
      sql`SELECT DISTINCT p.document_type FROM stock_entry e JOIN posting p ON p.id = e.posting_id`,
    );
    expect(types.map(({ documentType }) => documentType)).to.have.members([...STOCK_DOCUMENTS]);
    const { text } = await on.get('/inventory/movements?document=purchasing.return').expect(200);
    expect(text).to.include('采购退货单').and.include('href="/purchasing/returns/');
  });
});

/** A charger becomes a demo piece. */
async function setOneAside({ uow, actor, database }: TestApp, { locationId }: SampleShop): Promise<void> {
  const reason = (await changeReasons(database.read)).find(({ effect }) => effect === 'demo');
  const { id } = await createChange(uow, actor, { locationId, reasonId: reason?.id ?? 0 });
  await addGoodsToChange(uow, actor, { id, code: 'CD67', bucket: 'sellable', batch: '', pieces: 1 });
  await postChange(uow, actor, { id, version: (await database.read.get(stockChange, id))?.version ?? 0 });
}

/** A charger becomes another product. */
async function assembleOne({ uow, actor, database }: TestApp, shop: SampleShop): Promise<void> {
  await saveBom(uow, actor, { skuId: shop.phoneSkuIds[1], version: 0, components: 'CD67' });
  const what = { kind: 'assemble', code: 'MI17-02', pieces: 1, bucket: '', note: '', numbers: 'KIT77A' };
  const { id } = await createBuild(uow, actor, { ...what, locationId: shop.locationId });
  await postBuild(uow, actor, { id, version: (await database.read.get(stockBuild, id))?.version ?? 0 });
}

/** A charger goes back to the supplier that it was bought from. */
async function sendOneBack({ uow, actor, database }: TestApp, shop: SampleShop): Promise<void> {
  const [bought] = await database.read.find(receipt, { storeId: shop.storeId });
  const header = { exchange: false, reason: '开箱不良', note: null };
  const places = { supplierId: bought?.supplierId ?? 0, storeId: shop.storeId, locationId: shop.locationId };
  const { id: returnId } = await createReturn(uow, actor, { ...header, ...places });
  const goods = { skuId: shop.chargerSkuId, quantity: 1, bucket: 'sellable' as const, batchCode: null };
  await addReturnLine(uow, actor, { returnId, ...goods });
  await postReturnNow(database, uow, returnId, actor);
}

/** What a receipt left uninvoiced is billed for more: the goods cost more, none of them moves. */
async function billDearer({ uow, actor, database }: TestApp, shop: SampleShop): Promise<void> {
  const goods = { skuId: shop.chargerSkuId, quantity: 1, unitPriceFen: 5_650 };
  const [bought] = await database.read.find(receipt, { storeId: shop.storeId });
  const supplierId = bought?.supplierId ?? 0;
  const place = { storeId: shop.storeId, locationId: shop.locationId, businessDate: bought?.businessDate ?? '' };
  const header = { supplierId, ...place, deliveryNote: null, withInvoice: false, note: null };
  const { id } = await receiveGoods(uow, actor, { ...header, lines: [goods] });
  const paper = { totalFen: 5_700, supplierId, invoicedOn: place.businessDate };
  const made = await draftInvoice(uow, shop, await linesOfReceipt(database, id), { ...paper, actor });
  const [line] = await database.read.find(supplierInvoiceLine, { invoiceId: made.id });
  const change = { id: line?.id ?? 0, version: 1, amountFen: 5_700 };
  await changeInvoiceLines(uow, actor, { invoiceId: made.id, lines: [change] });
  await postInvoiceNow(database, uow, made.id, actor);
}
