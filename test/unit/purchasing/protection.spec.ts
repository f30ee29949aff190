import { expect } from 'chai';
import { type BusinessDate } from '../../../src/kernel';
import type { DevicePlace, JournalLine } from '../../../src/ledger';
import {
  boughtAnew,
  type Cut,
  dropStands,
  judge,
  type JudgedDevice,
  type LifeStep,
} from '../../../src/modules/purchasing/domain/protection-coverage';
import {
  protectionPosting,
  type ProtectedDevice,
  unprotectPosting,
} from '../../../src/modules/purchasing/domain/protection-posting';
import { protectionMachine } from '../../../src/modules/purchasing/domain/protection-state';
import { settlementPosting } from '../../../src/modules/purchasing/domain/settlement-posting';

const at = (day: number, hour = 12): number => Date.UTC(2026, 10, day, hour - 8);
const on = (day: number): BusinessDate => `2026-11-${String(day).padStart(2, '0')}` as BusinessDate;
const step = (event: string, day: number, more: Partial<LifeStep> = {}): LifeStep => ({
  at: at(day),
  businessDate: on(day),
  event,
  toState: 'in_stock',
  toStoreId: 1,
  toBucket: 'sellable',
  toOwnership: 'own',
  costChangeFen: 0,
  changes: null,
  documentType: `test.${event}`,
  documentId: day,
  documentNumber: `N${day}`,
  ...more,
});
const sold = (day: number): LifeStep =>
  step('sold', day, { toState: 'sold', toBucket: null, toOwnership: 'customer', documentType: 'sales.sale' });

const cut: Cut = { supplierId: 7, effectiveAt: at(20), effectiveOn: on(20), windowDays: 5, skuIds: new Set([11]) };
const device = (life: LifeStep[], more: Partial<JudgedDevice> = {}): JudgedDevice => ({
  skuId: 11,
  supplierId: 7,
  state: life.at(-1)?.toState ?? 'in_stock',
  life,
  claimed: false,
  ...more,
});
const classOf = (one: JudgedDevice, of: Cut = cut): string => {
  const { coverage, reason } = judge(one, of);
  return reason ?? coverage;
};

