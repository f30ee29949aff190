import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import { device, devicesFor, findByNumbers, placeOf, post } from '../../../src/ledger';
import {
  deviceProfits,
  PROFIT_LIST,
  type ProfitFilter,
  profitTotals,
} from '../../../src/modules/reporting/queries/device-profit';
import { addSupplier, changeInvoiceLines, receiveGoods } from '../../../src/modules/purchasing';
import { supplierInvoiceLine } from '../../../src/modules/purchasing/store/invoice.table';
import { postSale, returnSale, saleLine } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { readListQuery } from '../../../src/platform/lists';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { testKeys } from '../../support/auth';
import { draftInvoice, linesOfReceipt, postInvoiceNow } from '../../support/invoices';
import { imeisOf } from '../../support/purchasing';
import { forEachDatabase } from '../../support/databases';
import { sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');
const TODAY = businessDate('2026-11-23');

describe('margin of each handset', function () {
  this.timeout(90_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;

    const sell = (index: number) =>
      postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [
          { skuId: shop.phoneSkuIds[0], deviceId: shop.devices[index]?.id ?? 0, quantity: 1, discountFen: 0 },
          { skuId: shop.chargerSkuId, quantity: 1, discountFen: 0 },
        ],
        tenders: [{ kind: 'cash', amountFen: 464_800 }],
      });
    const back = async (saleId: number) => {
      const lines = await database.read.find(saleLine, { saleId });
      const line = lines.find(({ deviceId }) => deviceId !== null);
      await returnSale(uow, actor, {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: null }],
      });
    };
    /** What price protection does to a handset that is sold already. */
    const protect = (index: number, costChangeFen: number) =>
      uow.run(actor, async (unit) => {
        const id = shop.devices[index]?.id ?? 0;
        const found = (await devicesFor(unit, [id])).get(id);
        if (!found) throw new Error('no device');
        const at = placeOf(found);
        await post(unit, {
          document: {
            type: 'test.protection',
            id: 1000 + index,
            number: `P${index}`,
            businessDate: TODAY,
            storeId: shop.storeId,
          },
          devices: [{ kind: 'move', deviceId: id, from: at, to: at, costChangeFen, event: 'price_protected' }],
          stock: [],
          journal: [],
          openItems: [],
        });
      });
    const filter = (changes: Partial<ProfitFilter> = {}): ProfitFilter => ({
      scope: 'all',
      storeId: null,
      text: '',
      brandId: null,
      categoryIds: null,
      on: null,
      from: TODAY,
      to: TODAY,
      number: '',
      ...changes,
    });
    const listed = (changes: Partial<ProfitFilter> = {}) =>
      deviceProfits(database.read, readListQuery(PROFIT_LIST, {}), filter(changes));

    beforeEach(async () => {
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 23, 4) }));
      shop = await sampleShop(uow);
      await sell(0);
      await sell(1);
      // Sold, protected, brought back and sold again: what changed in the first life is not of the second.
      const first = await sell(2);
      await protect(2, -7000);
      await back(first.saleId);
      await sell(2);
      await back((await sell(3)).saleId);
      await protect(1, -10_000);
    });

    it('has the cost that left, and what it changed by while it stayed sold; returned ones are left out', async () => {
      const rows = await listed();
      expect(rows.map(({ deviceId, costFen, adjustedFen }) => [deviceId, costFen, adjustedFen])).to.eql([
        [shop.devices[2]?.id, 390_002, 0],
        [shop.devices[1]?.id, 390_001, -10_000],
        [shop.devices[0]?.id, 390_000, 0],
      ]);
      const [, , oldest] = rows;
      expect(oldest).to.include({ number: shop.devices[0]?.imei, grossFen: 449_900, netFen: 398_142 });
      for (const { deviceId, costFen, adjustedFen } of rows)
        expect((await database.read.get(device, deviceId))?.costFen, 'as the books have it').to.equal(
          costFen + adjustedFen,
        );
      expect(await profitTotals(database.read, filter())).to.eql({
        devices: 3,
        grossFen: 3 * 449_900,
        netFen: 3 * 398_142,
        costFen: 390_000 + 390_001 + 390_002,
        adjustedFen: -10_000,
      });
    });

    it('has what an invoice at another price left for it once it was sold', async () => {
      const supplierId = await uow.run(actor, (unit) => addSupplier(unit, testKeys, { name: '深圳华盛通讯' }));
      const [imei = ''] = imeisOf(1);
      const { id: receiptId } = await receiveGoods(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        locationId: shop.locationId,
        businessDate: TODAY,
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [{ skuId: shop.phoneSkuIds[0], quantity: 1, unitPriceFen: 392_000, devices: [imei] }],
      });
      const deviceId = (await findByNumbers(database.read, [imei]))[0]?.deviceId ?? 0;
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 449_900 }],
      });
      const totalFen = 392_000 + 2_260;
      const lines = await linesOfReceipt(database, receiptId);
      const { id: invoiceId } = await draftInvoice(uow, { storeId: shop.storeId, supplierId }, lines, { totalFen });
      const [line] = await database.read.find(supplierInvoiceLine, { invoiceId });
      const changed = { id: line?.id ?? 0, version: line?.version ?? 0, amountFen: totalFen };
      await changeInvoiceLines(uow, actor, { invoiceId, lines: [changed] });
      await postInvoiceNow(database, uow, invoiceId);
      const [sold] = await listed({ number: imei });
      expect(sold).to.include({ costFen: 346_903, adjustedFen: 2_000 });
      expect((await profitTotals(database.read, filter())).adjustedFen).to.equal(2_000 - 10_000);
    });

    it('is found by number, product and day, in the reader’s stores only', async () => {
      const found = await listed({ number: shop.devices[1]?.imei ?? '', text: 'mi17', brandId: shop.brandId });
      expect(found.map(({ deviceId }) => deviceId)).to.eql([shop.devices[1]?.id]);
      expect(await listed({ scope: [shop.otherStoreId] })).to.eql([]);
      expect(await listed({ storeId: shop.otherStoreId })).to.eql([]);
      expect(await listed({ text: 'cd67' })).to.eql([]);
      expect(await listed({ from: businessDate('2026-11-22'), to: businessDate('2026-11-22') })).to.eql([]);
      expect((await profitTotals(database.read, filter({ scope: [] }))).devices).to.equal(0);
    });
  });
});
