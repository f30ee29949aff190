import { expect } from 'chai';
import fc from 'fast-check';
import { fen, splitTax } from '../../../src/kernel';
import type { DevicePlace, JournalLine, Posting } from '../../../src/ledger';
import { saleTotals } from '../../../src/modules/sales/domain/line-amounts';
import { pickStock } from '../../../src/modules/sales/domain/pick-stock';
import { returnPosting } from '../../../src/modules/sales/domain/return-posting';
import { type LineToPost, salePosting, soldPlace } from '../../../src/modules/sales/domain/sale-posting';
import { shareOf } from '../../../src/modules/sales/domain/share';
import { countedCashFen, expectedSums, shiftPosting, sumsDifference } from '../../../src/modules/sales/domain/shift';
import { settleTenders } from '../../../src/modules/sales/domain/tenders';
import { typedItems } from '../../../src/modules/sales/domain/typed-items';
import { refusal } from '../../support/refusal';

const document = { type: 'sales.sale', id: 1, number: 'XS261122-NJ01-0001', businessDate: '2026-11-22', storeId: 7 };
const inStock: DevicePlace = { state: 'in_stock', storeId: 7, locationId: 3, bucket: 'sellable', ownership: 'own' };

const sumOf = (journal: readonly JournalLine[], side: 'debitFen' | 'creditFen', account?: string): number =>
  journal.reduce(
    (total, line) => total + (account === undefined || line.account === account ? (line[side] ?? 0) : 0),
    0,
  );

function expectBalanced({ journal }: Posting): void {
  expect(sumOf(journal, 'debitFen')).to.equal(sumOf(journal, 'creditFen'));
}

describe('posting of a sale', () => {
  it('books a handset, an accessory, a gift and a service paid by three tenders', () => {
    const lines: LineToPost[] = [
      { skuId: 1, ...split(449_900, 1300), device: { id: 11, place: inStock, costFen: 390_000, warrantyMonths: 12 } },
      {
        skuId: 2,
        ...split(14_900, 1300),
        picked: [{ locationId: 3, storeId: 7, batchId: null, quantity: 1, costFen: 5_000 }],
      },
      {
        skuId: 2,
        netFen: 0,
        taxFen: 0,
        picked: [{ locationId: 3, storeId: 7, batchId: 4, quantity: 2, costFen: 9_999 }],
      },
      { skuId: 3, ...split(29_900, 600) },
    ];
    const { tenders } = settleTenders(494_700, [
      { kind: 'wallet_wechat', amountFen: 300_000 },
      { kind: 'on_account', amountFen: 94_700 },
      { kind: 'cash', amountFen: 100_000 },
    ]);
    const posting = salePosting({ document, customerId: 5, lines, tenders });
    expectBalanced(posting);
    expect(posting.devices).to.deep.equal([
      {
        kind: 'move',
        deviceId: 11,
        from: inStock,
        to: soldPlace(7),
        event: 'sold',
        set: { makerWarrantyUntil: '2027-11-22' },
        detail: { amountFen: 449_900, netFen: 398_142, customerId: 5 },
      },
    ]);
    expect(posting.stock.map(({ quantity, valueFen, batchId }) => [quantity, valueFen, batchId])).to.deep.equal([
      [-1, -5_000, null],
      [-2, -9_999, 4],
    ]);
    expect(sumOf(posting.journal, 'debitFen', 'cash')).to.equal(100_000);
    expect(sumOf(posting.journal, 'debitFen', 'wallet')).to.equal(300_000);
    expect(sumOf(posting.journal, 'debitFen', 'receivable')).to.equal(94_700);
    expect(sumOf(posting.journal, 'debitFen', 'cost_of_sales')).to.equal(395_000);
    expect(sumOf(posting.journal, 'debitFen', 'selling_expense')).to.equal(9_999);
    expect(sumOf(posting.journal, 'creditFen', 'inventory')).to.equal(404_999);
    expect(sumOf(posting.journal, 'creditFen', 'revenue') + sumOf(posting.journal, 'creditFen', 'output_tax')).to.equal(
      494_700,
    );
    expect(posting.openItems).to.deep.equal([
      { kind: 'open', partyType: 'customer', partyId: 5, direction: 'receivable', amountFen: 94_700, dueOn: null },
    ]);
  });

  it('balances, and its tenders and tax add up, for any lines', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 20 }),
      listPriceFen: fc.integer({ min: 0, max: 900_000 }),
      part: fc.integer({ min: 0, max: 100 }),
      taxRateBp: fc.constantFrom(0, 100, 300, 600, 1300),
      costFen: fc.integer({ min: 0, max: 500_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
        (given, splits) => {
          const priced = given.map(({ part, costFen, ...one }) => {
            const discounted = { ...one, discountFen: Math.floor((one.listPriceFen * one.quantity * part) / 100) };
            const amountFen = fen(one.listPriceFen * one.quantity - discounted.discountFen);
            return { ...discounted, ...splitTax(amountFen, one.taxRateBp), amountFen, costFen };
          });
          const totals = saleTotals(priced);
          expect(totals.netFen + totals.taxFen).to.equal(totals.grossFen);
          expect(totals.listFen - totals.discountFen).to.equal(totals.grossFen);
          let left: number = totals.grossFen;
          const others = splits.flatMap((percent) => {
            const amountFen = Math.floor((left * percent) / 100);
            left -= amountFen;
            return amountFen > 0 ? [{ kind: 'card' as const, amountFen }] : [];
          });
          const offered = [...others, { kind: 'cash' as const, amountFen: left + 5_000 }];
          const { tenders, changeFen } = settleTenders(totals.grossFen, offered);
          expect(changeFen).to.equal(5_000);
          expect(tenders.reduce((sum, tender) => sum + tender.amountFen, 0)).to.equal(totals.grossFen);
          const posting = salePosting({
            document,
            customerId: null,
            lines: priced.map(({ netFen, taxFen, costFen, quantity }, index) => ({
              skuId: index + 1,
              netFen,
              taxFen,
              picked: [{ locationId: 3, storeId: 7, batchId: null, quantity, costFen }],
            })),
            tenders,
          });
          expectBalanced(posting);
          expect(sumOf(posting.journal, 'creditFen', 'output_tax')).to.equal(totals.taxFen);
        },
      ),
    );
  });
});