describe('what price protection covers', () => {
  it('is told by where a device was at the effective hour, whatever happened since', () => {
    expect(classOf(device([step('received', 10)]))).to.equal('held');
    expect(classOf(device([step('received', 10), sold(22)]))).to.equal('held');
    expect(classOf(device([step('received', 10), step('sent', 19, { toBucket: 'in_transit' })]))).to.equal(
      'in_transit',
    );
    expect(classOf(device([step('received', 10), sold(15)]))).to.equal('sold');
    expect(classOf(device([step('received', 10), sold(14)]))).to.equal('sold_before');
    expect(classOf(device([step('received', 10), sold(19)]), { ...cut, windowDays: 0 })).to.equal('sold_before');
    expect(classOf(device([step('received', 10), sold(12), step('sale_returned', 18)]))).to.equal('held');
    expect(classOf(device([step('received', 10), sold(12), step('sale_returned', 21)]))).to.equal('sold_before');
    expect(classOf(device([step('received', 21)]))).to.equal('bought_after');
  });

  it('takes what was entered late with the date of an earlier day as of that day, and the very minute as covered', () => {
    expect(classOf(device([step('received', 21, { businessDate: on(19) })]))).to.equal('held');
    expect(classOf(device([step('received', 20, { at: at(20) })]))).to.equal('held');
    expect(classOf(device([step('received', 20, { at: at(20) + 60_000 })]))).to.equal('bought_after');
  });

  it('names the reason for what is not covered', () => {
    const life = [step('received', 10)];
    expect(classOf(device(life, { supplierId: 8 }))).to.equal('other_supplier');
    expect(classOf(device(life, { skuId: 12 }))).to.equal('other_model');
    expect(classOf(device(life, { claimed: true }))).to.equal('claimed');
    expect(classOf(device(life, { state: 'void' }))).to.equal('void');
    expect(classOf(device(life, { state: 'returned_to_supplier' }))).to.equal('returned');
    expect(classOf(device([step('received', 10, { toOwnership: 'consigned' })]))).to.equal('consigned');
    expect(classOf(device([...life, step('lost', 12, { toState: 'missing', toBucket: null })]))).to.equal('gone');
  });

  it('goes by the supplier and the product it had then', () => {
    const again = step('received', 24, { changes: { supplierId: [7, 9], skuId: [11, 15] }, costChangeFen: -500 });
    const back = device([step('received', 10), sold(16), again], { supplierId: 9, skuId: 15 });
    expect(judge(back, cut)).to.include({ coverage: 'sold', skuId: 11 });
    expect(judge(back, cut).sale).to.include({ type: 'sales.sale', id: 16, on: on(16) });
    expect(boughtAnew(back.life, cut)).to.equal(true);
    expect(boughtAnew([step('received', 10), sold(16)], cut)).to.equal(false);
  });

  it('knows whether the cost still carries what was taken off', () => {
    const claim = { type: 'purchasing.protection', id: 25 };
    const agreed = step('price_protected', 25, { documentType: claim.type, costChangeFen: -100 });
    const onSold = { ...agreed, toState: 'sold', toBucket: null };
    const returned = step('sale_returned', 27, { costChangeFen: 100 });
    expect(dropStands([step('received', 10), agreed, sold(26)], claim)).to.equal(true);
    expect(dropStands([step('received', 10), agreed, sold(26), step('sale_returned', 27)], claim)).to.equal(true);
    expect(dropStands([step('received', 10), sold(24), onSold, returned], claim)).to.equal(false);
    expect(dropStands([step('received', 10), agreed, sold(26), step('received', 28)], claim)).to.equal(false);
    expect(dropStands([step('received', 10)], claim)).to.equal(false);
  });

  it('has states that all lead to an end', () => {
    expect(protectionMachine.defects()).to.eql([]);
  });
});

const shelf: DevicePlace = { state: 'in_stock', storeId: 1, locationId: 4, bucket: 'sellable', ownership: 'own' };
const gone: DevicePlace = { state: 'sold', storeId: 2, locationId: null, bucket: null, ownership: 'customer' };
const document = { type: 'purchasing.protection', id: 3, number: 'JB1', businessDate: on(22), storeId: 1 };
const one = (deviceId: number, more: Partial<ProtectedDevice> = {}): ProtectedDevice => ({
  deviceId,
  skuId: 11,
  place: shelf,
  costFen: 300_000,
  agreedFen: 11_300,
  taxRateBp: 1300,
  anew: false,
  storeId: 1,
  saleNumber: null,
  ...more,
});
const netOf = (journal: readonly JournalLine[], account: string): number =>
  journal
    .filter((line) => line.account === account)
    .reduce((sum, { debitFen = 0, creditFen = 0 }) => sum + debitFen - creditFen, 0);
const balanceOf = (journal: readonly JournalLine[]): number =>
  journal.reduce((sum, { debitFen = 0, creditFen = 0 }) => sum + debitFen - creditFen, 0);

