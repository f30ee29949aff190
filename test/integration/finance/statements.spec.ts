import { expect } from 'chai';
import { addDays, businessDate } from '../../../src/kernel';
import {
  netOf,
  periodOf,
  type StatementPeriod,
  supplierStatement,
} from '../../../src/modules/finance/queries/statement';
import {
  BALANCE_LIST,
  balanceTotals,
  supplierBalances,
  VIEW_STATEMENTS,
} from '../../../src/modules/finance/queries/supplier-balances';
import { reversePayment } from '../../../src/modules/finance/use-cases/post-payment';
import { receiveGoods } from '../../../src/modules/purchasing';
import { readListQuery } from '../../../src/platform/lists';
import { systemActor } from '../../../src/platform/permissions';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { draftPayment, paymentVersion, postPaymentNow } from '../../support/payments';
import { imeisOf, samplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { draftReturn, postReturnNow, receiveSample } from '../../support/returns';

const system = systemActor('test');
const today = businessDate('2026-12-25');
const clock = () => Date.parse(`${today}T04:00:00Z`);
const OWED = 448_500;
/** Without invoice: the net value. */
const ACCRUED = 346_903 + 50_000;

describe('statements of suppliers', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    const open = async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      // 20 November: an invoiced receipt, due on 20 December, and one without invoice. 25 December: paid and returned.
      await receiveSample(uow, sample, imeisOf(1), { withInvoice: true });
      await receiveSample(uow, sample, imeisOf(1, 11));
      const paid = await draftPayment(uow, sample, { businessDate: '2026-12-24', amountFen: 500_000 });
      await postPaymentNow(database, uow, paid.id);
      const back = await draftReturn(uow, sample, imeisOf(1));
      await postReturnNow(database, uow, back.id);
      const period = (from: string, to: string): StatementPeriod => ({
        supplierId: sample.supplierId,
        from: businessDate(from),
        to: businessDate(to),
        storeId: null,
      });
      return { database, uow, sample, paid, period };
    };

    it('tell each document with the balance after it; any period begins where the one before ended', async () => {
      const { database, uow, paid, period } = await open();
      const whole = await supplierStatement(database.read, system, period('2026-11-01', '2026-12-31'), 100);
      expect(whole.openingFen).to.equal(0);
      expect(whole.rows.map((row) => [row.documentType, netOf(row), row.balanceFen])).to.eql([
        ['purchasing.receipt', OWED, OWED],
        ['purchasing.receipt', ACCRUED, OWED + ACCRUED],
        ['finance.payment', -500_000, OWED + ACCRUED - 500_000],
        ['purchasing.return', -392_000, OWED + ACCRUED - 892_000],
      ]);
      expect(whole.closing).to.eql({
        payableFen: 0,
        accruedFen: ACCRUED,
        receivableFen: 500_000 - OWED + 392_000,
      });
      expect(whole.increaseFen - whole.decreaseFen).to.equal(whole.closingFen);
      const first = await supplierStatement(database.read, system, period('2026-11-01', '2026-12-23'), 100);
      const second = await supplierStatement(database.read, system, period('2026-12-24', '2026-12-31'), 100);
      expect(first.closingFen)
        .to.equal(second.openingFen)
        .and.equal(OWED + ACCRUED);
      expect(second.closingFen).to.equal(whole.closingFen);
      const short = await supplierStatement(database.read, system, period('2026-11-01', '2026-12-31'), 2);
      expect([short.rows.length, short.cut, short.closingFen]).to.eql([2, true, whole.closingFen]);

      await reversePayment(uow, system, {
        paymentId: paid.id,
        version: await paymentVersion(database, paid.id),
        reason: '付错了',
      });
      const after = await supplierStatement(database.read, system, period('2026-12-25', '2026-12-31'), 100);
      const reversal = after.rows.at(-1)!;
      expect([reversal.kind, netOf(reversal)]).to.eql(['reversal', 500_000]);
      expect(after.closing).to.include({ payableFen: OWED, receivableFen: 392_000 });
    });

    it('age what was open on the last day, in the reader’s stores', async () => {
      const { database, sample, uow, period } = await open();
      const ageing = async (to: string) =>
        (await supplierStatement(database.read, system, period('2026-11-01', to), 100)).ageing;
      const nothing = { notDue: 0, days30: 0, days60: 0, days90: 0, older: 0 };
      expect(await ageing('2026-11-19')).to.eql(nothing);
      expect(await ageing('2026-12-20')).to.eql({ ...nothing, notDue: OWED });
      expect(await ageing('2026-12-21')).to.eql({ ...nothing, days30: OWED });
      expect(await ageing('2026-12-24')).to.eql(nothing);
      await receiveGoods(uow, system, {
        supplierId: sample.supplierId,
        storeId: sample.otherStoreId,
        locationId: sample.otherLocationId,
        businessDate: '2026-11-29',
        deliveryNote: null,
        withInvoice: true,
        note: null,
        lines: [{ skuId: sample.chargerSkuId, quantity: 10, unitPriceFen: 5_650 }],
      });
      const list = async (filters: Record<string, string>, actor = system) => {
        const filter = { query: readListQuery(BALANCE_LIST, filters), storeId: null, today };
        const rows = await supplierBalances(database.read, actor, filter);
        const totals = await balanceTotals(database.read, actor, filter);
        expect(totals.payableFen).to.equal(rows.reduce((sum, row) => sum + row.payableFen, 0));
        return rows.map(({ payableFen, soonFen, overdueFen, receivableFen }) => ({
          payableFen,
          soonFen,
          overdueFen,
          receivableFen,
        }));
      };
      const receivableFen = 500_000 - OWED + 392_000;
      const soon = { payableFen: 56_500, soonFen: 56_500, overdueFen: 0, receivableFen };
      expect(await list({ due: 'soon', sort: 'overdue' })).to.eql([soon]);
      expect(await list({ due: 'overdue' })).to.eql([]);
      expect(await list({ q: 'huasheng', sort: 'name' })).to.eql([soon]);
      const scopes = { [VIEW_STATEMENTS]: 'all', 'inventory.cost.view': [sample.storeId] } as const;
      expect(await list({}, actorWith(scopes))).to.eql([{ ...soon, payableFen: 0, soonFen: 0 }]);
      expect(await list({}, actorWith({ [VIEW_STATEMENTS]: 'all' }))).to.eql([]);
      const blind = await supplierStatement(
        database.read,
        actorWith({ [VIEW_STATEMENTS]: 'all' }),
        period('2026-11-01', '2026-12-31'),
        100,
      );
      expect([blind.rows, blind.closingFen]).to.eql([[], 0]);
      const unknown = supplierStatement(
        database.read,
        system,
        { ...period('2026-11-01', '2026-12-31'), supplierId: 99 },
        1,
      );
      expect((await refusal(unknown)).status).to.equal(404);
    });
  });

  it('take a period the right way round', () => {
    const to = businessDate('2026-11-01');
    expect(periodOf({ from: today, to }, today)).to.eql({ from: to, to });
    expect(periodOf({ from: null, to: null }, today)).to.eql({ from: addDays(today, -59), to: today });
  });
});
