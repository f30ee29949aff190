import { expect } from 'chai';
import fc from 'fast-check';
import { priceBasket } from '../../../src/modules/pricing';

// Scripts of the browser, without types; they touch no page.
interface Line {
  id: string;
  skuId: number;
  deviceId: number | null;
  quantity: number;
  priceFen: number;
  floorFen: number | null;
  discountFen: number;
  gift: boolean;
}
interface Draft {
  key: string;
  lines: Line[];
  selected: string | null;
  tenders: { kind: string; amountFen: number }[];
  cashFen: number | null;
}
interface DraftScript {
  emptyDraft: () => Draft;
  readDraft: (kept: unknown) => Draft | null;
  addLine: (draft: Draft, line: Partial<Line>) => { draft: Draft; outcome: string; lineId: string };
  setQuantity: (draft: Draft, id: string, quantity: number) => Draft;
  setDiscount: (draft: Draft, id: string, fen: number) => Draft;
  toggleGift: (draft: Draft, id: string) => Draft;
  removeLine: (draft: Draft, id: string) => Draft;
  isBelowFloor: (line: Line) => boolean;
  addTender: (draft: Draft, kind: string) => Draft;
  totals: (draft: Draft) => {
    dueFen: number;
    listFen: number;
    discountFen: number;
    cashDueFen: number;
    changeFen: number;
    pieces: number;
  };
  toCommand: (draft: Draft) => {
    expectedFen: number;
    tenders: { kind: string; amountFen: number }[];
    lines: { discountFen: number }[];
  };
}
interface AmountScript {
  money: (fen: number) => string;
  yuan: (fen: number) => string;
  plain: (fen: number) => string;
  toFen: (typed: string) => number | null;
  quickCash: (dueFen: number) => number[];
}

