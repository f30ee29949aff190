import { expect } from 'chai';
import { addDays, businessDate } from '../../../src/kernel';
import { addSupplier, receiveGoods } from '../../../src/modules/purchasing';
import {
  analysedGoods,
  type AnalysisFilter,
  analysisRun,
  CLASS_LIST,
  classFields,
  storeKeyOf,
  TURNOVER_LIST,
  turnoverSums,
} from '../../../src/modules/reporting/queries/analysis-list';
import { IDLE_LIST, type IdleFilter, idleGoods, idleTotals } from '../../../src/modules/reporting/queries/idle-list';
import { stockSums } from '../../../src/modules/reporting/queries/stock-sums';
import { startAnalysis } from '../../../src/modules/reporting/use-cases/analyse-stock';
import { idleStock, stockAnalysis } from '../../../src/modules/reporting/store/analysis.table';
import { postSale, returnSale, reverseSale, saleLine } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { readListQuery } from '../../../src/platform/lists';
import { systemActor } from '../../../src/platform/permissions';
import type { Services } from '../../../src/platform/services';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');
const TODAY = businessDate('2026-11-23');
const DAY = 24 * 3_600_000;
const NOON = Date.UTC(2026, 10, 23, 4);
const goods = { text: '', brandId: null, categoryIds: null, on: null };

