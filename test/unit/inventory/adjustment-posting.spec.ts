import { expect } from 'chai';
import { businessDate } from '../../../src/kernel';
import type { DeviceOnBooks, JournalLine } from '../../../src/ledger';
import {
  type AdjustedGoods,
  adjustmentPosting,
  type StockAdjustment,
} from '../../../src/modules/inventory/domain/adjustment-posting';

const document = {
  type: 'inventory.change',
  id: 5,
  number: 'TZ-1',
  businessDate: businessDate('2026-11-22'),
  storeId: 1,
};

const phone = (id: number, more: Partial<DeviceOnBooks> = {}): DeviceOnBooks => ({
  id,
  skuId: 7,
  state: 'in_stock',
  storeId: 1,
  locationId: 3,
  bucket: 'sellable',
  ownership: 'own',
  costFen: 100_000,
  priceFen: null,
  grade: null,
  batteryHealth: null,
  supplierId: null,
  receivedOn: '2026-11-01',
  stockedOn: '2026-11-01',
  makerWarrantyUntil: null,
  shopWarrantyUntil: null,
  lastSeq: 1,
  sourcePostingId: 1,
  version: 1,
  ...more,
});
const cable = (pieces: number, balance: { quantity: number; valueFen: number }, more: Partial<AdjustedGoods> = {}) => ({
  locationId: 3,
  skuId: 9,
  batchId: null,
  bucket: 'sellable' as const,
  pieces,
  balance,
  unitCostFen: null,
  averageFen: 0,
  ...more,
});
const of = (adjustment: Partial<StockAdjustment> & Pick<StockAdjustment, 'effect'>) =>
  adjustmentPosting(document, {
    reason: '丢失被盗',
    account: 'other_expense',
    locationId: 3,
    devices: [],
    goods: [],
    ...adjustment,
  });
/** Account → debit less credit. */
const net = (journal: readonly JournalLine[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { account, debitFen = 0, creditFen = 0 } of journal)
    sums[account] = (sums[account] ?? 0) + debitFen - creditFen;
  return sums;
};

describe('the posting of an adjustment', () => {
  it('takes what is lost out at its cost and leaves the pending account empty', () => {
    const posting = of({
      effect: 'loss',
      devices: [{ row: phone(1), unitCostFen: null }],
      goods: [cable(1, { quantity: 3, valueFen: 1_000 })],
    });
    expect(posting.devices[0]).to.deep.include({ event: 'adjusted_loss', detail: { reason: '丢失被盗' } });
    expect(posting.devices[0]?.to).to.deep.include({ state: 'missing', bucket: null, locationId: null });
    expect(posting.stock).to.deep.include.members([
      { locationId: 3, skuId: 9, batchId: null, bucket: 'sellable', storeId: 1, quantity: -1, valueFen: -333 },
    ]);
    expect(net(posting.journal)).to.deep.equal({ stock_difference: 0, inventory: -100_333, other_expense: 100_333 });
  });

  it('books nothing of what is not ours, wherever it goes', () => {
    const posting = of({
      effect: 'scrap',
      devices: [{ row: phone(1, { ownership: 'consigned', costFen: 0 }), unitCostFen: null }],
    });
    expect(posting.devicesFen).to.deep.equal([0]);
    expect(Object.values(net(posting.journal)).every((fen) => fen === 0)).to.equal(true);
    expect(posting.devices[0]?.to).to.deep.include({ state: 'scrapped', ownership: 'consigned' });
  });

  it('brings goods in at the typed cost, the average here, or the average anywhere', () => {
    const at = (more: Partial<AdjustedGoods>, balance = { quantity: 0, valueFen: 0 }) =>
      of({ effect: 'gain', account: 'other_income', goods: [cable(2, balance, more)] }).goodsFen[0];
    expect(at({ unitCostFen: 450 })).to.equal(900);
    expect(at({}, { quantity: 3, valueFen: 1_000 })).to.equal(667);
    expect(at({ averageFen: 410 })).to.equal(820);
  });

  it('corrects a cost up and down without netting, and moves nothing that costs that already', () => {
    const posting = of({
      effect: 'value',
      account: 'cost_adjustment',
      devices: [
        { row: phone(1), unitCostFen: 120_000 },
        { row: phone(2), unitCostFen: 100_000 },
      ],
      goods: [cable(4, { quantity: 4, valueFen: 1_000 }, { unitCostFen: 200 })],
    });
    expect(
      posting.devices.map((move) => [
        move.kind === 'move' && move.deviceId,
        move.kind === 'move' && move.costChangeFen,
      ]),
    ).to.deep.equal([[1, 20_000]]);
    expect(posting.stock).to.deep.include.members([
      { locationId: 3, skuId: 9, batchId: null, bucket: 'sellable', storeId: 1, quantity: 0, valueFen: -200 },
    ]);
    expect(net(posting.journal)).to.deep.equal({ cost_adjustment: -19_800, inventory: 19_800 });
    expect(posting.journal.filter(({ account }) => account === 'cost_adjustment')).to.have.length(2);
  });

  it('leaves a loss on the pending account where the reason says so', () => {
    const posting = of({
      effect: 'loss',
      account: 'stock_difference',
      devices: [{ row: phone(1), unitCostFen: null }],
    });
    expect(net(posting.journal)).to.deep.equal({ stock_difference: 100_000, inventory: -100_000 });
  });
});
