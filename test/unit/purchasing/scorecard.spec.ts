import { expect } from 'chai';
import { priceChangeBp, shareBp } from '../../../src/modules/purchasing/domain/scorecard';

const bought = (pieces: number, amountFen: number, piecesBefore: number, amountBeforeFen: number) => ({
  pieces,
  amountFen,
  piecesBefore,
  amountBeforeFen,
});

describe('the figures of a scorecard', () => {
  it('are shares in basis points, and nothing of nothing', () => {
    expect([shareBp(1, 3), shareBp(0, 3), shareBp(0, 0)]).to.eql([3333, 0, null]);
  });

  it('weigh changes of prices by what was bought now', () => {
    expect(priceChangeBp([bought(10, 1100, 5, 500)])).to.equal(1000);
    // The dear product fell, the cheap one rose: 100 × 10 + 1 × 1000 before, 110 × 10 + 1 × 950 now.
    expect(priceChangeBp([bought(100, 1100, 1, 10), bought(1, 950, 1, 1000)])).to.equal(250);
    expect(priceChangeBp([bought(10, 1100, 0, 0), bought(0, 0, 5, 500)])).to.equal(null);
  });
});
