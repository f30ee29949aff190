import { expect } from 'chai';
import type { JournalLine } from '../../../src/ledger';
import { accrualPosting, earned, type RebateRow, type RebateTier } from '../../../src/modules/purchasing/domain/rebate';

const row = (pieces: number, amountFen = 0): RebateRow => ({
  documentType: 'purchasing.receipt',
  documentId: 1,
  documentNumber: 'RK1',
  businessDate: '2026-11-20',
  storeId: 1,
  skuId: 1,
  deviceId: null,
  pieces,
  amountFen,
});
const netOf = (journal: readonly JournalLine[], account: string): number =>
  journal
    .filter((line) => line.account === account)
    .reduce((sum, { debitFen = 0, creditFen = 0 }) => sum + debitFen - creditFen, 0);

describe('what a rebate earns', () => {
  const tiers: RebateTier[] = [
    { from: 10, award: 1_000 },
    { from: 20, award: 2_000 },
  ];

  it('takes the tier that is reached for everything, also down again when goods go back', () => {
    expect(earned('quantity', tiers, [row(9)])).to.include({ tierNo: 0, earnedFen: 0 });
    expect(earned('quantity', tiers, [row(9), row(1)])).to.include({ tierNo: 1, earnedFen: 10_000 });
    expect(earned('quantity', tiers, [row(9), row(11)])).to.include({ tierNo: 2, earnedFen: 40_000 });
    expect(earned('quantity', tiers, [row(9), row(11), row(-1)])).to.include({ tierNo: 1, earnedFen: 19_000 });
    expect(earned('sold', tiers, [row(10)])).to.include({ earnedFen: 10_000 });
  });

  it('is a share of the amount bought, one amount for a target, and a fixed one for nothing', () => {
    const rates: RebateTier[] = [{ from: 100_000, award: 250 }];
    expect(earned('amount', rates, [row(1, 99_999)])).to.include({ tierNo: 0, earnedFen: 0 });
    expect(earned('amount', rates, [row(1, 100_020)])).to.include({ tierNo: 1, earnedFen: 2_501 });
    expect(earned('target', [{ from: 10, award: 77_700 }], [row(30)])).to.include({ earnedFen: 77_700 });
    expect(earned('fixed', [{ from: 0, award: 50_000 }], [])).to.include({ tierNo: 1, earnedFen: 50_000 });
  });

  it('never owes the supplier for more returned than bought', () => {
    expect(earned('quantity', [{ from: 0, award: 100 }], [row(-5)])).to.include({ earnedFen: 0 });
  });
});

describe('the posting of a rebate', () => {
  const document = { type: 'purchasing.rebate_run', id: 4, number: 'FL1', businessDate: '2026-11-22', storeId: 1 };

  it('is owed by the supplier, and lowers the cost of sales and the input tax', () => {
    const { journal, openItems, taxFen } = accrualPosting(document, 7, 11_300, 1300, []);
    expect(taxFen).to.equal(1_300);
    expect(netOf(journal, 'other_receivable')).to.equal(11_300);
    expect(netOf(journal, 'cost_adjustment')).to.equal(-10_000);
    expect(netOf(journal, 'input_tax')).to.equal(-1_300);
    expect(openItems).to.deep.include({
      kind: 'open',
      partyType: 'supplier',
      partyId: 7,
      direction: 'receivable',
      amountFen: 11_300,
      dueOn: null,
    });
  });

  it('takes back what is open first; what was settled is owed to the supplier', () => {
    const { journal, openItems } = accrualPosting(document, 7, -11_300, 1300, [{ openItemId: 5, openFen: 10_000 }]);
    expect(netOf(journal, 'other_receivable')).to.equal(-10_000);
    expect(netOf(journal, 'payable')).to.equal(-1_300);
    expect(netOf(journal, 'cost_adjustment')).to.equal(10_000);
    expect(netOf(journal, 'input_tax')).to.equal(1_300);
    expect(openItems.map(({ kind, amountFen }) => [kind, amountFen])).to.eql([
      ['settle', 10_000],
      ['open', 1_300],
    ]);
  });
});
