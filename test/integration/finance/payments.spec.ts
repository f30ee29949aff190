import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import { payment, paymentLine } from '../../../src/modules/finance/store/payment.table';
import {
  approvePayment,
  sendBackPayment,
  submitPayment,
  withdrawPayment,
} from '../../../src/modules/finance/use-cases/decide-payment';
import { reversePayment } from '../../../src/modules/finance/use-cases/post-payment';
import { changePayment, deletePayment } from '../../../src/modules/finance/use-cases/save-payment';
import { receiveGoods } from '../../../src/modules/purchasing';
import type { Database } from '../../../src/platform/database';
import { writeParameter } from '../../../src/platform/parameters';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import {
  accountFen,
  draftPayment,
  openItems,
  paymentVersion,
  postPaymentNow,
  settleWith,
} from '../../support/payments';
import { imeisOf, samplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { draftReturn, postReturnNow, receiveSample } from '../../support/returns';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');
const dueNow = () => Date.parse('2026-12-25T04:00:00Z');

async function expectBooksRight(database: Database): Promise<void> {
  const { checks } = await verifyLedger(database.read, []);
  expect(checks.filter(({ ok }) => !ok)).to.eql([]);
}

/** One handset at 3,920.00 and ten chargers at 56.50, with their invoice: 4,485.00 due on 20 December. */
const OWED = 448_500;

describe('a payment', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('settles what is due first, in part; the rest is a prepayment that the next one uses; and comes back reversed', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      await receiveSample(uow, sample, imeisOf(1, 11), { withInvoice: true });
      const part = await draftPayment(uow, sample, { amountFen: OWED + 100_000 });
      expect(await database.read.get(payment, part.id)).to.include({ payableFen: OWED + 100_000, creditFen: 0 });
      const both = await Promise.allSettled([
        postPaymentNow(database, uow, part.id),
        postPaymentNow(database, uow, part.id),
      ]);
      expect(both.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected']);
      expect((await openItems(database)).map(({ openFen }) => openFen)).to.eql([OWED - 100_000]);
      expect(await accountFen(database, 'bank')).to.equal(-OWED - 100_000);
      expect(await accountFen(database, 'payable')).to.equal(-OWED + 100_000);

      // More than is owed: the rest stays with the supplier.
      const ahead = await draftPayment(uow, sample, { amountFen: OWED });
      await postPaymentNow(database, uow, ahead.id);
      expect((await openItems(database)).map(({ direction, openFen }) => [direction, openFen])).to.eql([
        ['receivable', 100_000],
      ]);
      expect(await accountFen(database, 'prepayment')).to.equal(100_000);

      await receiveSample(uow, sample, imeisOf(1, 21), { withInvoice: true });
      const [prepaid, owed] = await openItems(database);
      const use = await draftPayment(uow, sample, { amountFen: 0 });
      await settleWith(database, uow, use.id, 0, [
        { openItemId: owed!.id, amountFen: 100_000 },
        { openItemId: prepaid!.id, amountFen: 100_000 },
      ]);
      await postPaymentNow(database, uow, use.id);
      expect(await accountFen(database, 'prepayment')).to.equal(0);
      expect(await accountFen(database, 'bank')).to.equal(-2 * OWED - 100_000);
      await expectBooksRight(database);

      const version = await paymentVersion(database, ahead.id);
      const blocked = await refusal(reversePayment(uow, system, { paymentId: ahead.id, version, reason: '付错了' }));
      expect(blocked).to.include({ code: 'ledger:error.has_dependents', status: 409 });
      for (const paymentId of [use.id, ahead.id, part.id])
        await reversePayment(uow, system, {
          paymentId,
          version: await paymentVersion(database, paymentId),
          reason: '付错了',
        });
      expect((await openItems(database)).map(({ openFen }) => openFen)).to.eql([OWED, OWED, OWED]);
      expect(await accountFen(database, 'bank')).to.equal(0);
      expect(await accountFen(database, 'payable')).to.equal(-3 * OWED);
      await expectBooksRight(database);
    });

    it('without an amount proposes what is due and uses claims from returns, on their own account', async () => {
      const { database, uow } = await context.openUow({ clock: dueNow });
      const sample = await samplePurchasing(uow);
      const today = { businessDate: '2026-12-25' };
      // Goods that were paid already and go back: the supplier owes them.
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      await postPaymentNow(database, uow, (await draftPayment(uow, sample, today)).id);
      const back = await draftReturn(uow, sample, imeisOf(1));
      await postReturnNow(database, uow, back.id);
      expect(await accountFen(database, 'other_receivable')).to.equal(392_000);
      await receiveSample(uow, sample, imeisOf(1, 11), { withInvoice: true });
      const next = await draftPayment(uow, sample, today);
      expect(await database.read.get(payment, next.id)).to.include({
        payableFen: OWED,
        creditFen: 392_000,
        amountFen: OWED - 392_000,
      });
      // The same is not proposed twice.
      const again = await draftPayment(uow, sample);
      expect(await database.read.get(payment, again.id)).to.include({ amountFen: 0, lineCount: 0 });
      await postPaymentNow(database, uow, next.id);
      expect(await accountFen(database, 'other_receivable')).to.equal(0);
      expect(await openItems(database)).to.eql([]);
      await expectBooksRight(database);
      const empty = await refusal(postPaymentNow(database, uow, again.id));
      expect(empty.code).to.equal('finance:error.payment_empty');
      await deletePayment(uow, system, { paymentId: again.id, version: 1 });
      expect(await database.read.find(paymentLine, { paymentId: again.id })).to.eql([]);
    });

    it('pays for several stores, each debt in its own books, and only for stores of who pays', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      await receiveGoods(uow, system, {
        supplierId: sample.supplierId,
        storeId: sample.otherStoreId,
        locationId: sample.otherLocationId,
        businessDate: '2026-11-21',
        deliveryNote: null,
        withInvoice: true,
        note: null,
        lines: [{ skuId: sample.chargerSkuId, quantity: 10, unitPriceFen: 5_650 }],
      });
      const scopes = { 'finance.payment.edit': [sample.storeId], 'inventory.cost.view': 'all' } as const;
      const local = await draftPayment(uow, sample, { amountFen: 1_000_000, actor: actorWith(scopes) });
      expect(await database.read.get(payment, local.id)).to.include({ payableFen: OWED });
      await deletePayment(uow, system, { paymentId: local.id, version: 1 });
      const noCost = actorWith({ 'finance.payment.edit': 'all' });
      expect(() => draftPayment(uow, sample, { actor: noCost })).to.throw();

      const { id } = await draftPayment(uow, sample, { amountFen: OWED + 56_500 });
      // Who sees one store alone cannot save the payment: what it pays for the other would be lost.
      const narrow = changePayment(uow, actorWith(scopes), {
        paymentId: id,
        version: 1,
        account: 'bank',
        businessDate: '2026-11-22',
        amountFen: null,
        reference: null,
        note: null,
        lines: [],
      });
      expect((await refusal(narrow)).code).to.equal('finance:error.other_stores');
      await postPaymentNow(database, uow, id);
      expect(await openItems(database)).to.eql([]);
      expect(await accountFen(database, 'payable', sample.storeId)).to.equal(0);
      expect(await accountFen(database, 'payable', sample.otherStoreId)).to.equal(0);
      expect(await accountFen(database, 'bank', sample.storeId)).to.equal(-OWED - 56_500);
      await expectBooksRight(database);
    });

    it('never settles an item twice, however many are posted at once, nor one that is newer than the payment', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      const [owed] = await openItems(database);
      const drafts: number[] = [];
      for (let count = 0; count < 3; count += 1) {
        const { id } = await draftPayment(uow, sample, { amountFen: 0 });
        await settleWith(database, uow, id, null, [{ openItemId: owed!.id, amountFen: 200_000 }]);
        drafts.push(id);
      }
      const results = await Promise.allSettled(drafts.map((id) => postPaymentNow(database, uow, id)));
      expect(results.map(({ status }) => status).sort()).to.eql(['fulfilled', 'fulfilled', 'rejected']);
      const late = drafts[results.findIndex(({ status }) => status === 'rejected')]!;
      const refused = await refusal(postPaymentNow(database, uow, late));
      expect(refused).to.include({ code: 'finance:error.cannot_post', status: 409 });
      expect(refused.fields[0]?.details).to.include({ openFen: OWED - 400_000 });
      expect((await openItems(database)).map(({ openFen }) => openFen)).to.eql([OWED - 400_000]);

      const wrong = (
        await refusal(settleWith(database, uow, late, 10, [{ openItemId: owed!.id, amountFen: 1_000_000 }]))
      ).fields;
      expect(wrong.map(({ path, code }) => `${path} ${code}`)).to.eql([
        `lines.i${owed!.id} finance:error.more_than_open`,
        'amount finance:error.amount_short',
      ]);
      await deletePayment(uow, system, { paymentId: late, version: await paymentVersion(database, late) });

      const early = await draftPayment(uow, sample, { businessDate: '2026-11-19', amountFen: 48_500 });
      const before = await refusal(postPaymentNow(database, uow, early.id));
      expect(before.fields[0]).to.deep.include({ code: 'finance:error.item_later' });
      const future = await refusal(draftPayment(uow, sample, { businessDate: '2026-11-23' }));
      expect(future.fields[0]?.code).to.equal('finance:error.future');
      await expectBooksRight(database);
    });

    it('above the limit is approved by somebody who neither made nor pays it', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      await uow.run(system, (unit) => writeParameter(unit, 'finance.paymentApprovalYuan', 1_000));
      const rights = ['edit', 'post', 'approve'].map((verb) => [`finance.payment.${verb}`, 'all'] as const);
      const scopes = { ...Object.fromEntries(rights), 'inventory.cost.view': 'all' as const };
      const maker = { ...actorWith(scopes, '会计'), userId: 1 };
      const boss = { ...actorWith(scopes, '老板'), userId: 2 };
      const small = await draftPayment(uow, sample, { amountFen: 99_999, actor: maker });
      await postPaymentNow(database, uow, small.id, maker);

      const { id: paymentId } = await draftPayment(uow, sample, { amountFen: 100_000, actor: maker });
      const now = async () => ({ paymentId, version: await paymentVersion(database, paymentId) });
      expect((await refusal(postPaymentNow(database, uow, paymentId, maker))).code).to.equal(
        'finance:error.needs_approval',
      );
      await submitPayment(uow, maker, await now());
      expect((await refusal(approvePayment(uow, maker, await now()))).code).to.equal('finance:error.approval_own');
      expect((await refusal(submitPayment(uow, maker, await now()))).status).to.equal(409);
      await sendBackPayment(uow, boss, { ...(await now()), reason: '少写了流水号' });
      await submitPayment(uow, maker, await now());
      const seen = await now();
      await approvePayment(uow, boss, seen);
      expect((await refusal(approvePayment(uow, boss, seen))).status).to.equal(409);
      // What was approved is what is paid: who changes it needs the approval again.
      await withdrawPayment(uow, maker, await now());
      expect(await database.read.get(payment, paymentId)).to.include({ state: 'draft', approvedBy: null });
      await submitPayment(uow, maker, await now());
      await approvePayment(uow, boss, await now());
      expect((await refusal(postPaymentNow(database, uow, paymentId, boss))).code).to.equal(
        'finance:error.approver_pays',
      );
      await postPaymentNow(database, uow, paymentId, maker);
      expect(await database.read.get(payment, paymentId)).to.include({ state: 'posted', approvedByName: '老板' });
      await expectBooksRight(database);
    });
  });
});
