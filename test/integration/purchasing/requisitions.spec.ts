import { expect } from 'chai';
import { receipt, receiveGoods, requestGoods, reverseReceipt, submitOrder } from '../../../src/modules/purchasing';
import { purchaseOrderLine } from '../../../src/modules/purchasing/store/order.table';
import { requisition, requisitionLine } from '../../../src/modules/purchasing/store/requisition.table';
import {
  approveRequisition,
  cancelRequisition,
  closeRequisition,
  rejectRequisition,
  reviseRequisition,
  submitRequisition,
  withdrawRequisition,
} from '../../../src/modules/purchasing/use-cases/decide-requisition';
import { cancelOrder, closeOrder } from '../../../src/modules/purchasing/use-cases/end-order';
import { changeOrderLines, removeOrderLine } from '../../../src/modules/purchasing/use-cases/order-lines';
import { orderWishes } from '../../../src/modules/purchasing/use-cases/order-wishes';
import { addWishes, changeWishes } from '../../../src/modules/purchasing/use-cases/requisition-lines';
import { changeRequisition, createRequisition } from '../../../src/modules/purchasing/use-cases/save-requisition';
import { ordersOfRequisition, requisitionView } from '../../../src/modules/purchasing/queries/requisition-page';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { orderVersion } from '../../support/orders';
import { samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');
const version = async (database: Database, id: number) => (await database.read.get(requisition, id))?.version ?? 0;
const stateOf = async (database: Database, id: number) => (await database.read.get(requisition, id))?.state;
const wishes = (database: Database, requisitionId: number) => database.read.find(requisitionLine, { requisitionId });
const numbers = async (database: Database, id: number) =>
  (await wishes(database, id)).map(({ ordered, received, givenUp }) => [ordered, received, givenUp]);

/** Both stores want chargers, the first one twice: 5 and 3 there, 4 in the other. */
const wanted = (uow: UnitOfWork, sample: SamplePurchasing, key?: string) =>
  requestGoods(
    uow,
    system,
    {
      lines: [
        { storeId: sample.storeId, skuId: sample.chargerSkuId, quantity: 5, reason: '双十二' },
        { storeId: sample.otherStoreId, skuId: sample.chargerSkuId, quantity: 4 },
        { storeId: sample.storeId, skuId: sample.chargerSkuId, quantity: 3 },
      ],
      wantedOn: '2026-11-30',
      reason: '补货',
      upTo: 'approved',
    },
    key === undefined ? undefined : { operationKey: key },
  );

describe('a requisition', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('is drafted, changed, submitted, withdrawn, rejected, revised and approved', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const header = { wantedOn: '2026-11-30', reason: '备货' };
      const early = refusal(
        createRequisition(uow, system, { ...header, storeId: sample.storeId, wantedOn: '2026-11-01' }),
      );
      expect((await early).fields[0]).to.include({ path: 'wantedOn', code: 'purchasing:error.wanted_before' });
      const { id, number } = await createRequisition(uow, system, { ...header, storeId: sample.storeId });
      expect(number).to.match(/^QG261122-NJ01-\d{4}$/);
      const command = async (reason?: string) => ({ requisitionId: id, version: await version(database, id), reason });
      expect((await refusal(submitRequisition(uow, system, await command()))).code).to.equal(
        'purchasing:error.requisition_no_lines',
      );
      const bad = refusal(
        addWishes(uow, system, {
          requisitionId: id,
          lines: [
            { skuId: sample.insuranceSkuId, quantity: 1 },
            { skuId: sample.chargerSkuId, quantity: null },
          ],
        }),
      );
      expect((await bad).fields.map(({ path }) => path)).to.eql(['lines.0.sku', 'lines.1.quantity']);
      const { lineIds } = await addWishes(uow, system, {
        requisitionId: id,
        lines: [
          { skuId: sample.chargerSkuId, quantity: 5 },
          { skuId: sample.phoneSkuIds[0], quantity: 2, reason: ' 预订 ' },
        ],
      });
      await changeRequisition(uow, system, { ...(await command()), wantedOn: null, reason: null });
      await changeWishes(uow, system, {
        requisitionId: id,
        lines: [
          { id: lineIds[0] ?? 0, version: 1, quantity: 0, reason: null },
          { id: lineIds[1] ?? 0, version: 1, quantity: 3, reason: '预订' },
        ],
      });
      expect(await database.read.get(requisition, id)).to.include({ lineCount: 1, quantity: 3, reason: null });
      await submitRequisition(uow, system, await command());
      expect((await refusal(addWishes(uow, system, { requisitionId: id, lines: [] }))).status).to.equal(409);
      await withdrawRequisition(uow, system, await command());
      await submitRequisition(uow, system, await command());
      expect((await refusal(rejectRequisition(uow, system, await command(' ')))).fields[0]?.path).to.equal('reason');
      await rejectRequisition(uow, system, await command('库存够'));
      expect(await database.read.get(requisition, id)).to.include({ state: 'rejected', endReason: '库存够' });
      await reviseRequisition(uow, system, await command());
      await submitRequisition(uow, system, await command());
      const old = await command();
      await approveRequisition(uow, system, old);
      expect((await refusal(approveRequisition(uow, system, old))).status).to.equal(409);
      expect((await refusal(cancelRequisition(uow, system, await command('x')))).status).to.equal(409);
      await closeRequisition(uow, system, await command('不要了'));
      expect(await stateOf(database, id)).to.equal('closed');
    });

    it('of several stores becomes one order, once, with one line for each store and product', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { requisitions } = await wanted(uow, sample, 'wish-once-1');
      expect((await wanted(uow, sample, 'wish-once-1')).requisitions).to.eql(requisitions);
      expect(await database.read.find(requisition, {})).to.have.length(2);
      const [here, there] = [requisitions[0]?.id ?? 0, requisitions[1]?.id ?? 0];
      const lines = [...(await wishes(database, here)), ...(await wishes(database, there))].map(({ id, quantity }) => ({
        lineId: id,
        quantity,
        supplierId: sample.supplierId,
      }));
      const command = { storeId: sample.storeId, expectedOn: '2026-11-28', lines };
      const tooMany = { ...command, lines: lines.map((line) => ({ ...line, quantity: line.quantity + 1 })) };
      expect((await refusal(orderWishes(uow, system, tooMany))).fields).to.have.length(3);
      const { orders } = await orderWishes(uow, system, command, { operationKey: 'order-once-1' });
      expect(await orderWishes(uow, system, command, { operationKey: 'order-once-1' })).to.eql({ orders });
      expect((await refusal(orderWishes(uow, system, command))).status).to.equal(409);
      expect(orders).to.have.length(1);
      const orderId = orders[0]?.id ?? 0;
      const ordered = await database.read.find(purchaseOrderLine, { orderId });
      expect(ordered.map(({ storeId, quantity }) => [storeId, quantity])).to.have.deep.members([
        [sample.storeId, 8],
        [sample.otherStoreId, 4],
      ]);
      expect([await stateOf(database, here), await stateOf(database, there)]).to.eql(['ordered', 'ordered']);
      expect(await ordersOfRequisition(database.read, system, here)).to.have.length(1);

      // A smaller order, and a removed line: what is missing is wanted again.
      const first = ordered.find(({ storeId }) => storeId === sample.storeId);
      const other = ordered.find(({ storeId }) => storeId === sample.otherStoreId);
      const change = { id: first?.id ?? 0, version: 1, quantity: 6, unitPriceFen: 5650, expectedOn: null };
      await changeOrderLines(uow, system, { orderId, lines: [change] });
      await removeOrderLine(uow, system, { orderId, lineId: other?.id ?? 0 });
      expect(await numbers(database, here)).to.eql([
        [5, 0, 0],
        [1, 0, 0],
      ]);
      expect([await stateOf(database, here), await stateOf(database, there)]).to.eql(['partial', 'approved']);

      // Four came: the first wish before the second. Their reversal takes it back.
      await submitOrder(uow, system, { orderId, version: await orderVersion(database, orderId) });
      const { id: receiptId } = await receiveGoods(uow, system, {
        supplierId: sample.supplierId,
        storeId: sample.storeId,
        locationId: sample.locationId,
        businessDate: '2026-11-22',
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines: [{ skuId: sample.chargerSkuId, quantity: 4, order: { lineId: first?.id ?? 0, unitPriceFen: 5650 } }],
      });
      expect(await numbers(database, here)).to.eql([
        [5, 4, 0],
        [1, 0, 0],
      ]);
      const posted = (await database.read.get(receipt, receiptId))?.version ?? 0;
      await reverseReceipt(uow, system, { receiptId, version: posted, reason: '数错' });
      expect(await numbers(database, here)).to.eql([
        [5, 0, 0],
        [1, 0, 0],
      ]);
      const end = async () => ({ orderId, version: await orderVersion(database, orderId), reason: '缺货' });
      await closeOrder(uow, system, await end());
      expect(await numbers(database, here)).to.eql([
        [0, 0, 0],
        [0, 0, 0],
      ]);
      expect(await stateOf(database, here)).to.equal('approved');
    });

    it('is wanted again when its order is cancelled, and ends when the rest is not ordered', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { requisitions } = await wanted(uow, sample);
      const id = requisitions[0]?.id ?? 0;
      const [first] = await wishes(database, id);
      const lines = [{ lineId: first?.id ?? 0, quantity: 2, supplierId: sample.supplierId }];
      const { orders } = await orderWishes(uow, system, { storeId: sample.storeId, expectedOn: null, lines });
      expect(await stateOf(database, id)).to.equal('partial');
      const view = await requisitionView(database.read, system, id);
      expect(view.lines.map(({ open, orders: on }) => [open, on.length])).to.eql([
        [3, 1],
        [3, 0],
      ]);
      const orderId = orders[0]?.id ?? 0;
      const cancelled = { orderId, version: await orderVersion(database, orderId), reason: '重复' };
      await cancelOrder(uow, system, cancelled);
      expect([await stateOf(database, id), await numbers(database, id)]).to.eql([
        'approved',
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
      ]);
      const close = async (lineIds?: number[]) =>
        closeRequisition(uow, system, {
          requisitionId: id,
          version: await version(database, id),
          reason: '停产',
          lineIds,
        });
      expect((await close([first?.id ?? 0])).state).to.equal('approved');
      expect((await close()).state).to.equal('closed');
      expect(await numbers(database, id)).to.eql([
        [0, 0, 5],
        [0, 0, 3],
      ]);
    });

    it('is for two buyers at once ordered once', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { requisitions } = await wanted(uow, sample);
      const [line] = await wishes(database, requisitions[1]?.id ?? 0);
      const lines = [{ lineId: line?.id ?? 0, quantity: 4, supplierId: sample.supplierId }];
      const order = () => orderWishes(uow, system, { storeId: sample.storeId, expectedOn: null, lines });
      const done = await Promise.allSettled([order(), order()]);
      expect(done.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await database.read.find(purchaseOrderLine, {})).to.have.length(1);
      expect((await wishes(database, requisitions[1]?.id ?? 0))[0]?.ordered).to.equal(4);
    });

    it('asks for the right in each store', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const here = [sample.storeId];
      const clerk = actorWith({ 'purchasing.requisition.view': here, 'purchasing.requisition.edit': here });
      const ask = (storeId: number, upTo: 'submitted' | 'approved') =>
        requestGoods(uow, clerk, {
          lines: [{ storeId, skuId: sample.chargerSkuId, quantity: 1 }],
          wantedOn: null,
          reason: null,
          upTo,
        });
      expect((await refusal(() => ask(sample.otherStoreId, 'submitted'))).status).to.equal(403);
      expect((await refusal(() => ask(sample.storeId, 'approved'))).status).to.equal(403);
      const { requisitions } = await ask(sample.storeId, 'submitted');
      const id = requisitions[0]?.id ?? 0;
      const decide = { requisitionId: id, version: await version(database, id) };
      expect((await refusal(approveRequisition(uow, clerk, decide))).status).to.equal(403);
      const elsewhere = actorWith({ 'purchasing.requisition.view': [sample.otherStoreId] });
      expect((await refusal(requisitionView(database.read, elsewhere, id))).status).to.equal(403);
      // The buyer of one store does not order for another.
      await approveRequisition(uow, system, decide);
      const [line] = await wishes(database, id);
      const buyer = actorWith({ 'purchasing.order.edit': [sample.otherStoreId] });
      const lines = [{ lineId: line?.id ?? 0, quantity: 1, supplierId: sample.supplierId }];
      const order = orderWishes(uow, buyer, { storeId: sample.otherStoreId, expectedOn: null, lines });
      expect((await refusal(order)).status).to.equal(403);
    });
  });
});
