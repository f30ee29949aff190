import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import {
  closeOrder,
  onOrder,
  pasteIntoReceipt,
  placeOrder,
  postReceipt,
  readPaste,
  receipt,
  receiveOrder,
  reverseReceipt,
  takeOrderLines,
} from '../../../src/modules/purchasing';
import { purchaseOrder, purchaseOrderLine } from '../../../src/modules/purchasing/store/order.table';
import { linesOf } from '../../../src/modules/purchasing/store/receipt.store';
import { changeReceipt } from '../../../src/modules/purchasing/use-cases/change-receipt';
import { changeReceiptLines } from '../../../src/modules/purchasing/use-cases/change-receipt-lines';
import { receivingRuleConfiguration } from '../../../src/modules/purchasing/use-cases/receiving-rule-configuration';
import { receiptView } from '../../../src/modules/purchasing/queries/receipt-page';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { orderActions, orderState, orderVersion } from '../../support/orders';
import { imeisOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');

interface Bench {
  database: Database;
  uow: UnitOfWork;
  sample: SamplePurchasing;
  /** Five handsets at 3,920.00, ten chargers at 56.50 and ten more for nothing; all for the first store. */
  orderId: number;
  /** Handsets, chargers, free chargers. */
  lineIds: [number, number, number];
}

async function ordered(database: Database, uow: UnitOfWork): Promise<Bench> {
  const sample = await samplePurchasing(uow);
  const { storeId } = sample;
  const { id } = await placeOrder(uow, system, {
    supplierId: sample.supplierId,
    storeId,
    orderedOn: '2026-11-20',
    expectedOn: '2026-11-25',
    note: null,
    submit: true,
    lines: [
      { skuId: sample.phoneSkuIds[0], storeId, quantity: 5, unitPriceFen: 392_000 },
      { skuId: sample.chargerSkuId, storeId, quantity: 10, unitPriceFen: 5650 },
      { skuId: sample.chargerSkuId, storeId, quantity: 10, unitPriceFen: 0 },
    ],
  });
  const lines = await database.read.find(purchaseOrderLine, { orderId: id });
  return { database, uow, sample, orderId: id, lineIds: lines.map((line) => line.id) as Bench['lineIds'] };
}

const receiving = ({ uow, sample, orderId }: Bench, blind = false) =>
  receiveOrder(uow, system, {
    orderId,
    supplierId: sample.supplierId,
    storeId: sample.storeId,
    locationId: sample.locationId,
    businessDate: '2026-11-22',
    deliveryNote: null,
    withInvoice: false,
    note: null,
    blind,
  });

const scan = (uow: UnitOfWork, receiptId: number, codes: string[]) =>
  pasteIntoReceipt(uow, system, {
    receiptId,
    scans: readPaste(codes.join('\n'), { lineId: null, imeisPerDevice: 2, overrides: new Set() }),
    keep: 'all',
  });

const post = async ({ uow, database }: Bench, receiptId: number, asReceived = false) =>
  postReceipt(uow, system, {
    receiptId,
    version: (await database.read.get(receipt, receiptId))?.version ?? 0,
    asReceived,
  });

const setQuantity = async ({ uow, database }: Bench, receiptId: number, place: number, quantity: number) => {
  const line = (await linesOf(database.read, receiptId))[place];
  await changeReceiptLines(uow, system, {
    receiptId,
    lines: [{ id: line?.id ?? 0, version: line?.version ?? 0, quantity }],
  });
};

const receivedOf = async ({ database, orderId }: Bench): Promise<number[]> =>
  (await database.read.find(purchaseOrderLine, { orderId })).map(({ received }) => received);

const setRule = (uow: UnitOfWork, overBp: number, blind: boolean): Promise<void> =>
  uow.run(system, (unit) =>
    receivingRuleConfiguration.save(unit, [
      { name: '规则', active: true, values: { category: '国代', overBp, blind } },
    ]),
  );

describe('a receipt against orders', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    const open = async (): Promise<Bench> => {
      const { database, uow } = await context.openUow({ clock });
      return ordered(database, uow);
    };

    it('takes the open lines at their prices, comes in parts, and is taken back by its reversal', async () => {
      const bench = await open();
      const { uow, database, orderId, sample } = bench;
      const first = await receiving(bench);
      await scan(uow, first.id, imeisOf(2));
      await setQuantity(bench, first.id, 1, 4);
      await post(bench, first.id, true);
      expect(await receivedOf(bench)).to.eql([2, 4, 10]);
      expect(await orderState(database, orderId)).to.equal('partial');
      const stock = await database.read.all<{ quantity: number; valueFen: number }>(
        sql`SELECT quantity, value_fen FROM stock_balance WHERE sku_id = ${sample.chargerSkuId}`,
      );
      // Four at 50.00 net; ten more for nothing.
      expect(stock).to.eql([{ quantity: 14, valueFen: 20_000 }]);
      const second = await receiving(bench);
      const view = await receiptView(database.read, system, second.id);
      expect(view.lines.map(({ quantity, unitPriceFen }) => [quantity, unitPriceFen])).to.eql([
        [3, 392_000],
        [6, 5650],
      ]);
      await scan(uow, second.id, imeisOf(3, 50));
      await post(bench, second.id);
      expect(await database.read.get(purchaseOrder, orderId)).to.include({ state: 'received', received: 25 });
      const version = (await database.read.get(receipt, first.id))?.version ?? 0;
      await reverseReceipt(uow, system, { receiptId: first.id, version, reason: '送错了货' });
      expect(await receivedOf(bench)).to.eql([3, 6, 0]);
      expect(await orderState(database, orderId)).to.equal('partial');
      expect(await orderActions(database, orderId)).to.eql(['create', 'submit', 'receive', 'receive', 'take_back']);
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('never exceeds the tolerance, however two receipts race for a line', async () => {
      const bench = await open();
      const { uow, database, lineIds } = bench;
      const drafts = await Promise.all([receiving(bench), receiving(bench)]);
      for (const [index, draft] of drafts.entries()) await scan(uow, draft.id, imeisOf(5, 1 + index * 10));
      const results = await Promise.allSettled(drafts.map(({ id }) => post(bench, id)));
      expect(results.map(({ status }) => status).toSorted()).to.eql(['fulfilled', 'rejected']);
      expect(await receivedOf(bench)).to.eql([5, 10, 10]);
      const lost = drafts[results.findIndex(({ status }) => status === 'rejected')];
      const again = await refusal(post(bench, lost?.id ?? 0));
      expect(again.fields.map(({ path, code }) => [path, code])).to.eql(
        [1, 2, 3].map((line) => [`line.${line}.quantity`, 'purchasing:error.over_receipt']),
      );
      expect(again.fields[0]?.details).to.include({ ordered: 5, before: 5, most: 0 });
      // What is received in full is not offered any more.
      const taken = { receiptId: lost?.id ?? 0, lines: [{ orderLineId: lineIds[0], quantity: 1 }] };
      expect(await refusal(takeOrderLines(uow, system, taken))).to.include({ code: 'purchasing:error.take_gone' });
      expect((await verifyLedger(database.read)).ok).to.equal(true);
    });

    it('is on order until it comes or is given up', async () => {
      const bench = await open();
      const { uow, database, orderId, sample, lineIds } = bench;
      const skuIds = [...sample.phoneSkuIds, sample.chargerSkuId];
      const { storeId } = sample;
      const byQuantity = async () =>
        (await onOrder(database.read, { skuIds })).map(({ quantity }) => quantity).toSorted((a, b) => a - b);
      expect(await onOrder(database.read, { skuIds, storeIds: [storeId] })).to.have.deep.members([
        { skuId: sample.phoneSkuIds[0], storeId, quantity: 5, expectedOn: '2026-11-25' },
        { skuId: sample.chargerSkuId, storeId, quantity: 20, expectedOn: '2026-11-25' },
      ]);
      expect(await onOrder(database.read, { skuIds, storeIds: [sample.otherStoreId] })).to.eql([]);
      const { id } = await receiving(bench);
      await scan(uow, id, imeisOf(2));
      await post(bench, id, true);
      expect(await byQuantity()).to.eql([3]);
      const version = await orderVersion(database, orderId);
      await closeOrder(uow, system, { orderId, version, reason: '停产', lineIds: [lineIds[0]] });
      expect(await byQuantity()).to.eql([]);
      expect(await orderState(database, orderId)).to.equal('closed');
    });

    it('takes more than ordered as far as the rule of the supplier allows', async () => {
      const bench = await open();
      const { uow, database, orderId } = bench;
      await setRule(uow, 2000, false);
      const { id } = await receiving(bench);
      await scan(uow, id, imeisOf(5));
      await setQuantity(bench, id, 1, 13);
      expect((await refusal(post(bench, id))).fields[0]?.details).to.include({ line: 2, most: 12 });
      await setQuantity(bench, id, 1, 12);
      await post(bench, id);
      expect(await receivedOf(bench)).to.eql([5, 12, 10]);
      expect(await orderState(database, orderId)).to.equal('received');
    });

    it('is blind where the rule says so: nothing tells what was ordered', async () => {
      const bench = await open();
      const { uow, database } = bench;
      await setRule(uow, 0, true);
      const { id } = await receiving(bench);
      const view = await receiptView(database.read, system, id);
      expect(view).to.include({ blind: true, quantity: 0 });
      expect(view.lines.map(({ quantity, received, countsScans }) => [quantity, received, countsScans])).to.eql([
        [0, 0, true],
        [0, 0, false],
        [0, 0, false],
      ]);
      await scan(uow, id, imeisOf(4));
      await setQuantity(bench, id, 1, 11);
      const refused = await refusal(post(bench, id, true));
      expect(refused.fields).to.eql([
        { path: 'line.2.quantity', code: 'purchasing:error.over_receipt_blind', details: { line: 2 } },
      ]);
    });

    it('takes nothing of an order that was closed meanwhile, and keeps to its supplier', async () => {
      const bench = await open();
      const { uow, database, orderId, sample } = bench;
      const { id } = await receiving(bench);
      await scan(uow, id, imeisOf(5));
      const row = await database.read.get(receipt, id);
      const header = { ...sample, businessDate: '2026-11-22', deliveryNote: null, withInvoice: false, note: null };
      const moved = changeReceipt(uow, system, {
        ...header,
        receiptId: id,
        version: row?.version ?? 0,
        supplierId: 99_999,
      });
      expect((await refusal(moved)).fields[0]).to.include({ code: 'purchasing:error.order_supplier_fixed' });
      await closeOrder(uow, system, { orderId, version: await orderVersion(database, orderId), reason: '不等了' });
      expect((await refusal(post(bench, id))).fields[0]).to.include({ code: 'purchasing:error.order_ended' });
      expect(await receivedOf(bench)).to.eql([0, 0, 0]);
    });
  });
});
