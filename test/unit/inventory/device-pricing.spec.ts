import { expect } from 'chai';
import type { DeviceOnBooks } from '../../../src/ledger';
import { newPrice, pricePosting } from '../../../src/modules/inventory/domain/device-pricing';
import { testPosting } from '../../../src/modules/inventory/domain/device-test';

const row = {
  id: 4,
  state: 'in_stock',
  storeId: 1,
  locationId: 2,
  bucket: 'sellable',
  ownership: 'own',
} as DeviceOnBooks;
const document = { type: 'inventory.price', id: 9, number: 'TJ9', businessDate: '2026-11-22', storeId: 1 };

describe('prices and grades of single devices', () => {
  it('makes a price from the way it is said, in fen', () => {
    const list = { ownFen: null, listFen: 499_900 };
    expect(newPrice('amount', 350_000, list)).to.deep.equal({ priceFen: 350_000 });
    expect(newPrice('percent', 9_000, list)).to.deep.equal({ priceFen: 449_900 });
    expect(newPrice('percent', 8_550, { ownFen: 1, listFen: 499_900 }), 'to whole yuan').to.deep.equal({
      priceFen: 427_400,
    });
    expect(newPrice('less', 10_000, list)).to.deep.equal({ priceFen: 489_900 });
    expect(newPrice('less', 10_000, { ownFen: 300_000, listFen: 499_900 })).to.deep.equal({ priceFen: 290_000 });
    expect(newPrice('clear', 0, { ownFen: 300_000, listFen: null })).to.deep.equal({ priceFen: null });
  });

  it('makes none from nothing, and none that is nothing', () => {
    expect(newPrice('percent', 9_000, { ownFen: 300_000, listFen: null })).to.deep.equal({ problem: 'no_list' });
    expect(newPrice('less', 100, { ownFen: null, listFen: null })).to.deep.equal({ problem: 'no_list' });
    expect(newPrice('less', 300_000, { ownFen: 300_000, listFen: null })).to.deep.equal({ problem: 'too_low' });
    expect(newPrice('amount', 100, { ownFen: null, listFen: null })).to.deep.equal({ priceFen: 100 });
  });

  it('posts moves that stay where they are and touch no account', () => {
    const priced = pricePosting(document, { reason: '清仓', devices: [{ row, priceFen: 100 }] });
    const tested = testPosting(document, row, { grade: '95新', batteryHealth: 88, failed: 1 });
    for (const posting of [priced, tested]) {
      expect([posting.stock, posting.journal, posting.openItems]).to.deep.equal([[], [], []]);
      const [move] = posting.devices;
      expect(move?.kind === 'move' && move.from).to.deep.equal(move?.to);
    }
    expect(priced.devices[0]).to.deep.include({
      event: 'repriced',
      set: { priceFen: 100 },
      detail: { reason: '清仓' },
    });
    expect(tested.devices[0]).to.deep.include({ event: 'graded', set: { grade: '95新', batteryHealth: 88 } });
  });
});
