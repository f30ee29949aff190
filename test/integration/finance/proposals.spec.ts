import { expect } from 'chai';
import { addDays, businessDate } from '../../../src/kernel';
import { PROPOSAL_LIST, proposals, proposalTotals } from '../../../src/modules/finance/queries/due-items';
import { payment } from '../../../src/modules/finance/store/payment.table';
import { type PayWhatIsDue, payWhatIsDue } from '../../../src/modules/finance/use-cases/pay-what-is-due';
import { addSupplier } from '../../../src/modules/purchasing';
import { readListQuery } from '../../../src/platform/lists';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { testKeys } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { draftPayment, postPaymentNow } from '../../support/payments';
import { imeisOf, samplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { receiveSample } from '../../support/returns';

const system = systemActor('test');
const today = businessDate('2026-12-18');
const clock = () => Date.parse(`${today}T04:00:00Z`);
const OWED = 448_500;

describe('payment proposals', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('show what is due until a day less prepayments, and become drafts once, however many ask at once', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const promptId = await uow.run(system, (unit) =>
        addSupplier(unit, testKeys, { name: '广州联讯', category: null, paymentDays: 0 }),
      );
      const ahead = await draftPayment(uow, sample, { amountFen: 100_000, businessDate: '2026-11-19' });
      await postPaymentNow(database, uow, ahead.id);
      // Both of 20 November: one due on 20 December, one at once.
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      await receiveSample(uow, sample, imeisOf(1, 11), { withInvoice: true, supplierId: promptId });

      const list = async (until: string, filters: Record<string, string> = {}, actor: Actor = system) => {
        const query = readListQuery(PROPOSAL_LIST, filters);
        const filter = { query, until: businessDate(until), today, storeId: null };
        const rows = await proposals(database.read, actor, filter);
        const totals = await proposalTotals(database.read, actor, filter);
        expect(totals).to.include({
          suppliers: rows.length,
          payFen: rows.reduce((sum, { payFen }) => sum + payFen, 0),
        });
        return rows.map(({ id, items, firstDue, dueFen, overdueFen, creditFen, payFen }) => [
          id,
          items,
          firstDue,
          dueFen,
          overdueFen,
          creditFen,
          payFen,
        ]);
      };
      const prompt = [promptId, 1, '2026-11-20', OWED, OWED, 0, OWED];
      const month = [sample.supplierId, 1, '2026-12-20', OWED, 0, 100_000, OWED - 100_000];
      expect(await list('2026-12-19')).to.eql([prompt]);
      expect(await list('2026-12-20')).to.eql([prompt, month]);
      expect(await list('2026-12-20', { q: 'huasheng', sort: 'name' })).to.eql([month]);
      expect(await list('2026-12-20', { store: String(sample.otherStoreId) })).to.eql([]);
      expect(await list('2026-12-20', {}, actorWith({ 'finance.payment.edit': 'all' }))).to.eql([]);

      const command: PayWhatIsDue = {
        supplierIds: [sample.supplierId, promptId],
        storeId: sample.storeId,
        owingStoreId: null,
        until: addDays(today, 7),
        account: 'bank',
        businessDate: today,
        reference: null,
        note: null,
      };
      const results = await Promise.allSettled([1, 2, 3].map(() => payWhatIsDue(uow, system, command)));
      expect(results.map(({ status }) => status).sort()).to.eql(['fulfilled', 'rejected', 'rejected']);
      const drafts = await database.read.find(payment, { state: 'draft' });
      expect(
        drafts.map(({ supplierId, payableFen, creditFen, amountFen }) => [
          supplierId,
          payableFen,
          creditFen,
          amountFen,
        ]),
      ).to.have.deep.members([
        [sample.supplierId, OWED, 100_000, OWED - 100_000],
        [promptId, OWED, 0, OWED],
      ]);
      expect(await list('2026-12-31')).to.eql([]);
      for (const { id } of drafts) await postPaymentNow(database, uow, id);
      expect(await list('2026-12-31')).to.eql([]);
      expect((await refusal(payWhatIsDue(uow, system, { ...command, supplierIds: [] }))).fields[0]?.code).to.equal(
        'finance:error.nothing_chosen',
      );
    });
  });
});