describe('tenders', () => {
  it('give change out of cash only', async () => {
    expect(settleTenders(4_370, [{ kind: 'cash', amountFen: 5_000 }])).to.deep.include({ changeFen: 630 });
    expect((await refusal(() => settleTenders(100, [{ kind: 'card', amountFen: 101 }]))).code).to.equal(
      'sales:error.tender_over',
    );
    const short = await refusal(() => settleTenders(100, [{ kind: 'cash', amountFen: 99 }]));
    expect(short).to.deep.include({ code: 'sales:error.tender_short', details: { missing: '0.01' } });
    expect((await refusal(() => settleTenders(100, [{ kind: 'cash', amountFen: -1 }]))).code).to.equal(
      'sales:error.tender_amount',
    );
  });

  it('leave out cash that is handed back whole', () => {
    const { tenders, changeFen } = settleTenders(100, [
      { kind: 'card', amountFen: 100 },
      { kind: 'cash', amountFen: 50 },
    ]);
    expect(tenders.map((tender) => tender.kind)).to.deep.equal(['card']);
    expect(changeFen).to.equal(50);
  });
});

describe('posting of a return', () => {
  const sold = soldPlace(7);
  const input = {
    document: { ...document, type: 'sales.return', id: 2 },
    customerId: 5,
    locationId: 3,
    bucket: 'sellable' as const,
    refunds: [{ kind: 'cash' as const, amountFen: 464_800, receivedFen: 464_800, reference: null, payer: null }],
    openItems: [],
    lines: [
      {
        skuId: 1,
        quantity: 1,
        ...split(449_900, 1300),
        costFen: 390_000,
        device: { id: 11, place: sold, costFen: 385_000 },
        stocked: true,
        batches: [],
      },
      {
        skuId: 2,
        quantity: 1,
        ...split(14_900, 1300),
        costFen: 5_000,
        stocked: true,
        batches: [{ batchId: 4, quantity: 1 }],
      },
    ],
  };

  it('takes device, goods, revenue, tax and money back at the frozen cost', () => {
    const posting = returnPosting(input);
    expectBalanced(posting);
    expect(posting.devices[0]).to.deep.include({
      deviceId: 11,
      from: sold,
      costChangeFen: 5_000,
      event: 'sale_returned',
    });
    expect(posting.stock).to.deep.equal([
      { locationId: 3, storeId: 7, skuId: 2, batchId: 4, bucket: 'sellable', quantity: 1, valueFen: 5_000 },
    ]);
    expect(sumOf(posting.journal, 'creditFen', 'cash')).to.equal(464_800);
    expect(sumOf(posting.journal, 'debitFen', 'inventory')).to.equal(395_000);
  });

  it('settles the customer’s open items, the older first', () => {
    const refunds = [
      { kind: 'on_account' as const, amountFen: 464_800, receivedFen: null, reference: null, payer: null },
    ];
    const { openItems } = returnPosting({
      ...input,
      refunds,
      openItems: [
        { id: 8, openFen: 400_000 },
        { id: 9, openFen: 90_000 },
      ],
    });
    expect(openItems).to.deep.equal([
      { kind: 'settle', openItemId: 8, amountFen: 400_000 },
      { kind: 'settle', openItemId: 9, amountFen: 64_800 },
    ]);
  });

  it('loses nothing to rounding over any sequence of part returns', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        (total, parts) => {
          const quantity = parts.reduce((sum, part) => sum + part, 0);
          let before = 0;
          let back = 0;
          for (const part of parts) {
            const share = shareOf(total, quantity, before, part);
            expect(share).to.be.at.least(0);
            back += share;
            before += part;
          }
          expect(back).to.equal(total);
        },
      ),
    );
  });
});

