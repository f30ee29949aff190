import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import { dueDate } from '../../../src/modules/purchasing/domain/payment-terms';

describe('payment terms', () => {
  it('count from the date or from the end of its month', () => {
    const due = (date: string, paymentTerms: 'date' | 'month_end' | null, paymentDays: number) =>
      dueDate(businessDate(date), { paymentTerms, paymentDays });
    expect(due('2026-11-22', null, 30)).to.equal('2026-12-22');
    expect(due('2026-11-22', 'date', 0)).to.equal('2026-11-22');
    expect(due('2026-11-01', 'month_end', 30)).to.equal('2026-12-30');
    expect(due('2026-11-30', 'month_end', 0)).to.equal('2026-11-30');
    expect(due('2028-02-03', 'month_end', 15)).to.equal('2028-03-15');
    expect(dueDate(businessDate('2026-11-22'), undefined)).to.equal('2026-11-22');
  });
});
