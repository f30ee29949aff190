import { expect } from 'chai';
import fc from 'fast-check';
import { fen } from '../../../src/kernel';
import { matchLine, type ReceivedLine, takenAmounts } from '../../../src/modules/purchasing/domain/invoice-matching';
import {
  type BilledGoods,
  type BilledOther,
  invoicePosting,
} from '../../../src/modules/purchasing/domain/invoice-posting';
import {
  type GoodsLot,
  spreadOverDevices,
  spreadOverGoods,
} from '../../../src/modules/purchasing/domain/invoice-spread';

const received = (more: Partial<ReceivedLine> = {}): ReceivedLine => ({
  receivedPriceFen: 11_300,
  orderedPriceFen: null,
  taxRateBp: 1_300,
  received: 10,
  netFen: 100_000,
  clearedPieces: 0,
  clearedFen: 0,
  ...more,
});
const TOLERANCE = { percentBp: 100, amountFen: 100 };

describe('the match of order, receipt and invoice', () => {
  it('passes small differences, and those within the percentage; either price decides', () => {
    const beyond = (amountFen: number, line = received()) =>
      matchLine(line, { quantity: 10, amountFen }, TOLERANCE).beyond;
    expect([113_000, 113_100, 114_130, 111_870].map((amount) => beyond(amount))).to.eql([false, false, false, false]);
    expect([114_131, 111_869].map((amount) => beyond(amount))).to.eql([true, true]);
    // Received at a price that was not ordered: the invoice agrees with the receipt only.
    expect(beyond(113_000, received({ orderedPriceFen: 11_000 }))).to.equal(true);
    expect(matchLine(received({ orderedPriceFen: 11_000 }), { quantity: 2, amountFen: 22_600 }, TOLERANCE)).to.include({
      receivedFen: 22_600,
      orderedFen: 22_000,
      differenceFen: 0,
      orderDifferenceFen: 600,
      leftPieces: 10,
    });
    // One yuan is nothing, however cheap the goods are.
    expect(matchLine(received({ receivedPriceFen: 100 }), { quantity: 1, amountFen: 200 }, TOLERANCE).beyond).to.equal(
      false,
    );
    expect(matchLine(received({ receivedPriceFen: 100 }), { quantity: 1, amountFen: 201 }, TOLERANCE).beyond).to.equal(
      true,
    );
  });

  it('expects the amount where no pieces are left', () => {
    const line = received({ clearedPieces: 10, clearedFen: 90_000 });
    expect(matchLine(line, { quantity: 0, amountFen: 11_300 }, TOLERANCE)).to.include({
      receivedFen: 11_300,
      beyond: false,
    });
    expect(takenAmounts(line, 0)).to.eql({ valueFen: 0, clearedFen: 10_000 });
  });

  it('takes parts that add up to the fen, and with the last piece all that is left', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }),
        (pieces, netFen, wanted) => {
          let line = received({ received: pieces, netFen });
          let value = 0;
          for (const want of [...wanted, pieces]) {
            const quantity = Math.min(want, pieces - line.clearedPieces);
            if (quantity === 0) continue;
            const taken = takenAmounts(line, quantity);
            value += taken.valueFen;
            line = {
              ...line,
              clearedPieces: line.clearedPieces + quantity,
              clearedFen: line.clearedFen + taken.clearedFen,
            };
            expect(line.clearedFen).to.be.within(0, netFen);
          }
          expect([value, line.clearedFen]).to.eql([netFen, netFen]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

const place = { state: 'in_stock', storeId: 1, locationId: 2, bucket: 'sellable', ownership: 'own' } as const;
const device = (deviceId: number, costFen: number, held = true) => ({
  deviceId,
  skuId: 9,
  place: held
    ? place
    : ({ ...place, state: 'sold', storeId: 3, locationId: null, bucket: null, ownership: 'customer' } as const),
  costFen,
  held,
  salePostingId: held ? null : 70 + deviceId,
});
const lot = (freePieces: number, valueFen: number, locationId = 2): GoodsLot => ({
  key: { locationId, skuId: 8, batchId: null, bucket: 'sellable' },
  storeId: 1,
  freePieces,
  valueFen,
});

describe('the difference of an invoice', () => {
  it('goes to the devices held, of those sold to the cost, each named', () => {
    expect(spreadOverDevices(fen(100), [device(1, 500), device(2, 500, false), device(3, 500)])).to.eql([
      { deviceId: 1, pieces: 1, held: true, amountFen: 34, salePostingId: null },
      { deviceId: 2, pieces: 1, held: false, amountFen: 33, salePostingId: 72 },
      { deviceId: 3, pieces: 1, held: true, amountFen: 33, salePostingId: null },
    ]);
    expect(spreadOverDevices(fen(0), [device(1, 500)])).to.eql([]);
  });

  it('makes no device cheaper than free', () => {
    const shares = spreadOverDevices(fen(-1_000), [device(1, 300), device(2, 900)]);
    expect(shares.filter(({ held }) => held).map(({ amountFen }) => amountFen)).to.eql([-300, -500]);
    expect(shares.reduce((sum, { amountFen }) => sum + amountFen, 0)).to.equal(-1_000);
  });

  it('goes to the pieces of goods that are left, counted once', () => {
    const lots = [lot(3, 300), lot(4, 400, 5)];
    const first = spreadOverGoods(fen(100), 5, lots);
    expect(first.values.map(({ valueFen }) => valueFen)).to.eql([60, 40]);
    const second = spreadOverGoods(fen(100), 5, lots);
    expect(second.values.map(({ valueFen }) => valueFen)).to.eql([40]);
    expect(second.shares).to.deep.include({
      deviceId: null,
      pieces: 3,
      held: false,
      amountFen: 60,
      salePostingId: null,
    });
    expect(spreadOverGoods(fen(-900), 1, [lot(1, 300)]).shares.map(({ amountFen }) => amountFen)).to.eql([-300, -600]);
  });
});

describe('the posting of an invoice', () => {
  const document = {
    id: 1,
    number: 'FP261122-NJ01-0001',
    businessDate: '2026-11-22',
    storeId: 1,
    supplierId: 5,
    supplierName: '深圳华盛通讯',
    dueOn: '2026-12-21',
  };

  it('balances, and agrees with stock and open items, whatever was billed', () => {
    const money = fc.integer({ min: 0, max: 1_000_000 });
    const some = fc.record({
      net: money,
      tax: money,
      value: money,
      cleared: money,
      held: fc.array(fc.tuple(money, fc.boolean()), { maxLength: 5 }),
      landed: money,
      expense: money,
      free: fc.integer({ min: 0, max: 9 }),
      lotValue: money,
    });
    fc.assert(
      fc.property(some, (one) => {
        const common = { openItemId: 40, storeId: 2, valueFen: one.value, clearedFen: one.cleared };
        const lines: (BilledGoods | BilledOther)[] = [
          {
            ...common,
            kind: 'goods',
            lineId: 1,
            skuId: 9,
            netFen: one.net,
            taxFen: one.tax,
            pieces: one.held.length,
            devices: one.held.map(([costFen, held], index) => device(index + 1, costFen, held)),
            lots: [],
          },
          {
            ...common,
            kind: 'goods',
            lineId: 2,
            skuId: 8,
            netFen: one.tax,
            taxFen: 0,
            pieces: 7,
            devices: null,
            lots: [lot(one.free, one.free === 0 ? 0 : one.lotValue)],
          },
          { kind: 'landed', lineId: 3, netFen: one.landed, taxFen: 3 },
          { kind: 'selling_expense', lineId: 4, netFen: one.expense, taxFen: 0 },
        ];
        const posting = invoicePosting(document, lines);
        const total = (of: 'debitFen' | 'creditFen', account?: string): number =>
          posting.journal.reduce((sum, line) => sum + (!account || line.account === account ? (line[of] ?? 0) : 0), 0);
        expect(total('debitFen')).to.equal(total('creditFen'));
        expect(total('creditFen', 'payable')).to.equal(one.net + 2 * one.tax + one.landed + 3 + one.expense);
        expect(total('debitFen', 'goods_received')).to.equal(2 * one.cleared);
        const inStock =
          posting.devices.reduce((sum, move) => sum + (move.kind === 'move' ? (move.costChangeFen ?? 0) : 0), 0) +
          posting.stock.reduce((sum, { valueFen }) => sum + valueFen, 0);
        expect(total('debitFen', 'inventory')).to.equal(inStock);
        for (const move of posting.devices)
          if (move.kind === 'move')
            expect((one.held[move.deviceId - 1]?.[0] ?? 0) + (move.costChangeFen ?? 0)).to.be.at.least(0);
        const results = posting.results.reduce(
          (sum, { accruedFen, heldFen, adjustedFen }) => sum + accruedFen + heldFen + adjustedFen,
          0,
        );
        expect(results).to.equal(one.net + one.tax + one.landed);
      }),
      { numRuns: 300 },
    );
  });
});