describe('the posting of price protection', () => {
  it('lowers the cost of what is stock, corrects the cost of what is sold, and the input tax of both', () => {
    const posting = protectionPosting(document, 7, on(30), [
      one(1),
      one(2, { place: gone, storeId: 2, saleNumber: 'XS1' }),
    ]);
    expect(netOf(posting.journal, 'other_receivable')).to.equal(22_600);
    expect(netOf(posting.journal, 'inventory')).to.equal(-10_000);
    expect(netOf(posting.journal, 'cost_adjustment')).to.equal(-10_000);
    expect(netOf(posting.journal, 'input_tax')).to.equal(-2_600);
    expect(balanceOf(posting.journal)).to.equal(0);
    expect(posting.journal.find(({ account }) => account === 'cost_adjustment')?.storeId).to.equal(2);
    expect(posting.devices.map((move) => move.kind === 'move' && move.costChangeFen)).to.eql([-10_000, -10_000]);
    expect(posting.openItems).to.deep.include({
      kind: 'open',
      partyType: 'supplier',
      partyId: 7,
      direction: 'receivable',
      amountFen: 22_600,
      dueOn: on(30),
    });
    expect(posting.sums).to.eql({ agreedFen: 22_600, taxFen: 2_600, stockFen: 10_000 });
  });

  it('takes no cost below nothing and leaves the cost of another purchase alone', () => {
    const { booked, journal } = protectionPosting(document, 7, null, [
      one(1, { costFen: 4_000 }),
      one(2, { anew: true }),
    ]);
    expect(booked.map(({ stockFen, costDropFen }) => [stockFen, costDropFen])).to.eql([
      [4_000, 4_000],
      [0, 0],
    ]);
    expect(netOf(journal, 'cost_adjustment')).to.equal(-16_000);
    expect(balanceOf(journal)).to.equal(0);
  });

  it('is taken back in red wherever the devices are by then', () => {
    const claim = { supplierId: 7, agreedFen: 22_600, taxFen: 2_600, openItemId: 5 };
    const back = unprotectPosting({ ...document, type: 'purchasing.protection_reversal' }, claim, [
      { deviceId: 1, skuId: 11, place: shelf, netFen: 10_000, costDropFen: 10_000, stands: true, storeId: 1 },
      { deviceId: 2, skuId: 11, place: shelf, netFen: 10_000, costDropFen: 10_000, stands: false, storeId: 1 },
    ]);
    expect(netOf(back.journal, 'inventory')).to.equal(10_000);
    expect(netOf(back.journal, 'cost_adjustment')).to.equal(10_000);
    expect(balanceOf(back.journal)).to.equal(0);
    expect(back.journal.every(({ debitFen = 0, creditFen = 0 }) => debitFen + creditFen <= 0)).to.equal(true);
    expect(back.devices.map((move) => move.kind === 'move' && move.costChangeFen)).to.eql([10_000, 0]);
    expect(back.openItems).to.eql([{ kind: 'settle', openItemId: 5, amountFen: 22_600 }]);
  });
});

describe('the settlement of a claim', () => {
  const items = [{ openItemId: 5, openFen: 22_600, storeId: 1 }];
  const claim = { supplierId: 7, items, agreedFen: 22_600, taxFen: 2_600 };
  const payables = [
    { openItemId: 8, openFen: 10_000, storeId: 1 },
    { openItemId: 9, openFen: 50_000, storeId: 2 },
  ];

  it('sets off payables in their order; what is missing is a cost adjustment with its tax', () => {
    const { journal, openItems } = settlementPosting(
      document,
      claim,
      { method: 'set_off', amountFen: 20_340 },
      payables,
    );
    expect(openItems).to.eql([
      { kind: 'settle', openItemId: 5, amountFen: 22_600 },
      { kind: 'settle', openItemId: 8, amountFen: 10_000 },
      { kind: 'settle', openItemId: 9, amountFen: 10_340 },
    ]);
    expect(netOf(journal, 'payable')).to.equal(20_340);
    expect(journal.filter(({ account }) => account === 'payable').map(({ storeId }) => storeId)).to.eql([1, 2]);
    expect(netOf(journal, 'cost_adjustment')).to.equal(2_000);
    expect(netOf(journal, 'input_tax')).to.equal(260);
    expect(balanceOf(journal)).to.equal(0);
  });

  it('takes money, also more than was agreed', () => {
    const { journal, openItems } = settlementPosting(document, claim, { method: 'bank', amountFen: 23_730 }, payables);
    expect(openItems).to.have.length(1);
    expect(netOf(journal, 'bank')).to.equal(23_730);
    expect(netOf(journal, 'cost_adjustment')).to.equal(-1_000);
    expect(netOf(journal, 'input_tax')).to.equal(-130);
    expect(balanceOf(journal)).to.equal(0);
  });
});
