import { expect } from 'chai';
import type { DeviceOnBooks } from '../../../src/ledger';
import {
  buyConsignedPosting,
  type SettledDevice,
  settlementPosting,
} from '../../../src/modules/purchasing/domain/consignment-settlement';

const document = { id: 1, number: 'DX261122-NJ01-0001', businessDate: '2026-11-22', storeId: 1 };
const terms = { supplierId: 5, dueOn: '2026-12-22' };

const row = (id: number, more: Partial<DeviceOnBooks> = {}): DeviceOnBooks =>
  ({
    id,
    skuId: 9,
    state: 'sold',
    storeId: 1,
    locationId: null,
    bucket: null,
    ownership: 'customer',
    costFen: 3_000,
    ...more,
  }) as DeviceOnBooks;

const ours = { state: 'in_stock', locationId: 11, bucket: 'sellable', ownership: 'own' } as const;

const device = (id: number, grossFen: number, taxFen: number, more: Partial<DeviceOnBooks> = {}): SettledDevice => ({
  row: row(id, more),
  skuId: 9,
  openItemId: 100 + id,
  agreedNetFen: 3_000,
  grossFen,
  taxFen,
});

const balanced = ({ journal }: ReturnType<typeof settlementPosting>) =>
  expect(journal.reduce((sum, { debitFen = 0, creditFen = 0 }) => sum + debitFen - creditFen, 0)).to.equal(0);

const total = (posting: ReturnType<typeof settlementPosting>, account: string): number =>
  posting.journal
    .filter((line) => line.account === account)
    .reduce((sum, { debitFen = 0, creditFen = 0 }) => sum + debitFen - creditFen, 0);

describe('the posting of a consignment settlement', () => {
  it('turns what was accrued into a payable with its tax', () => {
    const posting = settlementPosting(document, terms, [device(1, 3_390, 390), device(2, 3_390, 390)]);
    balanced(posting);
    expect(total(posting, 'goods_received')).to.equal(6_000);
    expect(total(posting, 'input_tax')).to.equal(780);
    expect(total(posting, 'payable')).to.equal(-6_780);
    expect(posting.openItems).to.deep.equal([
      { kind: 'settle', openItemId: 101, amountFen: 3_000 },
      { kind: 'settle', openItemId: 102, amountFen: 3_000 },
      {
        kind: 'open',
        direction: 'payable',
        amountFen: 6_780,
        dueOn: '2026-12-22',
        partyType: 'supplier',
        partyId: 5,
      },
    ]);
    expect(posting.devices.every((move) => !('costChangeFen' in move))).to.equal(true);
  });

  it('makes another price a cost: of our stock where we bought it, else of what is sold', () => {
    const posting = settlementPosting(document, terms, [
      device(1, 3_277, 377),
      device(2, 3_503, 403, { ...ours, storeId: 2 }),
    ]);
    balanced(posting);
    expect(total(posting, 'cost_adjustment')).to.equal(-100);
    expect(posting.journal).to.deep.include({ account: 'inventory', debitFen: 100, storeId: 2, skuId: 9 });
    expect(posting.devices.map((move) => move.kind === 'move' && move.costChangeFen)).to.deep.equal([-100, 100]);
  });

  it('leaves the cost of a device alone that is another purchase by now', () => {
    const posting = settlementPosting(document, terms, [device(1, 3_503, 403, { ...ours, costFen: 2_500 })]);
    balanced(posting);
    expect(total(posting, 'inventory')).to.equal(0);
    expect(total(posting, 'cost_adjustment')).to.equal(100);
    expect(posting.devices[0]).to.not.have.property('costChangeFen');
  });
});

describe('the posting of a purchase from consignment', () => {
  it('puts what is there into stock, and pays for what was lost', () => {
    const there = row(1, { ...ours, ownership: 'consigned', costFen: 0 });
    const lost = row(2, { state: 'missing', ownership: 'consigned', costFen: 0 });
    const posting = buyConsignedPosting(document, 5, [
      { row: there, netFen: 3_000 },
      { row: lost, netFen: 2_000 },
    ]);
    balanced(posting);
    expect(total(posting, 'inventory')).to.equal(3_000);
    expect(total(posting, 'admin_expense')).to.equal(2_000);
    expect(total(posting, 'goods_received')).to.equal(-5_000);
    expect(posting.devices.map(({ to }) => `${to.state} ${to.ownership}`)).to.deep.equal([
      'in_stock own',
      'missing own',
    ]);
    expect(posting.openItems).to.have.length(2);
  });
});
