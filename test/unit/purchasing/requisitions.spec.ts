import { expect } from 'chai';
import fc from 'fast-check';
import {
  requisitionMachine,
  shareOrderLine,
  stateOfWishes,
  unordered,
} from '../../../src/modules/purchasing/domain/requisition-state';

const wish = (quantity: number, ordered: number, received = 0, givenUp = 0) => ({
  quantity,
  ordered,
  received,
  givenUp,
});

describe('the states of a requisition', () => {
  it('have no dead ends', () => {
    expect(requisitionMachine.defects()).to.eql([]);
    expect(requisitionMachine.can('rejected', 'revise')).to.equal(true);
    expect(requisitionMachine.can('partial', 'cancel')).to.equal(false);
  });

  it('follow from its lines', () => {
    expect(stateOfWishes([wish(5, 0), wish(3, 0)])).to.equal('approved');
    expect(stateOfWishes([wish(5, 5), wish(3, 0)])).to.equal('partial');
    expect(stateOfWishes([wish(5, 5), wish(3, 3, 1)])).to.equal('ordered');
    expect(stateOfWishes([wish(5, 5, 5), wish(3, 0, 0, 3)])).to.equal('closed');
    expect(stateOfWishes([wish(5, 2, 2, 3)])).to.equal('closed');
    expect(unordered(wish(5, 4, 0, 3))).to.equal(0);
  });
});

describe('an order line that serves several wishes', () => {
  const line = (quantity: number, received = 0, givenUp = 0) => ({ quantity, received, givenUp });

  it('serves the earliest first', () => {
    const wishes = [{ quantity: 4 }, { quantity: 3 }];
    expect(shareOrderLine(line(7, 5), false, wishes)).to.eql([
      { ordered: 4, received: 4 },
      { ordered: 3, received: 1 },
    ]);
    // Closed short after five came; a draft that was made smaller; a cancelled order.
    expect(shareOrderLine(line(7, 5, 2), false, wishes)).to.eql([
      { ordered: 4, received: 4 },
      { ordered: 1, received: 1 },
    ]);
    expect(shareOrderLine(line(2), false, wishes).map(({ ordered }) => ordered)).to.eql([2, 0]);
    expect(shareOrderLine(line(7), true, wishes).map(({ ordered }) => ordered)).to.eql([0, 0]);
  });

  it('never gives more than was wished, ordered or received', () => {
    const pieces = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(
        pieces,
        pieces,
        pieces,
        fc.array(fc.integer({ min: 1, max: 20 })),
        (quantity, received, up, wanted) => {
          const givenUp = Math.min(up, quantity);
          const shares = shareOrderLine(
            { quantity, received, givenUp },
            false,
            wanted.map((one) => ({ quantity: one })),
          );
          const sum = (key: 'ordered' | 'received') => shares.reduce((total, share) => total + share[key], 0);
          expect(sum('ordered')).to.be.at.most(Math.max(received, quantity - givenUp));
          expect(sum('received')).to.be.at.most(received);
          shares.forEach((share, index) => {
            expect(share.ordered).to.be.within(0, wanted[index] ?? 0);
            expect(share.received).to.be.within(0, share.ordered);
          });
        },
      ),
    );
  });
});