describe('picking goods', () => {
  it('empties one shelf before the next and keeps the value whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ quantity: fc.integer({ min: 0, max: 9 }), unitFen: fc.integer({ min: 0, max: 9_999 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 12 }),
        (given, wanted) => {
          const shelves = given.map(({ quantity, unitFen }, index) => ({
            locationId: index,
            storeId: 7,
            batchId: null,
            quantity,
            valueFen: quantity * unitFen,
          }));
          const before = shelves.reduce((sum, shelf) => sum + shelf.valueFen, 0);
          const available = shelves.reduce((sum, shelf) => sum + shelf.quantity, 0);
          const picked = pickStock(shelves, wanted);
          if (available < wanted) {
            expect(picked).to.equal(null);
            return;
          }
          const costFen = (picked ?? []).reduce((sum, part) => sum + part.costFen, 0);
          expect((picked ?? []).reduce((sum, part) => sum + part.quantity, 0)).to.equal(wanted);
          expect(shelves.reduce((sum, shelf) => sum + shelf.valueFen, 0) + costFen).to.equal(before);
        },
      ),
    );
  });
});

describe('shift', () => {
  it('counts notes and books over and short', () => {
    expect(countedCashFen({ '10000': 5, '50': 1 })).to.equal(50_050);
    const expected = expectedSums(50_000, { cash: 437_00, card: 10_000 });
    expect(expected).to.deep.equal({ cash: 93_700, card: 10_000 });
    expect(sumsDifference(expected, { cash: 93_600, card: 10_000 })).to.deep.equal({ cash: -100, card: 0 });
    expect(shiftPosting(document, 0)).to.equal(null);
    for (const difference of [100, -100]) {
      const posting = shiftPosting(document, difference);
      expect(
        posting && sumOf(posting.journal, 'debitFen', 'cash') - sumOf(posting.journal, 'creditFen', 'cash'),
      ).to.equal(difference);
    }
  });
});

describe('typed items', () => {
  it('reads codes, quantities and discounts', () => {
    expect(typedItems('867421063138408\n\nPJ-0671 x2 -30\nCD67×3\nMI 17 -1,000.50')).to.deep.equal([
      { line: 1, code: '867421063138408', quantity: 1, discountFen: 0 },
      { line: 3, code: 'PJ-0671', quantity: 2, discountFen: 3_000 },
      { line: 4, code: 'CD67', quantity: 3, discountFen: 0 },
      { line: 5, code: 'MI 17', quantity: 1, discountFen: 100_050 },
    ]);
  });
  it('names the line that it cannot read', async () => {
    const error = await refusal(() => typedItems('CD67 x0'));
    expect(error.fields[0]).to.deep.include({ path: 'items', code: 'sales:error.item_line' });
  });
});

function split(grossFen: number, rateBp: number): { netFen: number; taxFen: number } {
  const { netFen, taxFen } = splitTax(fen(grossFen), rateBp);
  return { netFen, taxFen };
}
