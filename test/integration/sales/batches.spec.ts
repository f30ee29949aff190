import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import { addProducts, addSkus } from '../../../src/modules/catalog';
import { setPrices } from '../../../src/modules/pricing';
import { addSupplier, receiveGoods, receipt, reverseReceipt } from '../../../src/modules/purchasing';
import { postSale, returnSale, saleLine } from '../../../src/modules/sales';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleShop, type SampleShop } from '../../support/sample-shop';
import { testKeys } from '../../support/auth';

const actor = systemActor('王芳');

describe('goods kept by batch', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let supplierId: number;
    let skuId: number;
    let now: number;
    beforeEach(async function () {
      this.timeout(120_000);
      now = Date.parse('2026-11-22T04:00:00Z');
      ({ database, uow } = await context.openUow({ clock: () => now }));
      shop = await sampleShop(uow);
      await uow.run(actor, async (unit) => {
        supplierId = await addSupplier(unit, testKeys, { name: '配件批发', paymentDays: 0 });
        const { brandId, accessoryCategoryId } = shop;
        const [product = 0] = await addProducts(unit, [
          { brandId, categoryId: accessoryCategoryId, name: '水凝膜', tracking: 'batch' },
        ]);
        [skuId = 0] = await addSkus(unit, [{ productId: product, code: 'SNM' }]);
        await setPrices(unit, { items: [{ skuId, priceFen: 3_900 }] });
      });
    });

    const bring = (
      lines: { quantity: number; unitPriceFen: number; batchCode: string | null; expiresOn: string | null }[],
    ) =>
      receiveGoods(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        locationId: shop.locationId,
        businessDate: '2026-11-20',
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: lines.map((line) => ({ skuId, ...line })),
      });

    const sell = (quantity: number) =>
      postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId, quantity, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 3_900 * quantity }],
      });

    /** Code → pieces and value on the shelf, the order of the codes. */
    const shelf = async () => {
      const rows = await database.read.all<{ code: string; quantity: number; valueFen: number }>(
        sql`SELECT bt.code, b.quantity, b.value_fen FROM stock_balance b JOIN batch bt ON bt.id = b.batch_key
          WHERE b.sku_id = ${skuId} ORDER BY bt.code`,
      );
      return rows.map(({ code, quantity, valueFen }) => [code, quantity, valueFen]);
    };

    const expectSound = async () =>
      expect((await verifyLedger(database.read)).checks.filter((check) => !check.ok)).to.eql([]);

    const LATE = { quantity: 5, unitPriceFen: 1_130, batchCode: 'A-LATE', expiresOn: '2027-12-31' };
    const EARLY = { quantity: 3, unitPriceFen: 2_260, batchCode: 'b-early', expiresOn: '2026-12-31' };

    it('sells what expires first, and a return finds its batch again', async () => {
      await bring([LATE, EARLY]);
      expect(await shelf()).to.eql([
        ['A-LATE', 5, 5_000],
        ['B-EARLY', 3, 6_000],
      ]);
      const { saleId } = await sell(4);
      expect(await shelf()).to.eql([
        ['A-LATE', 4, 4_000],
        ['B-EARLY', 0, 0],
      ]);
      const [line] = await database.read.find(saleLine, { saleId });
      expect(line?.costFen).to.equal(7_000);
      const back = (quantity: number) =>
        returnSale(uow, actor, {
          originalSaleId: saleId,
          registerId: shop.registerId,
          lines: [{ lineId: line!.id, quantity }],
          bucket: 'sellable',
          refunds: [{ kind: 'cash', amountFen: null }],
        });
      await back(2);
      await back(2);
      // 7000 of cost came back whole, and each batch has its pieces again.
      const now = await shelf();
      expect(now.map(([code, quantity]) => [code, quantity])).to.eql([
        ['A-LATE', 5],
        ['B-EARLY', 3],
      ]);
      expect(now.reduce((sum, [, , valueFen]) => sum + Number(valueFen), 0)).to.equal(11_000);
      await expectSound();
    });

    it('does not sell what has expired, and says that this is why', async () => {
      await bring([LATE, EARLY]);
      now = Date.parse('2026-12-31T04:00:00Z');
      await sell(1);
      now = Date.parse('2027-01-01T04:00:00Z');
      const error = await refusal(sell(6));
      expect(error.code).to.equal('sales:error.not_enough_expired');
      expect(error.details).to.include({ available: 5, expired: 2 });
      await sell(5);
      expect(await shelf()).to.eql([
        ['A-LATE', 0, 0],
        ['B-EARLY', 2, 4_000],
      ]);
      await expectSound();
    });

    it('adds to a batch that came before, keeps its expiry, and names the receipt where no number is given', async () => {
      await bring([EARLY]);
      await bring([{ ...EARLY, expiresOn: null }]);
      expect(await shelf()).to.eql([['B-EARLY', 6, 12_000]]);
      const error = await refusal(bring([{ ...EARLY, expiresOn: '2028-01-01' }]));
      expect(error.code).to.equal('inventory:error.batch_expiry');
      const { number, id } = await bring([{ ...LATE, batchCode: null, expiresOn: null }]);
      expect((await shelf()).map(([code]) => code)).to.include(number);
      const version = (await database.read.get(receipt, id))?.version ?? 0;
      await reverseReceipt(uow, actor, { receiptId: id, version, reason: '送错' });
      expect((await shelf()).find(([code]) => code === number)).to.eql([number, 0, 0]);
      await expectSound();
    });

    it('refuses goods that had expired when they came', async () => {
      const error = await refusal(bring([{ ...EARLY, expiresOn: '2026-11-19' }]));
      expect(error.fields[0]?.code).to.equal('purchasing:error.line_expired');
    });
  });
});
