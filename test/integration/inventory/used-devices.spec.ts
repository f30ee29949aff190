import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { BusinessDate } from '../../../src/kernel';
import { device, verifyLedger } from '../../../src/ledger';
import { deviceChecks, deviceGrades } from '../../../src/modules/inventory/queries/device-grades';
import { latestTest } from '../../../src/modules/inventory/queries/device-tests';
import { devicePriceChange, devicePriceLine } from '../../../src/modules/inventory/store/device-price.table';
import { deviceTest } from '../../../src/modules/inventory/store/device-test.table';
import {
  priceDevices,
  type PriceDevices,
  reverseDevicePrices,
} from '../../../src/modules/inventory/use-cases/price-devices';
import { reverseTest, testDevice } from '../../../src/modules/inventory/use-cases/test-device';
import { postSale } from '../../../src/modules/sales';
import { scanCodes } from '../../../src/modules/sales/queries/scan-codes';
import type { Database } from '../../../src/platform/database';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');

describe('prices of single devices, and used devices', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
    });

    const idOf = (index: number): number => shop.devices[index]?.id ?? 0;
    const rowOf = async (index: number) => database.read.get(device, idOf(index));
    const price = (indexes: number[], more: Partial<PriceDevices>, who: Actor = actor) =>
      priceDevices(uow, who, { deviceIds: indexes.map(idOf), way: 'amount', value: 450_000, reason: '清仓', ...more });
    const sell = (index: number, amountFen: number) =>
      postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId: idOf(index), quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen }],
      });
    const sound = async () => expect(await verifyLedger(database.read)).to.have.property('ok', true);

    it('gives devices prices of their own that the till takes, a document for each store, and back', async () => {
      const both = await priceDevices(uow, actor, {
        deviceIds: [idOf(0), idOf(1), shop.otherDevice.id],
        way: 'amount',
        value: 450_000,
        reason: '清仓',
      });
      expect(both).to.include({ devices: 3, left: 0 });
      expect(both.documents).to.have.length(2);
      expect((await rowOf(0))?.priceFen).to.equal(450_000);
      await sell(0, 450_000);
      expect(await price([0, 1, 2], {}), 'sold, and as it is: left out').to.include({ devices: 1, left: 2 });
      const less = await price([1], { way: 'less', value: 1_000 });
      expect((await rowOf(1))?.priceFen).to.equal(449_000);
      const [document] = less.documents;
      const [line] = await database.read.find(devicePriceLine, { changeId: document?.id ?? 0 });
      expect(line).to.include({ beforeFen: 450_000, afterFen: 449_000, belowFloor: false });
      await reverseDevicePrices(uow, actor, { id: document?.id ?? 0, version: 1 });
      expect((await rowOf(1))?.priceFen).to.equal(450_000);
      expect(await database.read.get(devicePriceChange, document?.id ?? 0)).to.include({ state: 'reversed' });
      await price([1], { way: 'clear', value: null });
      expect((await rowOf(1))?.priceFen).to.equal(null);
      const first = both.documents[0]?.id ?? 0;
      const refused = await refusal(reverseDevicePrices(uow, actor, { id: first, version: 1 }));
      expect(refused).to.have.property('code', 'ledger:error.has_dependents');
      await sound();
    });

    it('keeps the floor: below it only with the right, and nothing is written where one is refused', async () => {
      // The list asks 4,499.00; the floor is 4,299.00.
      const manager = actorWith({ 'inventory.price.change': [shop.storeId] });
      const refused = await refusal(price([0, 1], { value: 429_899 }, manager));
      expect(refused).to.have.property('code', 'inventory:error.price_refused');
      expect(refused.fields.map(({ code }) => code)).to.deep.equal([
        'inventory:error.price_below_floor',
        'inventory:error.price_below_floor',
      ]);
      expect((await rowOf(0))?.priceFen).to.equal(null);
      await price([0], { value: 429_900 }, manager);
      const owner = actorWith({ 'inventory.price.change': [shop.storeId], 'inventory.price.below': [shop.storeId] });
      const { documents } = await price([1], { way: 'percent', value: 8_000 }, owner);
      expect((await rowOf(1))?.priceFen).to.equal(359_900);
      expect((await database.read.find(devicePriceLine, { changeId: documents[0]?.id ?? 0 }))[0]?.belowFloor).to.equal(
        true,
      );
      const elsewhere = actorWith({ 'inventory.price.change': [shop.otherStoreId] });
      expect(await refusal(price([2], {}, elsewhere))).to.have.property('status', 403);
      for (const wrong of [{ reason: ' ' }, { value: 0 }, { way: 'percent' as const, value: 100_001 }])
        expect(await refusal(price([2], wrong))).to.have.property('status', 422);
      expect(await refusal(price([2], { way: 'clear', value: null }))).to.have.property(
        'code',
        'inventory:error.price_nothing',
      );
      await sound();
    });

    it('is done once however often it is pressed, and one of a sale and a price at once comes second', async () => {
      const operationKey = randomUUID();
      const command = { deviceIds: [idOf(2)], way: 'amount' as const, value: 440_000, reason: '样机' };
      const pressed = await Promise.all([
        priceDevices(uow, actor, command, { operationKey }),
        priceDevices(uow, actor, command, { operationKey }),
      ]);
      expect(pressed[0].documents).to.deep.equal(pressed[1].documents);
      await Promise.allSettled([price([3], { value: 441_000 }), sell(3, 499_900)]);
      expect((await rowOf(3))?.state).to.be.oneOf(['sold', 'in_stock']);
      await sound();
    });

    it('tests a device: grade and battery from the sheet, kept as filled in; reversed, they are as before', async () => {
      const grades = await deviceGrades(database.read);
      const checks = await deviceChecks(database.read);
      const grade = grades.find(({ name }) => name === '95新');
      const sheet = new Map(
        checks.map(({ id }, index) => [
          id,
          { outcome: index === 0 ? 'fail' : 'pass', remark: index === 0 ? '有坏点' : '' },
        ]),
      );
      const test = (more: object = {}, who: Actor = actor) =>
        testDevice(uow, who, {
          deviceId: idOf(0),
          gradeId: grade?.id ?? 0,
          batteryHealth: 88,
          note: '',
          results: sheet,
          ...more,
        });
      const { id } = await test();
      expect(await rowOf(0)).to.include({ grade: '95新', batteryHealth: 88 });
      const latest = await latestTest(database.read, idOf(0));
      expect(latest).to.include({ id, failed: 1 });
      expect(latest?.results[0]).to.include({ outcome: 'fail', remark: '有坏点' });
      expect(latest?.results).to.have.length(checks.length);
      const place = { storeId: shop.storeId, today: '2026-11-22' as BusinessDate, now: Date.UTC(2026, 10, 22, 4) };
      const [scanned] = await scanCodes(database.read, { ...place, channelId: null, levelId: null, seesCost: false }, [
        imeiOf(0),
      ]);
      expect(scanned?.kind === 'line' && scanned.line.name, 'the till says it').to.include('95新 · 88%');
      expect((await refusal(test({ batteryHealth: 101 }))).fields[0]?.path).to.equal('batteryHealth');
      expect((await refusal(test({ gradeId: 999_999 }))).fields[0]?.path).to.equal('gradeId');
      const elsewhere = actorWith({ 'inventory.test.edit': [shop.otherStoreId] });
      expect(await refusal(test({}, elsewhere))).to.have.property('status', 403);
      await sound();
      await reverseTest(uow, actor, { id, version: 1 });
      expect(await rowOf(0)).to.include({ grade: null, batteryHealth: null });
      expect(await latestTest(database.read, idOf(0))).to.equal(undefined);
      expect(await database.read.get(deviceTest, id)).to.include({ state: 'reversed' });
      expect(await refusal(reverseTest(uow, actor, { id, version: 2 }))).to.have.property('status', 409);
      await sound();
    });
  });
});
