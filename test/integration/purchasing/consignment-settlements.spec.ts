import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parseScanLine } from '../../../src/kernel';
import { device, openItem, verifyLedger } from '../../../src/ledger';
import { createChange } from '../../../src/modules/inventory/use-cases/create-change';
import { postChange } from '../../../src/modules/inventory/use-cases/post-change';
import { scanIntoChange } from '../../../src/modules/inventory/use-cases/change-lines';
import { changeReasons } from '../../../src/modules/inventory/queries/change-reasons';
import { stockChange } from '../../../src/modules/inventory/store/change.table';
import { consignmentChecks } from '../../../src/modules/inventory/queries/consignment-checks';
import { addSupplier } from '../../../src/modules/purchasing';
import { consignment } from '../../../src/modules/purchasing/store/consignment.table';
import { moveConsigned } from '../../../src/modules/purchasing/use-cases/move-consigned';
import { reverseConsignment } from '../../../src/modules/purchasing/use-cases/reverse-consignment';
import { settleConsigned, type SettleConsigned } from '../../../src/modules/purchasing/use-cases/settle-consigned';
import { postSale, returnSale, saleLine } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { AGREED_FEN, AGREED_NET_FEN, consignmentHands } from '../../support/consignments';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';
import { transferHands } from '../../support/transfers';

const actor = systemActor('周敏');
const scanOf = (text: string) => ({ key: randomUUID(), text, ...parseScanLine(text) });