describe('analysis of stock', function () {
  this.timeout(90_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let services: Services;
    let now: number;

    const sell = async (daysAgo: number, quantity: number, deviceId?: number) => {
      now = NOON - daysAgo * DAY;
      const done = await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: deviceId
          ? [{ skuId: shop.phoneSkuIds[0], deviceId, quantity: 1, discountFen: 0 }]
          : [{ skuId: shop.chargerSkuId, quantity, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: deviceId ? 449_900 : quantity * 14_900 }],
      });
      return done;
    };
    const compute = async (): Promise<void> => {
      now = NOON;
      const run = await (await startAnalysis(services, actor)).over;
      expect(run.failure ?? run.state).to.equal('ok');
    };
    const filter = async (changes: Partial<AnalysisFilter> = {}): Promise<AnalysisFilter> => ({
      ...goods,
      scope: 'all',
      storeId: null,
      run: await analysisRun(database.read),
      weeks: 13,
      storeKey: 0,
      abc: null,
      xyz: null,
      ...changes,
    });
    const listed = async (changes: Partial<AnalysisFilter> = {}) =>
      analysedGoods(database.read, readListQuery(TURNOVER_LIST, {}), await filter(changes));

    // 10 chargers and 5 handsets since 1 August; chargers sold each of the last 5 weeks, one handset sold in September.
    beforeEach(async () => {
      now = NOON - 114 * DAY;
      ({ database, uow } = await context.openUow({ clock: () => now }));
      shop = await sampleShop(uow);
      services = { uow, database, clock: () => now, timeZone: 'Asia/Shanghai', log: console } as unknown as Services;
      const supplierId = await uow.run(actor, (unit) => addSupplier(unit, testKeys, { name: '深圳华盛通讯' }));
      await sell(70, 1, shop.devices[0]?.id);
      await sell(33, 2);
      now = NOON - 30 * DAY;
      await receiveGoods(uow, actor, {
        supplierId,
        storeId: shop.otherStoreId,
        locationId: shop.otherLocationId,
        businessDate: addDays(TODAY, -45),
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [{ skuId: shop.chargerSkuId, quantity: 6, unitPriceFen: 6000 }],
      });
      const { saleId } = await sell(20, 3);
      const undone = await sell(13, 1);
      await reverseSale(uow, actor, { saleId: undone.saleId, reason: '录错' });
      await sell(6, 2);
      now = NOON - 5 * DAY;
      const [line] = await database.read.find(saleLine, { saleId });
      await returnSale(uow, actor, {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: null }],
      });
      // Today's does not count yet.
      await sell(0, 1);
      await compute();
    });

    it('has the books’ value of each day in its average, and the cost that the sales have', async () => {
      for (const weeks of [4, 13] as const) {
        const from = addDays(TODAY, -7 * weeks);
        const daily: number[] = [];
        for (let day = 0; day < 7 * weeks; day++) {
          const sums = await stockSums(
            database.read,
            { ...goods, scope: 'all', storeId: shop.storeId, on: addDays(from, day) },
            { by: ['sku'], skuIds: [shop.chargerSkuId] },
          );
          daily.push(sums.reduce((sum, { valueFen }) => sum + valueFen, 0));
        }
        const rows = await listed({ weeks, storeKey: shop.storeId, storeId: shop.storeId });
        const charger = rows.find(({ skuId }) => skuId === shop.chargerSkuId);
        expect(charger?.closingFen).to.equal(daily.at(-1));
        expect(charger?.averageFen).to.equal(Math.round(daily.reduce((sum, fen) => sum + fen, 0) / daily.length));
        const sold = (await database.read.find(saleLine, {})).filter(({ skuId }) => skuId === shop.chargerSkuId);
        expect(charger?.sold, `${weeks} weeks`).to.equal(weeks === 4 ? 3 + 2 - 1 : 2 + 3 + 2 - 1);
        expect(charger?.costFen).to.be.closeTo((50_001 / 10) * (charger?.sold ?? 0), sold.length);
      }
    });

    it('adds up by store, category and brand to the same sums, in the reader’s stores only', async () => {
      const whole = await filter();
      const [all] = await turnoverSums(database.read, whole, 'all');
      for (const by of ['store', 'category', 'brand'] as const) {
        const rows = await turnoverSums(database.read, whole, by);
        for (const name of ['sold', 'costFen', 'averageFen', 'closingFen'] as const)
          expect(
            rows.reduce((sum, row) => sum + row[name], 0),
            `${by} ${name}`,
          ).to.equal(all?.[name]);
      }
      const scope = [shop.otherStoreId];
      expect(storeKeyOf(scope, null)).to.equal(shop.otherStoreId);
      const stores = await turnoverSums(database.read, { ...whole, scope, storeKey: shop.otherStoreId }, 'store');
      expect(stores.map(({ groupId }) => groupId)).to.eql(scope);
      expect(await listed({ scope, storeKey: 0 }), 'all stores together are not theirs to see').to.eql([]);
      expect(await listed({ scope, storeKey: shop.storeId, storeId: shop.storeId })).to.eql([]);
      const found = await listed({ text: 'cd67', categoryIds: [shop.accessoryCategoryId], brandId: null });
      expect(found.map(({ skuId }) => skuId)).to.eql([shop.chargerSkuId]);
    });

    it('puts each product into one of nine fields, which the list behind it has', async () => {
      const fields = await classFields(database.read, await filter({ text: '' }));
      expect(fields).to.have.length(9);
      expect(fields.reduce((sum, field) => sum + field.goods, 0)).to.equal((await listed()).length);
      for (const { abc, xyz, goods: count } of fields) {
        const behind = await analysedGoods(database.read, readListQuery(CLASS_LIST, {}), await filter({ abc, xyz }));
        expect(behind.length, abc + xyz).to.equal(count);
      }
      const rows = await listed();
      const net = rows.map(({ netFen }) => netFen).sort((a, b) => b - a);
      expect(rows.find(({ netFen }) => netFen === net[0])?.abc, 'the best').to.equal('A');
    });

    it('lists what stands with its value and where it would sell; the next computation takes its place', async () => {
      const run = await analysisRun(database.read);
      const idle: IdleFilter = { ...goods, scope: 'all', storeId: null, runId: run?.id ?? 0, days: 30, action: null };
      const rows = await idleGoods(database.read, readListQuery(IDLE_LIST, {}), idle);
      expect(
        rows.map(({ skuId, storeId, idleDays, quantity, action, toStoreId }) => [
          skuId,
          storeId,
          idleDays,
          quantity,
          action,
          toStoreId,
        ]),
      ).to.eql([
        [shop.phoneSkuIds[0], shop.otherStoreId, 114, 1, 'markdown', null],
        [shop.phoneSkuIds[0], shop.storeId, 70, 4, 'markdown', null],
        [shop.chargerSkuId, shop.otherStoreId, 45, 6, 'transfer', shop.storeId],
      ]);
      expect(rows[2]).to.include({ valueFen: 31_858, heldSince: addDays(TODAY, -45), lastSoldOn: null });
      expect((await idleTotals(database.read, idle)).get('markdown')).to.include({ lines: 2, quantity: 5 });
      expect(await idleGoods(database.read, readListQuery(IDLE_LIST, {}), { ...idle, days: 60 })).to.have.length(2);
      const elsewhere = { ...idle, scope: [shop.storeId] };
      expect(await idleGoods(database.read, readListQuery(IDLE_LIST, {}), elsewhere)).to.have.length(1);
      const before = (await database.read.find(stockAnalysis, {})).length;
      await compute();
      expect(await database.read.find(stockAnalysis, {})).to.have.length(before);
      expect(new Set((await database.read.find(idleStock, {})).map(({ runId }) => runId)).size).to.equal(1);
      const reader = actorWith({ 'reporting.analysis.view': 'all' });
      expect((await refusal(startAnalysis(services, reader))).status).to.equal(403);
    });
  });
});
