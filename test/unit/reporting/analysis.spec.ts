import { expect } from 'chai';
import { addDays, businessDate } from '../../../src/kernel';
import { abcOf, variationBpOf, xyzOf } from '../../../src/modules/reporting/domain/classes';
import { adviseIdle, idleDaysOf } from '../../../src/modules/reporting/domain/idle-goods';
import {
  calendarOf,
  type DaySum,
  figuresOf,
  NEVER_TURNS,
  turnDaysOf,
  turnsOf,
} from '../../../src/modules/reporting/domain/turnover';

const LIMITS = { aPercent: 80, bPercent: 95, xPercent: 50, yPercent: 100 };
const TODAY = businessDate('2026-11-23');

describe('classes of goods', () => {
  it('A is what makes up to 80 % of the sales, best first, then B up to 95 %, and C; what brought nothing is C', () => {
    expect(abcOf([500, 3000, 0, 1500, 5000], LIMITS)).to.eql(['C', 'A', 'C', 'B', 'A']);
    expect(abcOf([100], LIMITS), 'one product alone is all of the sales').to.eql(['A']);
    expect(abcOf([-50, 0], LIMITS)).to.eql(['C', 'C']);
    expect(abcOf([], LIMITS)).to.eql([]);
    // The limit itself is reached by the goods before: 80 of 100 are there already.
    expect(abcOf([80, 15, 5], LIMITS)).to.eql(['A', 'B', 'C']);
  });

  it('X sells steadily, Y varies, Z is irregular or cannot be told', () => {
    expect(variationBpOf([2, 2, 2, 2])).to.equal(0);
    expect(variationBpOf([0, 4, 0, 4])).to.equal(10_000);
    expect(variationBpOf([1, 2, 3])).to.equal(null);
    expect(variationBpOf([0, 0, 0, 0])).to.equal(null);
    expect([0, 5000, 5001, 10_000, 10_001, null].map((bp) => xyzOf(bp, LIMITS))).to.eql(['X', 'X', 'Y', 'Y', 'Z', 'Z']);
  });
});

describe('turnover of a product in a store', () => {
  const calendar = calendarOf(4, TODAY);
  const sum = (day: DaySum['day'], quantity: number, valueFen: number, more: Partial<DaySum> = {}): DaySum => ({
    day,
    quantity,
    valueFen,
    sold: 0,
    costFen: 0,
    lastSoldOn: null,
    lastInOn: null,
    ...more,
  });

  it('averages the value at the end of each day, and counts what was sold in its week', () => {
    const half = addDays(calendar.from, 14);
    const found = figuresOf(
      [
        sum(null, 10, 10_000, { lastInOn: businessDate('2026-05-05') }),
        sum(half, -5, -5000, { sold: 5, costFen: 5000, lastSoldOn: half }),
      ],
      calendar,
    );
    expect(found).to.deep.include({ openingFen: 10_000, closingFen: 5000, averageFen: 7500, quantity: 5, sold: 5 });
    expect(found.weekly).to.eql([0, 0, 5, 0]);
    expect(found.knownWeeks).to.equal(4);
    expect([found.heldSince, found.lastSoldOn]).to.eql(['2026-05-05', half]);
    expect(turnDaysOf(found.averageFen, found.costFen, 28), '7500 at 5000 in 28 days').to.equal(42);
    expect(turnsOf(found.averageFen, found.costFen, 28)).to.equal(869);
  });

  it('is held since the day on which it last came to where none was, and known since its first week', () => {
    const [first, out, again] = [8, 9, 20].map((days) => addDays(calendar.from, days));
    const found = figuresOf(
      [
        sum(first ?? null, 3, 300),
        sum(out ?? null, -3, -300, { sold: 3, costFen: 300, lastSoldOn: out ?? null }),
        sum(again ?? null, 2, 200),
      ],
      calendar,
    );
    expect(found.heldSince).to.equal(again);
    expect(found.knownWeeks).to.equal(3);
    expect(found.averageFen).to.equal(Math.round((300 + 200 * 8) / 28));
    expect(turnDaysOf(100, 0, 28)).to.equal(NEVER_TURNS);
    expect(turnsOf(0, 100, 28)).to.equal(null);
  });
});

describe('goods that stand', () => {
  it('stand since the last sale, or since they came where that is later', () => {
    const day = (text: string) => businessDate(text);
    expect(idleDaysOf(day('2026-11-13'), null, TODAY)).to.equal(10);
    expect(idleDaysOf(day('2026-10-01'), day('2026-11-20'), TODAY)).to.equal(3);
    expect(idleDaysOf(day('2026-11-20'), day('2026-10-01'), TODAY)).to.equal(3);
  });

  it('go to the store that sells most and is short of them, else back to the supplier, else are marked down', () => {
    const others = [
      { storeId: 1, sold: 50, quantity: 0 },
      { storeId: 2, sold: 9, quantity: 20 },
      { storeId: 3, sold: 4, quantity: 1 },
      { storeId: 4, sold: 6, quantity: 5 },
    ];
    expect(adviseIdle(1, others, null, TODAY)).to.eql({ action: 'transfer', toStoreId: 4 });
    expect(adviseIdle(1, others.slice(0, 2), businessDate('2026-08-01'), TODAY)).to.eql({
      action: 'return',
      toStoreId: null,
    });
    expect(adviseIdle(1, [], businessDate('2025-08-01'), TODAY).action).to.equal('markdown');
    expect(adviseIdle(1, [], null, TODAY).action).to.equal('markdown');
  });
});
