import { expect } from 'chai';
import { addDays, businessDate } from '../../../src/kernel';
import { stockBalance } from '../../../src/ledger';
import { addSupplier, placeOrder, receiveGoods } from '../../../src/modules/purchasing';
import { ageingOf } from '../../../src/modules/reporting/queries/ageing';
import { availabilityOf } from '../../../src/modules/reporting/queries/availability';
import { matrixTotals, STOCK_MATRIX, stockMatrix, sumOfAll } from '../../../src/modules/reporting/queries/stock-matrix';
import {
  inventoryAccounts,
  STOCK_GROUPS,
  type StockFilter,
  stockSums,
  valueByDay,
} from '../../../src/modules/reporting/queries/stock-sums';
import { postSale } from '../../../src/modules/sales';
import { type Database, sql } from '../../../src/platform/database';
import { pageOf, readListQuery } from '../../../src/platform/lists';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');
const FIRST = businessDate('2026-11-20');
const DAY = 24 * 3_600_000;
const all: StockFilter = { scope: 'all', storeId: null, text: '', brandId: null, categoryIds: null, on: null };

describe('stock by store and product', function () {
  this.timeout(90_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let supplierId: number;
    let now: number;
    /** Balances as they stood at the end of each day. */
    let ends: Map<string, [quantity: number, valueFen: number]>[];

    const noteEnd = async (): Promise<void> => {
      const rows = await database.read.find(stockBalance, {});
      ends.push(
        new Map(rows.map((row) => [`${row.storeId}/${row.skuId}/${row.bucket}`, [row.quantity, row.valueFen]])),
      );
      now += DAY;
    };
    const receive = (businessDate: string, quantity: number, unitPriceFen: number) =>
      receiveGoods(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        locationId: shop.locationId,
        businessDate,
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [{ skuId: shop.chargerSkuId, quantity, unitPriceFen }],
      });

    // Day 1: opening stock. Day 2: a sale, a handset on the way. Day 3: a receipt.
    beforeEach(async () => {
      now = Date.UTC(2026, 10, 20, 4);
      ends = [];
      ({ database, uow } = await context.openUow({ clock: () => now }));
      shop = await sampleShop(uow);
      supplierId = await uow.run(actor, (unit) => addSupplier(unit, testKeys, { name: '深圳华盛通讯' }));
      await noteEnd();
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [
          { skuId: shop.phoneSkuIds[0], deviceId: shop.devices[0]?.id ?? 0, quantity: 1, discountFen: 0 },
          { skuId: shop.chargerSkuId, quantity: 3, discountFen: 0 },
        ],
        tenders: [{ kind: 'cash', amountFen: 494_600 }],
      });
      await transferHands(uow).sent(shop.locationId, shop.otherLocationId, [imeiOf(1)]);
      await noteEnd();
      await receive(addDays(FIRST, 2), 7, 7_777);
      await noteEnd();
    });

    const keyOf = ({ storeId, skuId, bucket }: { storeId?: number; skuId?: number; bucket?: string }): string =>
      `${storeId}/${skuId}/${bucket}`;

    it('is worth on any past day what the ledger had at its end, to the fen, and what the accounts say', async () => {
      for (const [index, end] of ends.entries()) {
        const on = addDays(FIRST, index);
        const then = await stockSums(database.read, { ...all, on }, { by: ['store', 'sku', 'bucket'] });
        const found = new Map(then.map((row) => [keyOf(row), [row.quantity, row.valueFen]]));
        for (const [key, [quantity, valueFen]] of end)
          expect(found.get(key), `${on} ${key}`).to.eql([quantity, valueFen]);
        for (const [key, figures] of found) if (!end.has(key)) expect(figures, `${on} ${key}`).to.eql([0, 0]);
      }
      // Entered today for the second day: the books of the second and third day have it.
      await receive(addDays(FIRST, 1), 2, 9_999);
      for (let day = -1; day < 5; day++) {
        const on = addDays(FIRST, day);
        const accounts = await inventoryAccounts(database.read, { ...all, on });
        const stores = await stockSums(database.read, { ...all, on }, { by: ['store'] });
        for (const { storeId, valueFen } of stores) expect(valueFen, on).to.equal(accounts.get(storeId ?? 0) ?? 0);
        const entered = await database.read.one<{ fen: number | null; pieces: number | null }>(
          sql`SELECT SUM(value_fen) AS fen, SUM(quantity) AS pieces FROM stock_entry WHERE business_date <= ${on}`,
        );
        for (const group of STOCK_GROUPS) {
          const sums = await stockSums(database.read, { ...all, on }, { by: [group] });
          expect(
            sums.reduce((sum, row) => sum + row.valueFen, 0),
            `${on} ${group}`,
          ).to.equal(Number(entered?.fen ?? 0));
          expect(sums.reduce((sum, row) => sum + row.quantity, 0)).to.equal(Number(entered?.pieces ?? 0));
        }
      }
      const [before] = await stockSums(database.read, { ...all, on: addDays(FIRST, -1) }, { by: ['store'] });
      expect([before?.quantity, before?.valueFen]).to.eql([0, 0]);
      for (const filter of [all, { ...all, storeId: shop.storeId, text: 'cd67' }]) {
        const line = await valueByDay(
          database.read,
          { ...filter, on: addDays(FIRST, 3) },
          { last: addDays(FIRST, 3), days: 6 },
        );
        for (const { day, valueFen } of line) {
          const then = await stockSums(database.read, { ...filter, on: day }, { by: ['sku'] });
          expect(valueFen, `the line on ${day}`).to.equal(then.reduce((sum, row) => sum + row.valueFen, 0));
        }
        expect(line.map(({ day }) => day)).to.eql([-2, -1, 0, 1, 2, 3].map((days) => addDays(FIRST, days)));
      }
      const second = { ...all, on: addDays(FIRST, 1), storeId: shop.storeId, categoryIds: [shop.accessoryCategoryId] };
      const chargers = await stockSums(database.read, second, { by: ['store'] });
      expect(
        chargers.map(({ quantity }) => quantity),
        '10 − 3 + 2 entered later',
      ).to.eql([9]);
    });

    it('has each product once in the order of its key, on whatever page, with its stores beside it', async () => {
      const query = readListQuery({ ...STOCK_MATRIX, sizes: [2] }, {});
      const filter = { ...all, measure: 'on_hand' as const, allGoods: false };
      const first = pageOf(query, await stockMatrix(database.read, query, { ...filter, allGoods: true }));
      expect(first.rows.map(({ skuCode }) => skuCode)).to.eql(['CD67', 'MI17-01']);
      const [charger, white] = first.rows;
      expect([...(charger?.byStore ?? [])]).to.eql([[shop.storeId, 14]]);
      expect(new Map(white?.byStore)).to.eql(
        new Map([
          [shop.storeId, 3],
          [shop.otherStoreId, 1],
        ]),
      );
      expect(white?.byBucket.get('in_transit')).to.equal(1);
      const asked = Object.fromEntries(new URLSearchParams(first.nextHref?.split('?')[1] ?? ''));
      const next = readListQuery({ ...STOCK_MATRIX, sizes: [2] }, asked);
      const rest = await stockMatrix(database.read, next, { ...filter, allGoods: true });
      expect(
        rest.map(({ skuCode }) => skuCode),
        'services are no stock',
      ).to.eql(['MI17-02']);
      const totals = await matrixTotals(database.read, { ...filter, scope: [shop.otherStoreId] });
      expect([...totals.byStore]).to.eql([[shop.otherStoreId, 1]]);
      expect(sumOfAll((await matrixTotals(database.read, { ...filter, measure: 'value' })).byStore)).to.equal(
        [...(ends[2]?.values() ?? [])].reduce((sum, [, fen]) => sum + fen, 0),
      );
      const found = await stockMatrix(database.read, query, { ...filter, text: 'cd67', on: FIRST });
      expect(found.map(({ byStore }) => [...byStore])).to.eql([[[shop.storeId, 10]]]);
    });

    it('says what can be promised where: less what is set aside, beside what is on the way and on order', async () => {
      const [white] = shop.phoneSkuIds;
      const { id } = await transferHands(uow).draft(shop.locationId, shop.otherLocationId);
      await transferHands(uow).paste(id, [imeiOf(2), imeiOf(3)]);
      await placeOrder(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        orderedOn: addDays(FIRST, 3),
        expectedOn: addDays(FIRST, 9),
        note: null,
        submit: true,
        lines: [{ skuId: white, storeId: shop.otherStoreId, quantity: 5, unitPriceFen: 390_000 }],
      });
      const rows = await availabilityOf(database.read, white, all);
      const nothing = { demo: 0, defective: 0, quarantine: 0, inTransit: 0, onOrder: 0, expectedOn: null };
      expect(rows.sort((a, b) => a.storeId - b.storeId)).to.eql([
        { ...nothing, storeId: shop.storeId, sellable: 3, setAside: 2, available: 1 },
        {
          ...nothing,
          storeId: shop.otherStoreId,
          sellable: 1,
          setAside: 0,
          available: 1,
          inTransit: 1,
          onOrder: 5,
          expectedOn: addDays(FIRST, 9),
        },
      ]);
      const elsewhere = await availabilityOf(database.read, white, { scope: [shop.storeId], storeId: null });
      expect(elsewhere.map(({ storeId }) => storeId)).to.eql([shop.storeId]);
    });

    it('ages from the day of receipt, in bands with their cost', async () => {
      const bands = async (on: string) =>
        (await ageingOf(database.read, { ...all, storeId: shop.storeId }, businessDate(on), 'category')).map(
          ({ groupId, counts, costs }) => ({ groupId, counts, cost: costs.reduce((sum, fen) => sum + fen, 0) }),
        );
      const cost = 390_002 + 390_003 + 390_004;
      const groupId = shop.phoneCategoryId;
      expect(await bands(addDays(FIRST, 30))).to.eql([{ groupId, counts: [3, 0, 0, 0], cost }]);
      expect(await bands(addDays(FIRST, 31))).to.eql([{ groupId, counts: [0, 3, 0, 0], cost }]);
      expect(await bands(addDays(FIRST, 90))).to.eql([{ groupId, counts: [0, 0, 3, 0], cost }]);
      expect(await bands(addDays(FIRST, 91))).to.eql([{ groupId, counts: [0, 0, 0, 3], cost }]);
    });
  });
});
