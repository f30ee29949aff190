import { expect } from 'chai';
import { addDays, businessDate } from '../../../src/kernel';
import { addSupplier, placeOrder, receiveGoods, requestGoods } from '../../../src/modules/purchasing';
import {
  PROPOSAL_LIST,
  proposalList,
  proposalRun,
  proposalTotals,
} from '../../../src/modules/purchasing/queries/proposal-list';
import { withinBudget } from '../../../src/modules/purchasing/queries/budget';
import { RULE_LIST, ruleList } from '../../../src/modules/purchasing/queries/replenishment-rules';
import {
  pairOf,
  positions,
  soldByWeekday,
  soldPieces,
} from '../../../src/modules/purchasing/queries/replenishment-facts';
import { purchaseOrder, purchaseOrderLine } from '../../../src/modules/purchasing/store/order.table';
import {
  proposals,
  startReplenishment,
  stockNeeds,
} from '../../../src/modules/purchasing/use-cases/compute-replenishment';
import {
  type RuleCommand,
  saveReplenishmentRule,
} from '../../../src/modules/purchasing/use-cases/save-replenishment-rule';
import { requisition, requisitionLine } from '../../../src/modules/purchasing/store/requisition.table';
import { requestProposals } from '../../../src/modules/purchasing/use-cases/request-proposals';
import { takeProposals } from '../../../src/modules/purchasing/use-cases/take-proposals';
import { transfer, transferLine } from '../../../src/modules/inventory';
import { supplier } from '../../../src/modules/purchasing/store/supplier.table';
import { supplierPrice } from '../../../src/modules/purchasing/store/supplier-price.table';
import { openShift, postSale, returnSale, saleLine, saveRegister } from '../../../src/modules/sales';
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

const actor = systemActor('采购');
const TODAY = businessDate('2026-11-23');
const DAY = 24 * 3_600_000;
const byText = (one: string | null | undefined, other: string | null | undefined): number =>
  (one ?? '').localeCompare(other ?? '');
const all: RuleCommand = {
  storeId: null,
  skuId: null,
  minimum: null,
  maximum: null,
  coverDays: null,
  leadDays: null,
  packSize: null,
};

