import { expect } from 'chai';
import fc from 'fast-check';
import { costOut, DomainError } from '../../../src/kernel';

describe('moving average cost', () => {
  const table: [quantity: number, valueFen: number, out: number, costFen: number][] = [
    [10, 1_005, 3, 302],
    [3, 100, 1, 33],
    [2, 67, 1, 34],
    [1, 33, 1, 33],
    [5, 0, 2, 0],
    [5, 100, 0, 0],
    [3, 1, 1, 0],
    [3, 2, 1, 1],
  ];
  for (const [quantity, valueFen, out, costFen] of table)
    it(`${out} of ${quantity} pieces worth ${valueFen} fen cost ${costFen}`, () =>
      expect(costOut({ quantity, valueFen }, out)).to.equal(costFen));

  it('gives out exactly what came in, whatever the portions', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 10 ** 12 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 }),
        (valueFen, portions) => {
          const left = { quantity: portions.reduce((a, b) => a + b, 0), valueFen };
          let given = 0;
          for (const portion of portions) {
            const cost = costOut(left, portion);
            expect(cost).to.be.within(0, left.valueFen);
            left.quantity -= portion;
            left.valueFen -= cost;
            given += cost;
          }
          expect(left).to.deep.equal({ quantity: 0, valueFen: 0 });
          expect(given).to.equal(valueFen);
        },
      ),
    );
  });

  it('refuses more than there is, and parts of a piece', () => {
    expect(() => costOut({ quantity: 2, valueFen: 10 }, 3)).to.throw(DomainError, 'ledger:error.stock_short');
    expect(() => costOut({ quantity: 2, valueFen: 10 }, 0.5)).to.throw(DomainError, 'errors:quantity.not_whole');
    expect(() => costOut({ quantity: 2, valueFen: 10 }, -1)).to.throw(DomainError);
  });
});
