import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import { type CycleGoods, cycleTurns, isDue } from '../../../src/modules/inventory/domain/cycle-count';

const today = businessDate('2026-11-22');
const rules = { aPercent: 80, bPercent: 95, days: { A: 30, B: 90, C: 365 } };
const goods = (skuId: number, soldFen: number, more: Partial<CycleGoods> = {}): CycleGoods => ({
  skuId,
  soldFen,
  countedOn: null,
  running: false,
  ...more,
});
const on = (day: string) => ({ countedOn: businessDate(day) });

describe('the turns of a cycle count', () => {
  it('counts what sold for most more often, and what was never counted first', () => {
    const turns = cycleTurns(
      [
        goods(1, 8_000, on('2026-10-20')),
        goods(2, 1_500, on('2026-10-20')),
        goods(3, 500, on('2025-10-20')),
        goods(4, 0),
        goods(5, 0, on('2026-01-01')),
      ],
      rules,
      today,
    );
    expect(turns.map(({ skuId, abc, dueOn, overdueDays }) => [skuId, abc, dueOn, overdueDays])).to.deep.equal([
      [4, 'C', null, null],
      [3, 'C', '2026-10-20', 33],
      [1, 'A', '2026-11-19', 3],
      [5, 'C', '2027-01-01', -40],
      [2, 'B', '2027-01-18', -57],
    ]);
    expect(turns.filter(isDue).map(({ skuId }) => skuId)).to.deep.equal([4, 3, 1]);
  });

  it('is due on its day, is not proposed while it is counted, and takes returns beyond sales for nothing sold', () => {
    const turns = cycleTurns(
      [goods(1, 100, on('2026-10-23')), goods(2, 0, { running: true }), goods(3, -900)],
      rules,
      today,
    );
    expect(turns.map(({ skuId, abc, overdueDays }) => [skuId, abc, overdueDays])).to.deep.equal([
      [2, 'C', null],
      [3, 'C', null],
      [1, 'A', 0],
    ]);
    expect(turns.filter(isDue).map(({ skuId }) => skuId)).to.deep.equal([3, 1]);
  });
});
