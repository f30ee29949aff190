import { expect } from 'chai';
import fc from 'fast-check';
import { type ExistingPrice, planPrices, type PriceChange } from '../../../src/modules/pricing/domain/plan-prices';

/** Does to rows what the writer does with a plan. */
function applied(rows: readonly ExistingPrice[], change: PriceChange, fromAt: number): ExistingPrice[] {
  const relevant = rows.filter((row) => row.untilAt === null || row.untilAt > fromAt || row.fromAt === fromAt);
  const plan = planPrices([change], relevant, fromAt);
  const kept = rows.map((row) => {
    const replaced = plan.replace.find((one) => one.id === row.id);
    return { ...row, ...replaced, ...(plan.endIds.includes(row.id) ? { untilAt: fromAt } : {}) };
  });
  return [...kept, ...plan.insert.map((row, index) => ({ ...row, id: rows.length + index + 1, fromAt }))];
}

const priceAt = (rows: readonly ExistingPrice[], at: number): number[] =>
  rows.filter((row) => row.fromAt <= at && (row.untilAt === null || row.untilAt > at)).map((row) => row.priceFen);

describe('planPrices', () => {
  const steps = fc.array(
    fc.record({ fromAt: fc.integer({ min: 0, max: 12 }), priceFen: fc.option(fc.integer({ min: 1, max: 5 })) }),
    { maxLength: 10 },
  );

  it('leaves one price or none at any instant, and holds until the next planned one', () => {
    fc.assert(
      fc.property(steps, (changes) => {
        let rows: ExistingPrice[] = [];
        for (const { fromAt, priceFen } of changes) {
          const before = rows;
          rows = applied(rows, { skuId: 1, priceFen }, fromAt);
          // The price that holds anyway: nothing changes, not even when it ends.
          if (priceAt(before, fromAt)[0] === priceFen) {
            expect(rows).to.deep.equal(before);
            continue;
          }
          const next = Math.min(...before.filter((row) => row.fromAt > fromAt).map((row) => row.fromAt), Infinity);
          for (let at = 0; at < 15; at++) {
            const now = priceAt(rows, at);
            expect(now.length, `at ${at}`).to.be.lessThan(2);
            if (at < fromAt || at >= next) expect(now).to.deep.equal(priceAt(before, at));
            else if (priceFen !== null) expect(now).to.deep.equal([priceFen]);
          }
          expect(priceAt(rows, fromAt)).to.deep.equal(priceFen === null ? [] : [priceFen]);
        }
        expect(new Set(rows.map((row) => row.fromAt)).size).to.equal(rows.length);
      }),
      { numRuns: 1000 },
    );
  });
});