describe('settlements of goods on consignment', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let supplierId: number;
    let hands: ReturnType<typeof consignmentHands>;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
      supplierId = await uow.run(actor, (unit) =>
        addSupplier(unit, testKeys, { name: '深圳华盛通讯', paymentDays: 30 }),
      );
      hands = consignmentHands(uow, shop);
      await hands.receive(supplierId, [60, 61, 62]);
    });

    const sound = async () => {
      expect(await verifyLedger(database.read)).to.have.property('ok', true);
      expect(await consignmentChecks.run(database.read)).to.deep.equal({ count: 0, findings: [] });
    };
    const sell = async (index: number, registerId = shop.registerId) =>
      postSale(uow, actor, {
        registerId,
        lines: [
          { skuId: shop.phoneSkuIds[0], deviceId: (await hands.deviceOf(index)).id, quantity: 1, discountFen: 0 },
        ],
        tenders: [{ kind: 'cash', amountFen: 449_900 }],
      });
    const takeBack = async (saleId: number) => {
      const [line] = await database.read.find(saleLine, { saleId });
      return returnSale(uow, actor, {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: null }],
      });
    };
    const settle = async (indexes: readonly number[], more: Partial<SettleConsigned> = {}, priceFen = AGREED_FEN) => {
      const rows = [];
      for (const index of indexes) rows.push({ id: (await hands.rowOf(index))?.id ?? 0, priceFen });
      const what = { supplierId, storeId: shop.storeId, untilOn: '2026-11-22', invoiceNumber: '', note: '', rows };
      return settleConsigned(uow, actor, { ...what, ...more });
    };
    const move = (kind: 'return' | 'purchase', indexes: readonly number[], more: { storeId?: number } = {}) =>
      moveConsigned(uow, actor, {
        kind,
        supplierId,
        storeId: shop.storeId,
        note: '',
        numbers: indexes.map(imeiOf).join('\n'),
        ...more,
      });

    it('make what was sold payable, once, with a due date; undone while it is not paid', async () => {
      await sell(60);
      await sell(61);
      expect((await refusal(settle([62]))).code, 'not sold').to.equal('purchasing:error.consigned_changed');
      const { id, number, grossFen } = await settle([60, 61], { invoiceNumber: ' fp-77 ' });
      expect(number).to.equal('DX261122-NJ01-0002');
      expect(grossFen).to.equal(2 * AGREED_FEN);
      expect(await database.read.get(consignment, id)).to.include({
        kind: 'settlement',
        state: 'posted',
        dueOn: '2026-12-22',
        invoiceNumber: 'FP-77',
      });
      expect(await hands.owed(supplierId, 'accrued')).to.equal(0);
      expect(await hands.owed(supplierId, 'payable')).to.equal(2 * AGREED_FEN);
      const [payable] = await database.read.find(openItem, { direction: 'payable', partyId: supplierId });
      expect(payable).to.include({ dueOn: '2026-12-22', amountFen: 2 * AGREED_FEN });
      expect(await hands.rowOf(60)).to.include({ state: 'settled' });
      expect((await refusal(settle([60]))).status).to.equal(409);
      await sound();
      await reverseConsignment(uow, actor, { ...(await hands.seen(id)), reason: '发票退回' });
      expect(await hands.owed(supplierId, 'accrued')).to.equal(2 * AGREED_NET_FEN);
      expect(await hands.owed(supplierId, 'payable')).to.equal(0);
      expect(await hands.rowOf(60)).to.include({ state: 'sold' });
      await sound();
      await settle([60]);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(AGREED_NET_FEN);
      await sound();
    });

    it('may come to another price with a reason: the difference is a cost of what was sold', async () => {
      await sell(60);
      const wanted = await refusal(settle([60], {}, 327_700));
      expect(wanted.fields[0]).to.include({ path: 'note', code: 'purchasing:error.consigned_reason' });
      const before = await hands.balance('cost_adjustment');
      await settle([60], { note: '厂家降价' }, 327_700);
      expect(await hands.owed(supplierId, 'payable')).to.equal(327_700);
      expect(await hands.balance('cost_adjustment'), 'on the account of the cost of sales').to.equal(before - 10_000);
      expect(await hands.deviceOf(60)).to.include({ costFen: 290_000 });
      await sound();
    });

    it('make a device our own: the customer brings it back, and it is stock at its cost', async () => {
      const { saleId } = await sell(60);
      const { id } = await settle([60]);
      const inventory = await hands.balance('inventory');
      await takeBack(saleId);
      expect(await hands.deviceOf(60)).to.include({ ownership: 'own', state: 'in_stock', costFen: AGREED_NET_FEN });
      expect(await hands.balance('inventory')).to.equal(inventory + AGREED_NET_FEN);
      expect(await hands.rowOf(60)).to.include({ state: 'settled' });
      await sound();
      const refused = await refusal(reverseConsignment(uow, actor, { ...(await hands.seen(id)), reason: '错' }));
      expect(refused.code, 'it is ours by now').to.equal('ledger:error.has_dependents');
    });

    it('and unsold ones go back to the supplier, and may come again', async () => {
      const hold = transferHands(uow);
      const { id: transferId } = await hold.draft(shop.locationId, shop.otherLocationId);
      await hold.paste(transferId, [imeiOf(62)]);
      await sell(61);
      const refused = await refusal(move('return', [60, 61, 62, 0, 99]));
      expect(refused.fields.map(({ code }) => code.split('.')[1])).to.have.members([
        'consigned_unknown',
        'consigned_not_theirs',
        'consigned_not_theirs',
        'consigned_in_transfer',
      ]);
      const elsewhere = await refusal(move('return', [60], { storeId: shop.otherStoreId }));
      expect(elsewhere.fields[0]?.code).to.equal('purchasing:error.consigned_elsewhere');
      const { id } = await move('return', [60]);
      expect(await hands.deviceOf(60)).to.include({
        state: 'returned_to_supplier',
        ownership: 'consigned',
        costFen: 0,
      });
      expect(await hands.rowOf(60)).to.include({ state: 'returned' });
      await sound();
      await reverseConsignment(uow, actor, { ...(await hands.seen(id)), reason: '没拿走' });
      expect(await hands.rowOf(60)).to.include({ state: 'here' });
      await move('return', [60]);
      const before = await hands.deviceOf(60);
      await hands.receive(supplierId, [60]);
      expect(await hands.deviceOf(60)).to.include({ id: before.id, state: 'in_stock', ownership: 'consigned' });
      await sell(60);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(2 * AGREED_NET_FEN);
      await sound();
    });

    it('or are bought: ours at the agreed price where they stand, settled with the others', async () => {
      const inventory = await hands.balance('inventory');
      const { id } = await move('purchase', [60]);
      expect(await hands.deviceOf(60)).to.include({ ownership: 'own', costFen: AGREED_NET_FEN, state: 'in_stock' });
      expect(await hands.balance('inventory')).to.equal(inventory + AGREED_NET_FEN);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(AGREED_NET_FEN);
      await sound();
      await reverseConsignment(uow, actor, { ...(await hands.seen(id)), reason: '不买了' });
      expect(await hands.deviceOf(60)).to.include({ ownership: 'consigned', costFen: 0 });
      expect(await hands.owed(supplierId, 'accrued')).to.equal(0);
      await move('purchase', [60]);
      await settle([60], { note: '谈高了' }, 350_300);
      expect(await hands.balance('inventory'), 'a higher price is a cost of the stock').to.equal(
        inventory + AGREED_NET_FEN + 10_000,
      );
      expect(await hands.owed(supplierId, 'payable')).to.equal(350_300);
      await sell(60);
      await sound();
    });

    it('what was lost is bought and paid for; it cannot be scrapped or given a cost', async () => {
      const adjust = async (effect: string, index: number) => {
        const reason = (await changeReasons(database.read)).find((one) => one.effect === effect);
        const { id } = await createChange(uow, actor, { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
        const answers = await scanIntoChange(uow, actor, { id, scans: [scanOf(imeiOf(index))] });
        if (answers[0]?.outcome === 'right')
          await postChange(uow, actor, { id, version: (await database.read.get(stockChange, id))?.version ?? 0 });
        return answers[0]?.reason.code;
      };
      expect(await adjust('scrap', 60)).to.equal('inventory:change.scan.not_ours');
      expect(await adjust('loss', 60)).to.equal('inventory:change.scan.right');
      expect(await hands.deviceOf(60)).to.include({ state: 'missing', ownership: 'consigned' });
      const expense = await hands.balance('admin_expense');
      await move('purchase', [60]);
      expect(await hands.balance('admin_expense')).to.equal(expense + AGREED_NET_FEN);
      await settle([60]);
      expect(await hands.owed(supplierId, 'payable')).to.equal(AGREED_FEN);
      await sound();
    });

    it('need their rights, cost among them', async () => {
      await sell(60);
      const rows = [{ id: (await hands.rowOf(60))?.id ?? 0, priceFen: AGREED_FEN }];
      const what = { supplierId, storeId: shop.storeId, untilOn: '2026-11-22', invoiceNumber: '', note: '', rows };
      const blind = actorWith({ 'purchasing.consignment.settle': 'all', 'purchasing.consignment.edit': 'all' });
      expect(() => settleConsigned(uow, blind, what)).to.throw();
      const numbers = imeiOf(61);
      const buying = { kind: 'purchase' as const, supplierId, storeId: shop.storeId, note: '', numbers };
      expect(() => moveConsigned(uow, blind, buying)).to.throw();
    });

    it('of a device at the same time as its return by the customer, its sale or its return to the supplier: one goes first', async () => {
      const { saleId } = await sell(60);
      await Promise.allSettled([settle([60]), takeBack(saleId)]);
      const now = await database.read.get(device, (await hands.deviceOf(60)).id);
      const row = await hands.rowOf(60);
      // Settled and not returned, or settled and then ours, or returned and the supplier's: never both owed and his.
      expect(['settled customer', 'settled own', 'here consigned']).to.include(`${row?.state} ${now?.ownership}`);
      expect(await hands.owed(supplierId, 'accrued')).to.equal(0);
      await sound();
      const one = await Promise.allSettled([sell(61), move('return', [61]), move('purchase', [61])]);
      expect(one.filter(({ status }) => status === 'fulfilled').length).to.be.within(1, 2);
      await sound();
      await sell(62);
      const twice = await Promise.allSettled([settle([62]), settle([62])]);
      expect(twice.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      await sound();
    });
  });
});
