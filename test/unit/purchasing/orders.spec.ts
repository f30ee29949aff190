import { expect } from 'chai';
import fc from 'fast-check';
import { type ApprovalLevel, approvalRefusal, levelsFor } from '../../../src/platform/approval';
import {
  mostReceived,
  openPieces,
  orderMachine,
  stateOfLines,
} from '../../../src/modules/purchasing/domain/order-state';

const level = (name: string, fromFen: number, roleCode: string | null = null, own = false): ApprovalLevel => ({
  name,
  fromFen,
  roleCode,
  own,
});

describe('the states of an order', () => {
  it('have no dead ends', () => {
    expect(orderMachine.defects()).to.eql([]);
    expect(orderMachine.eventsOf('cancelled')).to.eql([]);
    expect(orderMachine.can('partial', 'cancel')).to.equal(false);
  });

  it('follow from its lines', () => {
    const line = (quantity: number, received: number, givenUp = 0) => ({ quantity, received, givenUp });
    expect(stateOfLines([line(5, 0), line(3, 0)])).to.equal('approved');
    expect(stateOfLines([line(5, 5), line(3, 0)])).to.equal('partial');
    expect(stateOfLines([line(5, 5), line(3, 4)])).to.equal('received');
    expect(stateOfLines([line(5, 5), line(3, 1, 2)])).to.equal('closed');
    expect(stateOfLines([line(5, 4), line(3, 1, 2)])).to.equal('partial');
  });

  it('never ask for less than nothing, nor take more than ordered and the tolerance', () => {
    const pieces = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(pieces, pieces, pieces, fc.integer({ min: 0, max: 10_000 }), (quantity, received, givenUp, bp) => {
        expect(openPieces({ quantity, received, givenUp })).to.be.at.least(0);
        const most = mostReceived({ quantity, givenUp: 0 }, bp);
        expect(most).to.be.within(quantity, quantity + (quantity * bp) / 10_000);
      }),
    );
    expect(mostReceived({ quantity: 30, givenUp: 0 }, 500)).to.equal(31);
    expect(mostReceived({ quantity: 30, givenUp: 10 }, 500)).to.equal(20);
  });
});

describe('approval levels', () => {
  const manager = level('店长', 0, 'manager');
  const owner = level('老板', 1_000_000, 'owner');

  it('are those the amount reaches, the lowest first', () => {
    expect(levelsFor([owner, manager], 999_999)).to.eql([manager]);
    expect(levelsFor([owner, manager], 1_000_000)).to.eql([manager, owner]);
    expect(levelsFor([], 5)).to.eql([]);
  });

  it('are passed by who has the role, or the one of a later level; not by who submitted, unless the level says so', () => {
    expect(approvalRefusal({ userId: 2, roles: ['manager'] }, 1, manager, [owner])).to.equal(null);
    expect(approvalRefusal({ userId: 2, roles: ['owner'] }, 1, manager, [owner])).to.equal(null);
    expect(approvalRefusal({ userId: 2, roles: ['manager'] }, 1, owner, [])).to.equal('role');
    expect(approvalRefusal({ userId: 1, roles: ['owner'] }, 1, owner, [])).to.equal('own');
    expect(approvalRefusal({ userId: 1, roles: ['owner'] }, 1, { ...owner, own: true }, [])).to.equal(null);
    // A later level for everybody does not pass an earlier one for a role.
    expect(approvalRefusal({ userId: 2, roles: ['buyer'] }, 1, manager, [level('全部', 5)])).to.equal('role');
    expect(approvalRefusal({ userId: null, roles: [] }, null, owner, [])).to.equal(null);
  });
});
