import { expect } from 'chai';
import fc from 'fast-check';
import { paymentPosting, prepaidFen, type SettledItem } from '../../../src/modules/finance/domain/payment-posting';
import { proposeLines, type SettleableItem } from '../../../src/modules/finance/domain/payment-proposal';
import { needsApproval } from '../../../src/modules/finance/domain/payment-state';
import { parseBusinessDate } from '../../../src/kernel';

const document = {
  id: 1,
  number: 'FK261122-NJ01-0001',
  businessDate: '2026-11-22',
  storeId: 1,
  supplierId: 5,
  account: 'bank' as const,
};
const until = parseBusinessDate('2026-11-22');
const item = (id: number, freeFen: number, dueOn: string | null = '2026-11-20'): SettleableItem => ({
  id,
  direction: 'payable',
  freeFen,
  dueOn,
});
const credit = (id: number, freeFen: number): SettleableItem => ({
  ...item(id, freeFen, null),
  direction: 'receivable',
});

describe('the proposal of a payment', () => {
  it('of an amount pays what is due first, the last one in part, whatever the day', () => {
    const items = [item(1, 100), item(2, 0), item(3, 300), item(4, 500, '2027-01-01')];
    expect(proposeLines([...items, credit(9, 50)], { amountFen: 250, until })).to.eql([
      { openItemId: 1, amountFen: 100 },
      { openItemId: 3, amountFen: 150 },
    ]);
  });

  it('without an amount takes what is due by the day and uses prepayments, never more than is due', () => {
    const items = [credit(9, 80), item(1, 100), item(2, 40, null), item(3, 300, '2026-11-23'), credit(10, 500)];
    expect(proposeLines(items, { amountFen: null, until })).to.eql([
      { openItemId: 1, amountFen: 100 },
      { openItemId: 2, amountFen: 40 },
      { openItemId: 9, amountFen: 80 },
      { openItemId: 10, amountFen: 60 },
    ]);
    expect(proposeLines([credit(9, 80)], { amountFen: null, until })).to.eql([]);
  });

  it('needs approval from the limit on', () => {
    expect([99, 100, 101].map((amount) => needsApproval(amount, 100))).to.eql([false, true, true]);
    expect(needsApproval(10 ** 12, null)).to.equal(false);
  });
});

describe('the posting of a payment', () => {
  it('settles in the stores that owe, uses what was paid ahead on its own account, and keeps the rest as a prepayment', () => {
    const items: SettledItem[] = [
      { openItemId: 11, storeId: 1, role: 'payable', amountFen: 400 },
      { openItemId: 12, storeId: 2, role: 'payable', amountFen: 300 },
      { openItemId: 13, storeId: 1, role: 'payable', amountFen: 50 },
      { openItemId: 14, storeId: 2, role: 'prepayment', amountFen: 120 },
      { openItemId: 15, storeId: 1, role: 'other_receivable', amountFen: 30 },
    ];
    const { journal, openItems } = paymentPosting({ ...document, amountFen: 1_000 }, items);
    const party = { partyType: 'supplier', partyId: 5 };
    expect(journal).to.deep.include.members([
      { account: 'payable', storeId: 1, ...party, debitFen: 450 },
      { account: 'payable', storeId: 2, ...party, debitFen: 300 },
      { account: 'prepayment', storeId: 2, ...party, creditFen: 120 },
      { account: 'other_receivable', storeId: 1, ...party, creditFen: 30 },
      { account: 'prepayment', storeId: 1, ...party, debitFen: 400 },
      { account: 'bank', storeId: 1, creditFen: 1_000 },
    ]);
    expect(openItems.at(-1)).to.eql({ kind: 'open', ...party, direction: 'receivable', amountFen: 400, dueOn: null });
    expect(openItems.filter(({ kind }) => kind === 'settle')).to.have.length(5);
  });

  it('is balanced whatever is paid, and refuses to settle more than it pays', () => {
    const role = fc.constantFrom<SettledItem['role']>('payable', 'prepayment', 'other_receivable');
    const settled = fc.record({
      openItemId: fc.integer({ min: 1, max: 10 ** 6 }),
      storeId: fc.integer({ min: 1, max: 3 }),
      role,
      amountFen: fc.integer({ min: 1, max: 10 ** 9 }),
    });
    fc.assert(
      fc.property(fc.array(settled, { maxLength: 20 }), fc.nat(10 ** 10), (items, amountFen) => {
        const rest = prepaidFen(amountFen, items);
        const make = () => paymentPosting({ ...document, amountFen }, items);
        if (rest < 0) {
          expect(make).to.throw(RangeError);
          return;
        }
        const { journal } = make();
        const total = (of: 'debitFen' | 'creditFen') => journal.reduce((sum, line) => sum + (line[of] ?? 0), 0);
        expect(total('debitFen')).to.equal(total('creditFen'));
      }),
    );
  });
});
