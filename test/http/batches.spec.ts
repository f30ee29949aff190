import { expect } from 'chai';
import { createCustomer } from '../../src/modules/crm';
import { addProducts, addSkus } from '../../src/modules/catalog';
import { batchList, batchTrace, batchView, traceSpec, BATCH_LIST } from '../../src/modules/reporting/queries/batches';
import { setPrices } from '../../src/modules/pricing';
import { addSupplier, receiveGoods } from '../../src/modules/purchasing';
import { postSale } from '../../src/modules/sales';
import { businessDate } from '../../src/kernel';
import { readListQuery } from '../../src/platform/lists';
import { systemActor } from '../../src/platform/permissions';
import { readAllRows } from '../../src/platform/spreadsheet';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { testKeys } from '../support/auth';
import { forEachDatabase } from '../support/databases';
import { testApps } from '../support/http';
import { download } from '../support/import-pages';
import { refusal } from '../support/refusal';
import { sampleShop, type SampleShop } from '../support/sample-shop';

const actor = systemActor('周敏');
const NOW = Date.parse('2026-11-22T04:00:00Z');
const TODAY = businessDate('2026-11-22');

/** Films in two batches of ten; three of the first are sold to `customerId`. */
async function films(uow: UnitOfWork, shop: SampleShop, customerId: number | null) {
  const { brandId, accessoryCategoryId } = shop;
  const { skuId, supplierId } = await uow.run(actor, async (unit) => {
    const [productId = 0] = await addProducts(unit, [
      { brandId, categoryId: accessoryCategoryId, name: '水凝膜', tracking: 'batch' },
    ]);
    const [made = 0] = await addSkus(unit, [{ productId, code: 'SNM' }]);
    await setPrices(unit, { items: [{ skuId: made, priceFen: 3_900 }] });
    return { skuId: made, supplierId: await addSupplier(unit, testKeys, { name: '配件批发' }) };
  });
  await receiveGoods(uow, actor, {
    supplierId,
    storeId: shop.storeId,
    locationId: shop.locationId,
    businessDate: '2026-11-20',
    deliveryNote: null,
    withInvoice: false,
    note: null,
    lines: [
      { skuId, quantity: 10, unitPriceFen: 1_000, batchCode: 'A1', expiresOn: '2026-12-10' },
      { skuId, quantity: 10, unitPriceFen: 1_000, batchCode: 'B2', expiresOn: '2027-12-31' },
    ],
  });
  await postSale(uow, actor, {
    registerId: shop.registerId,
    customerId,
    lines: [{ skuId, quantity: 3, discountFen: 0 }],
    tenders: [{ kind: 'cash', amountFen: 3_900 * 3 }],
  });
  return { skuId };
}

describe('batches traced', () => {
  forEachDatabase((context) => {
    it('tells where a batch came from, lies and went, in the stores of the reader', async function () {
      this.timeout(120_000);
      const { database, uow } = await context.openUow({ clock: () => NOW });
      const shop = await sampleShop(uow);
      const { skuId } = await films(uow, shop, null);
      const { read } = database;
      const all = { scope: 'all' as const, storeId: null };
      const listed = async (more: object) =>
        (
          await batchList(read, readListQuery(BATCH_LIST, {}), { ...all, text: '', view: 'all', today: TODAY, ...more })
        ).map(({ code, pieces }) => [code, pieces]);
      expect(await listed({})).to.eql([
        ['B2', 10],
        ['A1', 7],
      ]);
      expect(await listed({ view: 'soon' })).to.eql([['A1', 7]]);
      expect(await listed({ view: 'expired' })).to.eql([]);
      expect(await listed({ view: 'expired', today: businessDate('2026-12-11') })).to.eql([['A1', 7]]);
      expect(await listed({ text: 'b2' })).to.eql([['B2', 10]]);
      expect(await listed({ storeId: shop.otherStoreId })).to.eql([]);
      const [, first] = await batchList(read, readListQuery(BATCH_LIST, {}), {
        ...all,
        text: '',
        view: 'stock',
        today: TODAY,
      });
      const id = first?.id ?? 0;
      const batch = await batchView(read, id, all);
      expect(batch).to.include({ code: 'A1', skuId, sold: 3 });
      expect(batch.places.map(({ quantity, bucket }) => [quantity, bucket])).to.eql([[7, 'sellable']]);
      const elsewhere = { scope: [shop.otherStoreId], storeId: null };
      expect(await refusal(batchView(read, id, elsewhere))).to.have.property('status', 404);
      const trace = async (way: 'in' | 'out' | 'sold' | null) =>
        (await batchTrace(read, readListQuery(traceSpec(id), {}), batch, way, all)).map(
          ({ documentType, quantity }) => [documentType, quantity],
        );
      expect(await trace(null)).to.eql([
        ['sales.sale', -3],
        ['purchasing.receipt', 10],
      ]);
      expect(await trace('in')).to.eql([['purchasing.receipt', 10]]);
      expect(await trace('out')).to.eql(await trace('sold'));
    });
  });

  describe('through the pages', function () {
    this.timeout(60_000);
    const start = testApps();

    it('names who bought to readers who may see customers, and exports the recall list', async () => {
      const on = await start({ clock: () => NOW });
      const shop = await sampleShop(on.uow, on.actor);
      const { id: customerId } = await createCustomer(on.uow, on.actor, on.services.keys, {
        name: '李雷',
        phone: '13812345678',
      });
      await films(on.uow, shop, customerId);
      const list = (await on.get('/reporting/batches').expect(200)).text;
      expect(list).to.include('A1').and.include('水凝膜');
      await on.get('/reporting/batches.xlsx').expect(200);
      const href = /href="(\/reporting\/batches\/\d+)"[^>]*>A1</.exec(list)?.[1] ?? '';
      const shown = (await on.get(href).expect(200)).text;
      expect(shown).to.include('李雷').and.include('138****5678').and.include('采购入库单').and.include('来龙去脉');
      const rows = await readAllRows(await download(on, `${href}/trace.xlsx?way=sold`));
      expect(rows).to.have.length(2);
      expect(rows[1]?.cells.map(({ text }) => text)).to.include.members(['李雷', '-3', '零售单']);
      const keeper = await on.as({ permissions: ['inventory.stock.view'], stores: [shop.storeId] });
      expect((await keeper.get(href).expect(200)).text)
        .to.not.include('李雷')
        .and.not.include('5678');
      const blind = await readAllRows(await download(keeper, `${href}/trace.xlsx?way=sold`));
      expect(blind[1]?.cells.map(({ text }) => text)).to.not.include('李雷');
      const other = await on.as({ permissions: ['inventory.stock.view'], stores: [shop.otherStoreId] });
      await other.get(href).expect(404);
    });
  });
});
