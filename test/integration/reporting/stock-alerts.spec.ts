import { expect } from 'chai';
import { addDays, businessDate } from '../../../src/kernel';
import { transfer, transferLine } from '../../../src/modules/inventory';
import { addReturnLine, addSupplier, createReturn, placeOrder, receiveGoods } from '../../../src/modules/purchasing';
import { lendDevices } from '../../../src/modules/inventory/use-cases/lend-devices';
import { accrueRebate } from '../../../src/modules/purchasing/use-cases/accrue-rebate';
import { createRebate } from '../../../src/modules/purchasing/use-cases/save-rebate';
import { requisition, requisitionLine } from '../../../src/modules/purchasing/store/requisition.table';
import { saveReplenishmentRule } from '../../../src/modules/purchasing/use-cases/save-replenishment-rule';
import { addProducts, addSkus } from '../../../src/modules/catalog';
import {
  ALERT_LIST,
  alertById,
  alertCounts,
  type AlertFilter,
  alertRows,
} from '../../../src/modules/reporting/queries/alert-list';
import { stockAlert } from '../../../src/modules/reporting/store/alert.table';
import { actOnAlert, actsOf } from '../../../src/modules/reporting/use-cases/act-on-alert';
import { startAnalysis } from '../../../src/modules/reporting/use-cases/analyse-stock';
import { startAlerts } from '../../../src/modules/reporting/use-cases/compute-alerts';
import { sendAlertDigest } from '../../../src/modules/reporting/use-cases/send-alert-digest';
import { type Database, sql } from '../../../src/platform/database';
import { readListQuery } from '../../../src/platform/lists';
import { notification, notificationChannel } from '../../../src/platform/notify';
import { writeParameter } from '../../../src/platform/parameters';
import { systemActor } from '../../../src/platform/permissions';
import type { Services } from '../../../src/platform/services';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { draftProtection, submitNow } from '../../support/protections';
import { imeiOf as bought } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { postReturnNow } from '../../support/returns';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');
const TODAY = businessDate('2026-11-23');
const DAY = 24 * 3_600_000;
const NOON = Date.UTC(2026, 10, 23, 4);
const rule = {
  storeId: null,
  skuId: null,
  minimum: null,
  maximum: null,
  coverDays: null,
  leadDays: null,
  packSize: null,
};

