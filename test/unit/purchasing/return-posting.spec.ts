import { expect } from 'chai';
import fc from 'fast-check';
import { fen } from '../../../src/kernel';
import { claimOf, takeUninvoiced, type UninvoicedLine } from '../../../src/modules/purchasing/domain/return-claim';
import { returnPosting } from '../../../src/modules/purchasing/domain/return-posting';

const uninvoiced = (receiptLineId: number, leftPieces: number, leftFen: number): UninvoicedLine => ({
  receiptLineId,
  receiptId: 1,
  skuId: 9,
  openItemId: 100 + receiptLineId,
  leftPieces,
  leftFen,
});

const amounts = (quantity: number, amountFen: number, taxFen: number) => ({
  quantity,
  amountFen: fen(amountFen),
  taxFen: fen(taxFen),
});

const document = {
  id: 1,
  number: 'CT261122-NJ01-0001',
  businessDate: '2026-11-22',
  storeId: 1,
  supplierId: 5,
  supplierName: '深圳华盛通讯',
};

describe('the claim of a returned line', () => {
  it('gives back tax for invoiced pieces only, and clears what is accrued for the others', () => {
    const claim = claimOf(amounts(3, 3_390, 390), [{ line: uninvoiced(1, 5, 5_000), pieces: 2 }]);
    expect(claim).to.eql({
      netFen: 3_000,
      taxFen: 130,
      cleared: [{ receiptLineId: 1, openItemId: 101, pieces: 2, clearedFen: 2_000 }],
    });
  });

  it('clears no more than is left', () => {
    const claim = claimOf(amounts(1, 1_130, 130), [{ line: uninvoiced(1, 1, 400), pieces: 1 }]);
    expect(claim.cleared[0]?.clearedFen).to.equal(400);
  });

  it('takes pieces from the oldest receipts, each once', () => {
    const lines = [uninvoiced(1, 2, 200), uninvoiced(2, 5, 500)];
    const left = new Map(lines.map((line) => [line.receiptLineId, line]));
    const pieces = (quantity: number) =>
      takeUninvoiced(lines, quantity, left).map((one) => [one.line.receiptLineId, one.pieces]);
    expect(pieces(3)).to.eql([
      [1, 2],
      [2, 1],
    ]);
    expect(pieces(9)).to.eql([[2, 4]]);
  });
});

describe('the posting of a return', () => {
  it('balances, opens or settles what the control accounts say, and leaves goods at their cost, whatever was agreed', () => {
    const money = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(
        money,
        money,
        money,
        money,
        fc.array(money, { maxLength: 4 }),
        (net, tax, accrued, costFen, payables) => {
          const clearedFen = Math.min(accrued, net);
          const cleared = clearedFen > 0 ? [{ receiptLineId: 1, openItemId: 1, pieces: 1, clearedFen }] : [];
          const place = { state: 'in_stock', storeId: 1, locationId: 2, bucket: 'sellable', ownership: 'own' } as const;
          const posting = returnPosting(
            document,
            [{ deviceId: 3, skuId: 9, place, costFen }],
            [{ storeId: 1, locationId: 2, skuId: 8, batchId: null, bucket: 'sellable', quantity: -1, valueFen: -7 }],
            [{ netFen: fen(net), taxFen: fen(tax), cleared }],
            payables.map((openFen, index) => ({ openItemId: 50 + index, openFen })),
          );
          const total = (of: 'debitFen' | 'creditFen', accounts?: string[]): number =>
            posting.journal.reduce((sum, line) => {
              const amount: number = line[of] ?? 0;
              return sum + (!accounts || accounts.includes(line.account) ? amount : 0);
            }, 0);
          expect(total('debitFen')).to.equal(total('creditFen'));
          expect(total('creditFen', ['inventory'])).to.equal(costFen + 7);
          expect(total('debitFen', ['goods_received', 'payable', 'other_receivable'])).to.equal(net + tax);
          const items = posting.openItems.reduce((sum, { amountFen }) => sum + amountFen, 0);
          expect(items).to.equal(net + tax);
          for (const change of posting.openItems)
            if (change.kind === 'settle' && change.openItemId >= 50)
              expect(change.amountFen).to.be.at.most(payables[change.openItemId - 50] ?? 0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