describe('replenishment', function () {
  this.timeout(90_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let supplierId: number;
    let now: number;
    let services: Services;

    const sell = async (daysAgo: number, quantity: number) => {
      now = Date.UTC(2026, 10, 23, 4) - daysAgo * DAY;
      const done = await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.chargerSkuId, quantity, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: quantity * 14_900 }],
      });
      now = Date.UTC(2026, 10, 23, 4);
      return done;
    };
    const receive = (storeId: number, locationId: number, quantity: number) =>
      receiveGoods(uow, actor, {
        supplierId,
        storeId,
        locationId,
        businessDate: '2026-09-20',
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [{ skuId: shop.chargerSkuId, quantity, unitPriceFen: 6000 }],
      });
    const compute = async (): Promise<void> => {
      const run = await (await startReplenishment(services, actor)).over;
      expect(run.failure ?? run.state).to.equal('ok');
    };
    const listed = async (by = actor, text: Record<string, string> = {}) => {
      const filter = { runId: await proposalRun(database.read), storeId: null, categoryIds: null };
      return proposalList(database.read, by, readListQuery(PROPOSAL_LIST, text), filter);
    };

    // 84 chargers at first; 28 sold in the last 28 days, as many before: one a day.
    beforeEach(async () => {
      now = Date.UTC(2026, 8, 20, 4);
      ({ database, uow } = await context.openUow({ clock: () => now }));
      shop = await sampleShop(uow);
      supplierId = await uow.run(actor, (unit) => addSupplier(unit, testKeys, { name: '深圳华盛通讯' }));
      services = { uow, database, clock: () => now, timeZone: 'Asia/Shanghai', log: console } as unknown as Services;
      await receive(shop.storeId, shop.locationId, 50);
      for (const daysAgo of [56, 40, 29]) await sell(daysAgo, daysAgo === 40 ? 8 : 10);
      for (const daysAgo of [28, 15, 1]) await sell(daysAgo, daysAgo === 15 ? 8 : 10);
      await sell(57, 1);
      await sell(0, 1);
    });

    it('leaves out of the rate what days it was sold out, and buys in the packs of the price list', async () => {
      now = Date.UTC(2026, 8, 21, 4);
      const { registerId } = await saveRegister(uow, actor, {
        id: null,
        storeId: shop.otherStoreId,
        code: '1',
        name: '1 号机',
        active: true,
        version: null,
      });
      await openShift(uow, actor, { registerId, openingFloatFen: 0 });
      await receive(shop.otherStoreId, shop.otherLocationId, 6);
      for (const [daysAgo, quantity] of [
        [20, 4],
        [10, 2],
      ] as const) {
        now = Date.UTC(2026, 10, 23, 4) - daysAgo * DAY;
        await postSale(uow, actor, {
          registerId,
          lines: [{ skuId: shop.chargerSkuId, quantity, discountFen: 0 }],
          tenders: [{ kind: 'cash', amountFen: quantity * 14_900 }],
        });
      }
      now = Date.UTC(2026, 10, 23, 4);
      const packed = { fromOn: '2026-01-01', untilOn: null, minQuantity: 1, packSize: 12, unitPriceFen: 6000 };
      await uow.run(actor, async (unit) => {
        const id = unit.takeIds(supplierPrice);
        const made = { createdAt: unit.now, createdByName: '采购', version: 1 };
        await unit.insert(supplierPrice, [{ id, supplierId, skuId: shop.chargerSkuId, ...packed, ...made }]);
      });
      const need = async () =>
        (await stockNeeds(database.read, TODAY))
          .get(shop.chargerSkuId)
          ?.find((one) => one.storeId === shop.otherStoreId);
      // Sold out from the day after the last sale until yesterday: 6 in 19 days.
      expect(await need()).to.include({ recent: 6, outRecent: 9, rateMilli: 316, packSize: 12 });
      await compute();
      const [line] = (await listed()).filter(({ storeId }) => storeId === shop.otherStoreId);
      expect(line?.figures).to.include({ outRecent: 9 });
      expect((line?.quantity ?? 0) % 12).to.equal(0);
      await saveReplenishmentRule(uow, actor, { ...all, storeId: shop.otherStoreId, packSize: 5 });
      expect((await need())?.packSize, 'a rule goes before').to.equal(5);
    });

    it('arrive after what the supplier’s orders took, where no rule says', async () => {
      const need = async () =>
        (await stockNeeds(database.read, TODAY))
          .get(shop.chargerSkuId)
          ?.find(({ storeId }) => storeId === shop.storeId);
      for (const [index, took] of [6, 20, 7].entries()) {
        const { id } = await placeOrder(uow, actor, {
          supplierId,
          storeId: shop.storeId,
          orderedOn: addDays(TODAY, -40),
          expectedOn: null,
          note: null,
          submit: true,
          lines: [{ skuId: shop.chargerSkuId, storeId: shop.storeId, quantity: 1, unitPriceFen: 6000 }],
        });
        const [line] = await database.read.find(purchaseOrderLine, { orderId: id });
        await receiveGoods(uow, actor, {
          supplierId,
          storeId: shop.storeId,
          locationId: shop.locationId,
          businessDate: addDays(TODAY, took - 40),
          deliveryNote: null,
          withInvoice: false,
          note: null,
          lines: [{ skuId: shop.chargerSkuId, quantity: 1, order: { lineId: line?.id ?? 0, unitPriceFen: 6000 } }],
        });
        if (index < 2) expect((await need())?.leadDays, 'too few').to.equal(4);
      }
      expect(await need()).to.include({ leadDays: 7, leadFrom: 'orders' });
      await uow.run(actor, (unit) => unit.update(supplier, supplierId, { leadDays: 5 }));
      expect(await need(), 'what was agreed goes before').to.include({ leadDays: 5, leadFrom: 'supplier' });
      await saveReplenishmentRule(uow, actor, { ...all, skuId: shop.chargerSkuId, leadDays: 2 });
      expect((await need())?.leadDays, 'a rule goes before').to.equal(2);
      expect(await need()).not.to.have.property('leadFrom');
    });

    it('are requested instead, one requisition a store, once, and count as coming', async () => {
      await saveReplenishmentRule(uow, actor, {
        ...all,
        storeId: shop.otherStoreId,
        skuId: shop.chargerSkuId,
        minimum: 4,
      });
      await compute();
      const rows = await listed();
      expect(new Set(rows.map(({ storeId }) => storeId)).size).to.equal(2);
      const ids = rows.map(({ id }) => id);
      const clerk = actorWith({ 'purchasing.requisition.edit': [shop.storeId] });
      expect((await refusal(requestProposals(uow, clerk, ids))).status, 'of both stores').to.equal(403);
      expect((await refusal(requestProposals(uow, actor, []))).code).to.equal('purchasing:error.replenish_none');
      const twice = await Promise.allSettled([requestProposals(uow, actor, ids), requestProposals(uow, actor, ids)]);
      expect(twice.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);
      const made = await database.read.find(requisition, {});
      expect(made.map(({ storeId }) => storeId).sort((a, b) => a - b)).to.eql(
        [shop.storeId, shop.otherStoreId].sort((a, b) => a - b),
      );
      expect(new Set(made.map(({ state }) => state))).to.eql(new Set(['submitted']));
      for (const { id, storeId } of made) {
        const lines = await database.read.find(requisitionLine, { requisitionId: id });
        const proposed = rows.filter((row) => row.storeId === storeId);
        expect(lines.map(({ quantity }) => quantity)).to.eql([proposed.reduce((sum, row) => sum + row.quantity, 0)]);
      }
      const done = await listed(actor, { state: 'done' });
      expect(done.map(({ kind }) => kind)).to.eql(rows.map(() => 'wish'));
      await compute();
      expect(await listed(), 'nothing is proposed twice').to.eql([]);
    });

    it('are bought within a budget at the price of the list, else of the last receipt, in the reader’s stores', async () => {
      const [, black] = shop.phoneSkuIds;
      await saveReplenishmentRule(uow, actor, { ...all, storeId: shop.otherStoreId, skuId: black, minimum: 2 });
      await compute();
      const query = readListQuery(PROPOSAL_LIST, {});
      const filter = { runId: await proposalRun(database.read), storeId: null, categoryIds: null };
      const plan = (budgetFen: number, by = actor) =>
        withinBudget(database.read, by, query, filter, { budgetFen, today: TODAY });
      const rows = (await listed()).filter(({ kind }) => kind === 'purchase');
      const charger = rows.find(({ skuId }) => skuId === shop.chargerSkuId);
      if (!charger) throw new Error('no proposal');
      expect(rows).to.have.length(2);
      // The black one was never bought: nobody knows its price.
      const cost = charger.quantity * 6000;
      expect(await plan(cost)).to.deep.include({ spentFen: cost, beyond: 0, unpriced: 1 });
      expect(await plan(cost - 1)).to.deep.include({ spentFen: 0, beyond: 1 });
      await uow.run(actor, async (unit) => {
        const made = { createdAt: unit.now, createdByName: '采购', version: 1, untilOn: null, packSize: 1 };
        const listedAt = {
          supplierId,
          skuId: shop.chargerSkuId,
          fromOn: '2026-01-01',
          minQuantity: 1,
          unitPriceFen: 5500,
        };
        await unit.insert(supplierPrice, [{ id: unit.takeIds(supplierPrice), ...listedAt, ...made }]);
      });
      const found = await plan(cost);
      expect([...found.taken]).to.eql([[charger.id, charger.quantity * 5500]]);
      const elsewhere = actorWith({ 'purchasing.replenishment.view': [shop.otherStoreId] });
      expect((await plan(cost, elsewhere)).taken.size).to.equal(0);
      const only = await proposalList(database.read, actor, query, { ...filter, ids: [...found.taken.keys()] });
      expect(only.map(({ id }) => id)).to.eql([charger.id]);
    });

    it('counts what each store sold in the eight weeks before today, less returns', async () => {
      const sold = await soldPieces(database.read, TODAY);
      expect(sold).to.eql([{ storeId: shop.storeId, skuId: shop.chargerSkuId, quantity: 56, recent: 28, earlier: 28 }]);
      const weeks = await soldByWeekday(database.read, TODAY);
      // 56 and 28 days ago were Mondays, 40 a Wednesday, 29 and 1 Sundays, 15 a Sunday.
      expect(weeks.get(shop.storeId)).to.eql([20, 0, 8, 0, 0, 0, 28]);
      const { saleId } = await sell(2, 2);
      const [line] = await database.read.find(saleLine, { saleId });
      now -= DAY;
      await returnSale(uow, actor, {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: null }],
      });
      expect((await soldPieces(database.read, TODAY)).map(({ recent }) => recent)).to.eql([29]);
    });

    it('proposes from the other store first, then from the last supplier in packs, and makes each document once', async () => {
      // A Monday: 4 days sell 20/8 + 8/8 of 56/7 … = 3.5 days, so 2 pieces left are below it.
      await receive(shop.otherStoreId, shop.otherLocationId, 5);
      await saveReplenishmentRule(uow, actor, { ...all, skuId: shop.chargerSkuId, packSize: 6 });
      await compute();
      const rows = await listed();
      expect(
        rows.map(({ kind, storeId, fromStoreId, supplierId: from, quantity }) => [
          kind,
          storeId,
          fromStoreId,
          from,
          quantity,
        ]),
      ).to.eql([
        ['transfer', shop.storeId, shop.otherStoreId, null, 5],
        ['purchase', shop.storeId, null, supplierId, 12],
      ]);
      const [first] = rows;
      expect(first?.figures).to.include({
        recent: 28,
        earlier: 28,
        rateMilli: 1000,
        sellable: 2,
        leadLoad: 350,
        point: 4,
      });
      expect(first?.figures.missing).to.equal((first?.figures.target ?? 0) - 2);
      expect(
        Object.fromEntries(
          await proposalTotals(database.read, actor, readListQuery(PROPOSAL_LIST, { kind: 'transfer' }), {
            runId: await proposalRun(database.read),
            storeId: shop.storeId,
            categoryIds: [shop.accessoryCategoryId],
          }),
        ),
      ).to.eql({ transfer: { proposals: 1, pieces: 5 }, purchase: { proposals: 1, pieces: 12 } });
      const lines = rows.map(({ id }) => ({ id }));
      const twice = await Promise.allSettled([
        takeProposals(uow, actor, { lines }),
        takeProposals(uow, actor, { lines }),
      ]);
      expect(twice.map(({ status }) => status).sort(), 'two at once').to.eql(['fulfilled', 'rejected']);
      expect((await refusal(takeProposals(uow, actor, { lines }))).code).to.equal('purchasing:error.replenish_done');
      const [sent, ...noMore] = await database.read.find(transfer, {});
      expect([noMore.length, sent?.state, sent?.fromStoreId, sent?.toStoreId]).to.eql([
        0,
        'draft',
        shop.otherStoreId,
        shop.storeId,
      ]);
      expect((await database.read.find(transferLine, {})).map(({ skuId, quantity }) => [skuId, quantity])).to.eql([
        [shop.chargerSkuId, 5],
      ]);
      const orders = await database.read.find(purchaseOrder, {});
      expect(orders.map(({ state, supplierId: from, quantity }) => [state, from, quantity])).to.eql([
        ['draft', supplierId, 12],
      ]);
      const ordered = await database.read.find(purchaseOrderLine, {});
      expect(ordered.map(({ storeId, unitPriceFen }) => [storeId, unitPriceFen])).to.eql([[shop.storeId, 6000]]);
      expect(await listed()).to.eql([]);
      expect(
        (await listed(actor, { state: 'done' })).map(({ documentNumber }) => documentNumber).toSorted(byText),
      ).to.eql([orders[0]?.number, sent?.number].toSorted(byText));
      // Drafts are on the way: nothing is proposed a second time.
      await compute();
      expect(await listed()).to.eql([]);
    });

    it('follows the narrowest rule, asks who supplies what was never bought, and keeps to the reader’s stores', async () => {
      const [white, black] = shop.phoneSkuIds;
      await saveReplenishmentRule(uow, actor, { ...all, skuId: black, minimum: 2 });
      await saveReplenishmentRule(uow, actor, { ...all, skuId: black, storeId: shop.otherStoreId, minimum: 0 });
      await saveReplenishmentRule(uow, actor, { ...all, storeId: shop.storeId, leadDays: 1, coverDays: 1 });
      await saveReplenishmentRule(uow, actor, {
        ...all,
        skuId: white,
        storeId: shop.otherStoreId,
        minimum: 3,
        maximum: 4,
      });
      await requestGoods(uow, actor, {
        lines: [{ storeId: shop.otherStoreId, skuId: shop.chargerSkuId, quantity: 7 }],
        wantedOn: null,
        reason: null,
        upTo: 'submitted',
      });
      const there = await positions(database.read);
      expect(there.get(pairOf(shop.otherStoreId, shop.chargerSkuId)), 'a wish is as good as an order').to.include({
        sellable: 0,
        onOrder: 7,
      });
      await compute();
      const rows = await listed(actor, { sort: 'name' });
      const short = rows.map(({ skuId, storeId, kind, quantity }) => [skuId, storeId, kind, quantity]);
      // Of white there is one; the other store keeps what its own rule says, so five without sales can be given.
      expect(short).to.deep.include.members([
        [white, shop.otherStoreId, 'transfer', 3],
        [black, shop.storeId, 'purchase', 2],
      ]);
      expect(short.filter(([skuId, storeId]) => skuId === black && storeId === shop.otherStoreId)).to.eql([]);
      const [bought] = rows.filter(({ skuId }) => skuId === black);
      const lines = [{ id: bought?.id ?? 0 }];
      expect((await refusal(takeProposals(uow, actor, { lines }))).code).to.equal(
        'purchasing:error.replenish_supplier',
      );
      const reader = actorWith({ 'purchasing.replenishment.view': [shop.otherStoreId] });
      expect((await listed(reader)).map(({ storeId }) => storeId)).to.eql([shop.otherStoreId]);
      expect((await refusal(takeProposals(uow, reader, { lines, supplierId }))).status).to.equal(403);
      const [made] = await takeProposals(uow, actor, { lines, supplierId });
      expect(made?.type).to.equal('order');
      expect(await ruleList(database.read, reader, readListQuery(RULE_LIST, {}), null)).to.have.length(3);
      await saveReplenishmentRule(uow, actor, { ...all, skuId: black });
      expect(await ruleList(database.read, actor, readListQuery(RULE_LIST, { q: 'MI17' }), null)).to.have.length(2);
      for (const wrong of [
        { minimum: 1 },
        { skuId: black, minimum: 5, maximum: 4 },
        { packSize: 0 },
        { leadDays: 999 },
      ])
        expect(
          (await refusal(saveReplenishmentRule(uow, actor, { ...all, ...wrong }))).status,
          JSON.stringify(wrong),
        ).to.equal(422);
      expect((await refusal(saveReplenishmentRule(uow, reader, { ...all, leadDays: 2 }))).status).to.equal(403);
      expect(await proposals(database.read, addDays(TODAY, 400))).to.have.length.greaterThan(0);
    });
  });
});
