import { expect } from 'chai';
import { approveOrder, placeOrder, sendBackOrder, submitOrder } from '../../../src/modules/purchasing';
import { orderView } from '../../../src/modules/purchasing/queries/order-page';
import { purchaseOrder, purchaseOrderLine } from '../../../src/modules/purchasing/store/order.table';
import { withdrawOrder } from '../../../src/modules/purchasing/use-cases/decide-order';
import { cancelOrder, closeOrder } from '../../../src/modules/purchasing/use-cases/end-order';
import {
  addOrderLines,
  changeOrderLines,
  removeOrderLine,
} from '../../../src/modules/purchasing/use-cases/order-lines';
import { changeOrder, createOrder } from '../../../src/modules/purchasing/use-cases/save-order';
import { sql } from '../../../src/platform/database';
import { COST_PERMISSION, systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { orderActions, orderState, orderVersion, personWith, setApprovalLevels } from '../../support/orders';
import { samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');
const TODAY = '2026-11-22';

/** Ten handsets and thirty chargers for one store, five handsets for the other: 58,800.00 + 1,695.00. */
const place = (uow: UnitOfWork, sample: SamplePurchasing, submit: boolean, actor = system, key?: string) =>
  placeOrder(
    uow,
    actor,
    {
      supplierId: sample.supplierId,
      storeId: sample.storeId,
      orderedOn: '2026-11-20',
      expectedOn: '2026-11-25',
      note: null,
      submit,
      lines: [
        { skuId: sample.phoneSkuIds[0], storeId: sample.storeId, quantity: 10, unitPriceFen: 392_000 },
        { skuId: sample.chargerSkuId, storeId: sample.storeId, quantity: 30, unitPriceFen: 5650 },
        { skuId: sample.phoneSkuIds[0], storeId: sample.otherStoreId, quantity: 5, unitPriceFen: 392_000 },
      ],
    },
    key === undefined ? undefined : { operationKey: key },
  );

describe('a purchase order', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('is drafted for several stores, changed, submitted and approved at once where no level asks for it', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id, number } = await createOrder(uow, system, {
        supplierId: sample.supplierId,
        storeId: sample.storeId,
        orderedOn: TODAY,
        expectedOn: null,
        note: null,
      });
      expect(number).to.match(/^CG261122-NJ01-\d{4}$/);
      const lines = [
        { skuId: sample.phoneSkuIds[0], storeId: sample.storeId, quantity: 10, unitPriceFen: 392_000 },
        { skuId: sample.chargerSkuId, storeId: sample.otherStoreId, quantity: 30 },
      ];
      const { lineIds } = await addOrderLines(uow, system, { orderId: id, lines });
      // The charger was never bought there: nobody knows its price.
      const version = await orderVersion(database, id);
      expect(await refusal(submitOrder(uow, system, { orderId: id, version }))).to.include({
        code: 'purchasing:error.order_cannot_submit',
      });
      await changeOrderLines(uow, system, {
        orderId: id,
        lines: [{ id: lineIds[1] ?? 0, version: 1, quantity: 20, unitPriceFen: 5650, expectedOn: '2026-11-30' }],
      });
      await removeOrderLine(uow, system, { orderId: id, lineId: lineIds[0] ?? 0 });
      expect(await database.read.get(purchaseOrder, id)).to.include({
        lineCount: 1,
        quantity: 20,
        grossFen: 113_000,
        taxFen: 13_000,
      });
      await changeOrder(uow, system, {
        orderId: id,
        version: await orderVersion(database, id),
        supplierId: sample.supplierId,
        orderedOn: TODAY,
        expectedOn: '2026-12-01',
        note: '尽快',
      });
      const done = await submitOrder(uow, system, { orderId: id, version: await orderVersion(database, id) });
      expect(done.state).to.equal('approved');
      expect(await orderActions(database, id)).to.eql([
        'create',
        'add_lines',
        'edit_lines',
        'remove_line',
        'edit',
        'submit',
      ]);
      const stale = refusal(changeOrderLines(uow, system, { orderId: id, lines: [] }));
      expect(await stale).to.include({ code: 'purchasing:error.order_not_a_draft', status: 409 });
    });

    it('says of every line what is wrong, and then writes nothing', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const command = {
        supplierId: sample.supplierId,
        storeId: sample.storeId,
        orderedOn: TODAY,
        expectedOn: null,
        note: null,
        submit: false,
        lines: [
          { skuId: sample.insuranceSkuId, storeId: sample.storeId, quantity: 1 },
          { skuId: sample.chargerSkuId, storeId: sample.storeId, quantity: 0 },
          { skuId: sample.chargerSkuId, storeId: sample.storeId, quantity: 1, expectedOn: '2026-11-01' },
          { skuId: 99_999, storeId: 99_999, quantity: null, unitPriceFen: -1 },
        ],
      };
      const refused = await refusal(placeOrder(uow, system, command));
      expect(refused.fields.map(({ path }) => path)).to.eql([
        'lines.0.sku',
        'lines.1.quantity',
        'lines.2.expectedOn',
        'lines.3.sku',
        'lines.3.storeId',
        'lines.3.quantity',
        'lines.3.unitPrice',
      ]);
      expect(await database.read.find(purchaseOrder, {})).to.eql([]);
    });

    it('goes up the levels its amount needs; nobody approves their own', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const buyer = await personWith(uow, 'buyer', 'buyer1');
      const manager = await personWith(uow, 'manager', 'manager1');
      const owner = await personWith(uow, 'owner', 'owner1');
      await setApprovalLevels(uow, [
        { name: '老板审批', fromFen: 5_000_000, role: 'owner' },
        { name: '店长审批', fromFen: 100_000, role: 'manager' },
      ]);
      const { id } = await place(uow, sample, true, buyer);
      expect(await orderState(database, id)).to.equal('submitted');
      const at = async () => ({ orderId: id, version: await orderVersion(database, id) });
      expect(await refusal(approveOrder(uow, buyer, await at()))).to.include({ code: 'purchasing:error.approval_own' });
      const seen = await at();
      expect((await approveOrder(uow, manager, seen)).state).to.equal('submitted');
      expect(await refusal(approveOrder(uow, owner, seen))).to.include({ code: 'errors:stale' });
      expect(await refusal(approveOrder(uow, manager, await at()))).to.include({
        code: 'purchasing:error.approval_role',
      });
      // The rules change: this order keeps those it was submitted under.
      await setApprovalLevels(uow, [{ name: '第三级', fromFen: 0, role: null }]);
      expect((await approveOrder(uow, owner, await at())).state).to.equal('approved');
      const view = await orderView(database.read, system, id, TODAY);
      expect(view.approvals.map(({ name, decidedByName }) => [name, decidedByName])).to.eql([
        ['店长审批', 'manager1'],
        ['老板审批', 'owner1'],
      ]);
      expect(await orderActions(database, id)).to.eql(['create', 'submit', 'approve', 'approve']);
    });

    it('comes back for changes and begins its approvals anew; who may approve the last level passes all', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const buyer = await personWith(uow, 'buyer', 'buyer1');
      const manager = await personWith(uow, 'manager', 'manager1');
      const owner = await personWith(uow, 'owner', 'owner1');
      await setApprovalLevels(uow, [
        { name: '店长审批', fromFen: 0, role: 'manager' },
        { name: '老板审批', fromFen: 5_000_000, role: 'owner' },
      ]);
      const { id } = await place(uow, sample, true, buyer);
      const at = async () => ({ orderId: id, version: await orderVersion(database, id) });
      await approveOrder(uow, manager, await at());
      expect(await refusal(sendBackOrder(uow, owner, { ...(await at()), reason: ' ' }))).to.include({
        code: 'errors:form',
      });
      await sendBackOrder(uow, owner, { ...(await at()), reason: '数量太多' });
      expect(await orderState(database, id)).to.equal('draft');
      await submitOrder(uow, buyer, await at());
      await withdrawOrder(uow, buyer, await at());
      await submitOrder(uow, buyer, await at());
      const view = await orderView(database.read, system, id, TODAY);
      expect(view.approvals.map(({ decidedAt }) => decidedAt)).to.eql([null, null]);
      expect((await approveOrder(uow, owner, await at())).state).to.equal('approved');
    });

    it('is placed once however often the button is pressed, and approved by one of two', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const [first, again] = await Promise.all([
        place(uow, sample, true, system, 'order-key-0001'),
        place(uow, sample, true, system, 'order-key-0001'),
      ]);
      expect(again).to.eql(first);
      expect(await database.read.find(purchaseOrder, {})).to.have.length(1);
      await setApprovalLevels(uow, [{ name: '审批', fromFen: 0, role: null, own: true }]);
      const { id } = await place(uow, sample, true);
      const version = await orderVersion(database, id);
      const both = await Promise.allSettled([
        approveOrder(uow, system, { orderId: id, version }),
        sendBackOrder(uow, system, { orderId: id, version, reason: '太多' }),
      ]);
      expect(both.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await orderActions(database, id)).to.have.length(3);
    });

    it('is cancelled or closed short with a reason', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await place(uow, sample, true);
      const lines = await database.read.find(purchaseOrderLine, { orderId: id });
      const at = async () => ({ orderId: id, version: await orderVersion(database, id), reason: '缺货' });
      await closeOrder(uow, system, { ...(await at()), lineIds: [lines[0]?.id ?? 0] });
      expect(await orderState(database, id)).to.equal('approved');
      expect((await closeOrder(uow, system, await at())).state).to.equal('closed');
      expect(await refusal(cancelOrder(uow, system, await at()))).to.include({ code: 'purchasing:error.order_state' });
      const other = await place(uow, sample, true);
      const version = await orderVersion(database, other.id);
      await cancelOrder(uow, system, { orderId: other.id, version, reason: '供应商停产' });
      expect(await database.read.get(purchaseOrder, other.id)).to.include({
        state: 'cancelled',
        endReason: '供应商停产',
      });
    });

    it('shows a reader the lines of their stores, and cost to who may see it', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const { id } = await place(uow, sample, true);
      const here = [sample.storeId];
      const keeper = actorWith({ 'purchasing.order.view': here });
      const view = await orderView(database.read, keeper, id, '2026-11-26');
      expect(view).to.include({ hidden: 1, quantity: 40 }).and.not.have.property('money');
      expect(view.lines.map(({ late, open }) => [late, open])).to.eql([
        [true, 10],
        [true, 30],
      ]);
      for (const line of view.lines) expect(line).to.not.have.any.keys('unitPriceFen', 'amountFen', 'taxFen');
      const accountant = actorWith({ 'purchasing.order.view': here, [COST_PERMISSION]: here });
      expect((await orderView(database.read, accountant, id, TODAY)).money?.grossFen).to.equal(4_089_500);
      const elsewhere = actorWith({ 'purchasing.order.view': [] });
      expect(await refusal(orderView(database.read, elsewhere, id, TODAY))).to.include({ status: 403 });
      // Who orders for one store does not order for the other, nor end an order that is also for the other.
      const local = actorWith({ 'purchasing.order.edit': here, 'purchasing.order.close': here });
      expect(await refusal(place(uow, sample, false, local))).to.include({ status: 403 });
      const version = await orderVersion(database, id);
      expect(await refusal(cancelOrder(uow, local, { orderId: id, version, reason: 'x' }))).to.include({ status: 403 });
      const drafts = await database.read.one<{ n: number }>(sql`SELECT COUNT(*) AS n FROM purchase_order`);
      expect(Number(drafts?.n)).to.equal(1);
    });
  });
});