describe('alerts of stock', function () {
  this.timeout(90_000);
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let services: Services;
    let now: number;
    let transferId: number;

    const over = async (started: Promise<{ over: Promise<{ state: string; failure: string | null }> }>) => {
      const run = await (await started).over;
      expect(run.failure ?? run.state).to.equal('ok');
    };
    const filter = (changes: Partial<AlertFilter> = {}): AlertFilter => ({
      scope: 'all',
      storeId: null,
      text: '',
      brandId: null,
      categoryIds: null,
      on: null,
      kind: null,
      state: 'open',
      ...changes,
    });
    const listed = (changes: Partial<AlertFilter> = {}) =>
      alertRows(database.read, readListQuery(ALERT_LIST, {}), filter(changes));

    // Since August: 5 handsets and 10 chargers here, a handset there. One on the way for weeks, films expire, chargers to be replaced.
    beforeEach(async () => {
      now = NOON - 114 * DAY;
      ({ database, uow } = await context.openUow({ clock: () => now }));
      shop = await sampleShop(uow);
      services = { uow, database, clock: () => now, timeZone: 'Asia/Shanghai', log: console } as unknown as Services;
      now = NOON - 20 * DAY;
      transferId = await transferHands(uow).sent(shop.locationId, shop.otherLocationId, [imeiOf(1)]);
      const { supplierId, filmId } = await uow.run(actor, async (unit) => {
        const product = {
          brandId: shop.brandId,
          categoryId: shop.accessoryCategoryId,
          name: '水凝膜',
          tracking: 'batch' as const,
        };
        const [productId = 0] = await addProducts(unit, [product]);
        const [made = 0] = await addSkus(unit, [{ productId, code: 'SNM' }]);
        return { filmId: made, supplierId: await addSupplier(unit, testKeys, { name: '配件批发' }) };
      });
      await receiveGoods(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        locationId: shop.locationId,
        businessDate: addDays(TODAY, -20),
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [
          { skuId: filmId, quantity: 10, unitPriceFen: 1_000, batchCode: 'A1', expiresOn: addDays(TODAY, 10) },
          { skuId: filmId, quantity: 10, unitPriceFen: 1_000, batchCode: 'B2', expiresOn: '2028-12-31' },
          { skuId: shop.chargerSkuId, quantity: 2, unitPriceFen: 6_000 },
        ],
      });
      const back = await createReturn(uow, actor, {
        supplierId,
        storeId: shop.storeId,
        locationId: shop.locationId,
        reason: '不良',
        exchange: true,
        note: null,
      });
      const line = {
        skuId: shop.chargerSkuId,
        quantity: 2,
        unitPriceFen: 6_000,
        bucket: 'sellable' as const,
        batchCode: null,
      };
      await addReturnLine(uow, actor, { returnId: back.id, ...line });
      await postReturnNow(database, uow, back.id);
      now = NOON;
      const { chargerSkuId: skuId } = shop;
      await saveReplenishmentRule(uow, actor, { ...rule, skuId, storeId: shop.otherStoreId, minimum: 4 });
      await saveReplenishmentRule(uow, actor, { ...rule, skuId, storeId: shop.storeId, maximum: 7 });
      await over(startAnalysis(services, actor));
      await over(startAlerts(services, actor));
    });

    it('tell each matter once, the most urgent of its kind first, and what a document would ask for', async () => {
      const rows = await listed();
      expect(
        rows.map(({ kind, storeName, skuCode, quantity, wanted, days }) => [
          kind,
          storeName,
          skuCode,
          quantity,
          wanted,
          days,
        ]),
      ).to.eql([
        ['below', '河西店', 'CD67', 0, 4, null],
        ['transit', '河西店', null, 1, 0, 17],
        ['batch', '新街口店', 'SNM', 10, 0, 10],
        ['above', '新街口店', 'CD67', 10, 3, null],
        ['ageing', '新街口店', 'MI17-01', 4, 0, 114],
        ['ageing', '河西店', 'MI17-01', 1, 0, 114],
        ['idle', '新街口店', 'MI17-01', 4, 0, 114],
        ['idle', '新街口店', 'CD67', 10, 0, 114],
        ['idle', '河西店', 'MI17-01', 2, 0, 114],
        ['exchange', '新街口店', null, 2, 0, 20],
      ]);
      expect(rows[1]).to.include({ documentId: transferId, otherStoreName: '新街口店', dueOn: addDays(TODAY, -17) });
      expect([...(await alertCounts(database.read, filter({ kind: 'below' })))]).to.have.length(7);
    });

    it('keep to the reader’s stores; both sides see a late transfer; filters find goods', async () => {
      const there = await listed({ scope: [shop.otherStoreId] });
      expect(there.map(({ kind }) => kind)).to.eql(['below', 'transit', 'ageing', 'idle']);
      expect((await listed({ storeId: shop.storeId })).map(({ kind }) => kind))
        .to.include('transit')
        .and.not.include('below');
      expect(await listed({ scope: [] })).to.eql([]);
      const [below] = there;
      expect(await alertById(database.read, below?.id ?? 0, filter({ scope: [shop.storeId] }))).to.equal(undefined);
      expect((await listed({ text: 'snm' })).map(({ kind }) => kind)).to.eql(['batch']);
      expect(await listed({ brandId: shop.brandId, categoryIds: [shop.phoneCategoryId], kind: 'idle' })).to.have.length(
        2,
      );
    });

    it('become one document, filled in, by who may make it', async () => {
      const [below] = await listed({ kind: 'below' });
      const [above] = await listed({ kind: 'above' });
      if (!below || !above) throw new Error('no alert');
      const reader = actorWith({ 'reporting.alert.view': 'all' });
      expect(actsOf(reader, below)).to.eql([]);
      expect((await refusal(actOnAlert(uow, reader, { id: below.id, act: 'requisition' }))).status).to.equal(403);
      expect((await refusal(actOnAlert(uow, reader, { id: above.id, act: 'transfer' }))).status).to.equal(403);
      expect((await refusal(actOnAlert(uow, actor, { id: below.id, act: 'transfer' }))).code).to.equal(
        'reporting:error.alert_act',
      );
      const made = await actOnAlert(uow, actor, { id: below.id, act: 'requisition' });
      expect((await database.read.get(requisition, made.id))?.storeId).to.equal(shop.otherStoreId);
      const [wish] = await database.read.find(requisitionLine, { requisitionId: made.id });
      expect([wish?.skuId, wish?.quantity]).to.eql([shop.chargerSkuId, 4]);
      const twice = await Promise.allSettled(
        [1, 2].map(() => actOnAlert(uow, actor, { id: above.id, act: 'transfer' })),
      );
      expect(twice.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);
      const moved = (await database.read.find(transfer, {})).filter(({ id }) => id !== transferId);
      expect(moved.map(({ fromStoreId, toStoreId }) => [fromStoreId, toStoreId])).to.eql([
        [shop.storeId, shop.otherStoreId],
      ]);
      const [line] = await database.read.find(transferLine, { transferId: moved[0]?.id ?? 0 });
      expect([line?.skuId, line?.quantity]).to.eql([shop.chargerSkuId, 3]);
      expect((await listed({ state: 'done' })).map(({ madeNumber }) => madeNumber)).to.include(made.number);
      expect((await refusal(actOnAlert(uow, actor, { id: below.id, act: 'requisition' }))).status).to.equal(409);
    });

    it('that are switched off or below their limit are not told; a new computation takes the place of the old', async () => {
      await uow.run(actor, async (unit) => {
        for (const name of ['Below', 'Above', 'Ageing', 'Idle', 'Exchange'])
          await writeParameter(unit, `reporting.alert${name}`, false);
        await writeParameter(unit, 'reporting.alertTransitDays', 17);
        await writeParameter(unit, 'reporting.alertBatchDays', 9);
      });
      await over(startAlerts(services, actor));
      expect(await listed()).to.eql([]);
      expect(await database.read.find(stockAlert, {})).to.eql([]);
      await uow.run(actor, (unit) => writeParameter(unit, 'reporting.alertTransitDays', 16));
      await over(startAlerts(services, actor));
      expect((await listed()).map(({ kind }) => kind)).to.eql(['transit']);
    });

    it('name orders, loans, price protection and rebates that wait too long, each with its switch', async () => {
      const [charger, white] = [shop.chargerSkuId, shop.phoneSkuIds[0]];
      const [{ id: supplierId } = { id: 0 }] = await database.read.all<{ id: number }>(sql`SELECT id FROM supplier`);
      const here = { supplierId, storeId: shop.storeId };
      now = NOON - 40 * DAY;
      const order = {
        ...here,
        orderedOn: addDays(TODAY, -40),
        expectedOn: addDays(TODAY, -3),
        note: null,
        submit: true,
      };
      const lines = [shop.storeId, shop.otherStoreId].map((storeId) => ({ skuId: charger, storeId, quantity: 4 }));
      await placeOrder(uow, actor, { ...order, lines: lines.map((line) => ({ ...line, unitPriceFen: 6_000 })) });
      await lendDevices(uow, actor, {
        locationId: shop.locationId,
        borrower: '河西活动',
        purpose: 'event',
        dueOn: addDays(TODAY, -2),
        note: '',
        numbers: [imeiOf(2), imeiOf(3)].join('\n'),
      });
      const phones = await receiveGoods(uow, actor, {
        ...here,
        locationId: shop.locationId,
        businessDate: addDays(TODAY, -40),
        deliveryNote: null,
        withInvoice: true,
        note: null,
        lines: [{ skuId: white, quantity: 2, unitPriceFen: 392_000, devices: [bought(1), bought(2)] }],
      });
      expect(phones.id).to.be.greaterThan(0);
      const sample = { ...shop, supplierId };
      const claim = await draftProtection(uow, sample, [bought(1), bought(2)], { effectiveAt: now });
      await submitNow(database, uow, claim.id);
      const { id: rebateId } = await createRebate(uow, actor, {
        ...here,
        name: '提货返利',
        kind: 'quantity',
        fromOn: addDays(TODAY, -60),
        toOn: TODAY,
        brandId: null,
        categoryId: null,
        skuId: white,
        taxRateBp: 1300,
        tiers: [{ from: 2, award: 11_300 }],
        note: null,
      });
      await accrueRebate(uow, actor, { rebateId, version: 1, untilOn: addDays(TODAY, -40) });
      now = NOON;
      const told = async () => {
        await over(startAlerts(services, actor));
        const kinds = new Set(['order', 'loan', 'claim', 'rebate']);
        return (await listed())
          .filter(({ kind }) => kinds.has(kind))
          .map((row) => [row.kind, row.storeName, row.quantity, row.days]);
      };
      expect(await told()).to.eql([
        ['order', '新街口店', 4, 3],
        ['order', '河西店', 4, 3],
        ['loan', '新街口店', 2, 2],
        ['claim', '新街口店', 2, 40],
        ['rebate', '新街口店', 1, 40],
      ]);
      await uow.run(actor, async (unit) => {
        await writeParameter(unit, 'reporting.alertOrderDays', 3);
        for (const name of ['Loan', 'Claim']) await writeParameter(unit, `reporting.alert${name}`, false);
      });
      expect((await told()).map(([kind]) => kind)).to.eql(['rebate']);
      await uow.run(actor, (unit) => writeParameter(unit, 'purchasing.claimAlertDays', 41));
      expect(await told()).to.eql([]);
    });

    it('are sent once a day to each channel that asked, of its store, without amounts', async () => {
      await uow.run(actor, async (unit) => {
        const id = unit.takeIds(notificationChannel, 3);
        const channel = {
          kind: 'webhook',
          locale: 'zh-CN',
          settings: { origin: 'https://x.example' },
          secret: null,
          active: true,
        } as const;
        const at = { createdAt: unit.now, version: 1 };
        await unit.insert(notificationChannel, [
          { ...channel, ...at, id, name: '总部', subscriptions: ['stock-alerts'], storeId: null },
          { ...channel, ...at, id: id + 1, name: '河西', subscriptions: ['stock-alerts'], storeId: shop.otherStoreId },
          { ...channel, ...at, id: id + 2, name: '运维', subscriptions: ['backup-late'], storeId: null },
        ]);
      });
      expect(await sendAlertDigest(services, actor, TODAY)).to.equal(2);
      await sendAlertDigest(services, actor, TODAY);
      const sent = (await database.read.find(notification, {})).map(({ content }) => content);
      expect(sent.map(({ values }) => [values['total'], values['below'], values['store']])).to.eql([
        [10, 1, undefined],
        [4, 1, '河西店'],
      ]);
      expect(sent[1]?.href).to.equal(`/reporting/alerts?store=${shop.otherStoreId}`);
      await sendAlertDigest(services, actor, addDays(TODAY, 1));
      expect(await database.read.find(notification, {})).to.have.length(4);
    });
  });
});