describe('the till’s draft', () => {
  let draftOf: DraftScript;
  let amounts: AmountScript;
  before(async () => {
    const folder = '../../../public/js/till';
    draftOf = (await import(`${folder}/draft.mjs`)) as DraftScript;
    amounts = (await import(`${folder}/amounts.mjs`)) as AmountScript;
  });

  const phone = { skuId: 1, deviceId: 11, priceFen: 449_900, floorFen: 429_900 };
  const charger = { skuId: 2, deviceId: null, priceFen: 14_900, floorFen: null };

  it('binds a handset once and counts other goods in one line', () => {
    let { draft, outcome } = draftOf.addLine(draftOf.emptyDraft(), phone);
    ({ draft, outcome } = draftOf.addLine(draft, phone));
    expect(outcome).to.equal('double');
    ({ draft } = draftOf.addLine(draft, charger));
    ({ draft, outcome } = draftOf.addLine(draft, charger));
    expect(outcome).to.equal('right');
    expect(draft.lines.map((line) => line.quantity)).to.deep.equal([1, 2]);
    // A gift is a line of its own.
    draft = draftOf.toggleGift(draft, draft.lines[1]?.id ?? '');
    ({ draft } = draftOf.addLine(draft, charger));
    expect(draft.lines).to.have.length(3);
    expect(draftOf.totals(draft)).to.deep.include({ pieces: 4, dueFen: 464_800, discountFen: 29_800 });
    draft = draftOf.removeLine(draft, draft.lines[2]?.id ?? '');
    expect(draft.selected).to.equal(draft.lines[1]?.id);
  });

  it('never takes more off a line than it comes to, and adds up, whatever is typed', () => {
    const step = fc.oneof(
      fc.record({ quantity: fc.integer({ min: 1, max: 99 }) }),
      fc.record({ discountFen: fc.integer({ min: -100, max: 5_000_000 }) }),
      fc.constant({ gift: true }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const added = draftOf.addLine(draftOf.emptyDraft(), charger);
        let { draft } = added;
        for (const one of steps) {
          if ('quantity' in one) draft = draftOf.setQuantity(draft, added.lineId, one.quantity);
          else if ('discountFen' in one) draft = draftOf.setDiscount(draft, added.lineId, one.discountFen);
          else draft = draftOf.toggleGift(draft, added.lineId);
          const { dueFen, listFen, discountFen } = draftOf.totals(draft);
          expect(dueFen)
            .to.equal(listFen - discountFen)
            .and.to.be.at.least(0);
          expect(discountFen).to.be.at.least(0);
        }
      }),
    );
  });

  it('shows what the price engine says: the same sums, and the same lines below their floor', () => {
    const any = fc.record({
      priceFen: fc.integer({ min: 0, max: 1_000_000 }),
      floorFen: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: null }),
      quantity: fc.integer({ min: 1, max: 30 }),
      discountFen: fc.integer({ min: 0, max: 3_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (given) => {
        let draft = draftOf.emptyDraft();
        for (const [index, { priceFen, floorFen, quantity, discountFen }] of given.entries()) {
          const added = draftOf.addLine(draft, { skuId: index + 1, deviceId: null, priceFen, floorFen });
          draft = draftOf.setDiscount(
            draftOf.setQuantity(added.draft, added.lineId, quantity),
            added.lineId,
            discountFen,
          );
        }
        const basket = draft.lines.map(({ id, skuId, quantity, discountFen }) => ({
          key: id,
          skuId,
          quantity,
          discount: { kind: 'amount' as const, amountFen: discountFen },
        }));
        const prices = new Map(given.map(({ priceFen, floorFen }, index) => [index + 1, { priceFen, floorFen }]));
        const priced = priceBasket(basket, prices);
        const { dueFen, listFen, discountFen } = draftOf.totals(draft);
        expect([dueFen, listFen, discountFen]).to.deep.equal([priced.totalFen, priced.listFen, priced.lineDiscountFen]);
        const below = draft.lines.filter((line) => draftOf.isBelowFloor(line)).map(({ id }) => id);
        expect(below).to.deep.equal(priced.belowFloor);
      }),
    );
  });

  it('takes cash that nobody typed as exact, and sends what was handed over otherwise', () => {
    let { draft } = draftOf.addLine(draftOf.emptyDraft(), charger);
    expect(draftOf.toCommand(draft).tenders).to.deep.equal([{ kind: 'cash', amountFen: 14_900, reference: null }]);
    draft = { ...draft, cashFen: 20_000 };
    expect(draftOf.totals(draft).changeFen).to.equal(5_100);
    draft = draftOf.addTender({ ...draft, cashFen: null }, 'card');
    expect(draftOf.toCommand(draft)).to.deep.include({ expectedFen: 14_900 });
    expect(draftOf.toCommand(draft).tenders.map(({ kind, amountFen }) => [kind, amountFen])).to.deep.equal([
      ['card', 14_900],
    ]);
  });

  it('is restored only from what is one', () => {
    const { draft } = draftOf.addLine(draftOf.emptyDraft(), phone);
    expect(draftOf.readDraft(JSON.parse(JSON.stringify(draft)))).to.deep.equal(draft);
    for (const broken of [null, 7, {}, { lines: [{}], tenders: [], key: 'k' }, { lines: 'x', tenders: [], key: 'k' }])
      expect(draftOf.readDraft(broken)).to.equal(null);
  });

  it('reads and writes amounts as people do', () => {
    expect([amounts.money(123_456), amounts.money(-30_000), amounts.yuan(6_300), amounts.plain(5)]).to.deep.equal([
      '1,234.56',
      '−300.00',
      '¥63.00',
      '0.05',
    ]);
    expect(['1,234.5', '￥１２', '.5', '', 'x', '1.234', '-1'].map((typed) => amounts.toFen(typed))).to.deep.equal([
      123_450,
      1_200,
      50,
      null,
      null,
      null,
      null,
    ]);
    expect(amounts.quickCash(43_700)).to.deep.equal([43_700, 44_000, 45_000, 50_000]);
    expect(amounts.quickCash(0)).to.deep.equal([]);
  });
});
