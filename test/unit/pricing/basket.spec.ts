import { expect } from 'chai';
import fc from 'fast-check';
import { type BasketLine, type Discount, priceBasket } from '../../../src/modules/pricing/domain/basket';
import { refusal } from '../../support/refusal';

const prices = new Map([
  [1, { priceFen: 449_900, floorFen: 429_900 }],
  [2, { priceFen: 14_900, floorFen: null }],
]);

describe('priceBasket', () => {
  it('explains every line: list price, line discount, share of the order discount', () => {
    const basket: BasketLine[] = [
      { key: 'a', skuId: 1, quantity: 1, discount: { kind: 'to', amountFen: 440_000 } },
      { key: 'b', skuId: 2, quantity: 2 },
    ];
    const priced = priceBasket(basket, prices, { kind: 'amount', amountFen: 10_000 });
    expect(priced).to.include({
      listFen: 479_700,
      lineDiscountFen: 9_900,
      orderDiscountFen: 10_000,
      totalFen: 459_800,
    });
    // 10,000 × 440,000 ÷ 469,800 = 9,365.687…; the fen left over goes to the largest remainder
    expect(priced.lines[0]?.steps.map((step) => [step.kind, step.amountFen, step.totalFen])).to.deep.equal([
      ['list', 449_900, 449_900],
      ['line_discount', -9_900, 440_000],
      ['order_discount', -9_366, 430_634],
    ]);
    expect(priced.lines[1]).to.include({ listFen: 29_800, orderDiscountFen: 634, totalFen: 29_166, floorFen: null });
    expect(priced.belowFloor).to.deep.equal([]);
  });

  it('marks a line below its floor, also when the order discount brought it there', () => {
    const priced = priceBasket([{ key: 'a', skuId: 1, quantity: 2 }], prices, { kind: 'to', amountFen: 859_799 });
    expect(priced.belowFloor).to.deep.equal(['a']);
    expect(priced.lines[0]).to.include({ floorFen: 859_800, belowFloorFen: 1 });
  });

  it('takes the own price of a piece in place of the list price', () => {
    const priced = priceBasket([{ key: 'a', skuId: 9, quantity: 1, unitPriceFen: 100_000 }], prices);
    expect(priced.lines[0]?.steps).to.deep.equal([{ kind: 'own', amountFen: 100_000, totalFen: 100_000 }]);
  });

  it('holds the floor for the line, not for the piece, and no higher than the own price of a piece', () => {
    const line = (more: Partial<BasketLine>) =>
      priceBasket([{ key: 'a', skuId: 1, quantity: 2, ...more }], prices).lines[0];
    expect(line({ discount: { kind: 'to', amountFen: 859_800 } })).to.include({ belowFloorFen: 0 });
    expect(line({ discount: { kind: 'to', amountFen: 859_799 } })).to.include({ belowFloorFen: 1 });
    expect(line({ quantity: 1, unitPriceFen: 300_000 })).to.include({ floorFen: 300_000, belowFloorFen: 0 });
    expect(line({ quantity: 1, unitPriceFen: 300_000, discount: { kind: 'amount', amountFen: 1 } })).to.include({
      belowFloorFen: 1,
    });
    expect(line({ quantity: 1, unitPriceFen: 500_000 })).to.include({ floorFen: 429_900 });
    expect(line({ skuId: 2 })).to.include({ floorFen: null, belowFloorFen: 0 });
  });

  it('rounds down to whole yuan', () => {
    const priced = priceBasket([{ key: 'a', skuId: 2, quantity: 1, unitPriceFen: 14_987 }], prices, {
      kind: 'round',
      toFen: 100,
    });
    expect(priced.totalFen).to.equal(14_900);
  });

  it('refuses a missing price, a discount that is more than there is, and broken numbers', async () => {
    const problem = async (line: Partial<BasketLine>, order?: Discount) =>
      (await refusal(() => priceBasket([{ key: 'a', skuId: 2, quantity: 1, ...line }], prices, order))).fields[0];
    expect(await problem({ skuId: 3 })).to.include({ path: 'lines.0.skuId', code: 'pricing:error.no_price' });
    expect(await problem({ quantity: 0 })).to.include({ path: 'lines.0.quantity' });
    expect(await problem({ quantity: 1.5 })).to.include({ path: 'lines.0.quantity' });
    expect(await problem({ unitPriceFen: -1 })).to.include({ path: 'lines.0.unitPriceFen' });
    expect(await problem({ discount: { kind: 'amount', amountFen: 14_901 } })).to.include({ path: 'lines.0.discount' });
    expect(await problem({ discount: { kind: 'percent', rateBp: 10_001 } })).to.include({ path: 'lines.0.discount' });
    expect(await problem({}, { kind: 'amount', amountFen: -1 })).to.include({ path: 'orderDiscount' });
  });

  const amounts = fc.integer({ min: 0, max: 2_000_000 });
  const discount: fc.Arbitrary<Discount> = fc.oneof(
    fc.record({ kind: fc.constant('percent' as const), rateBp: fc.integer({ min: 0, max: 10_000 }) }),
    fc.record({
      kind: fc.constant('round' as const),
      toFen: fc.constantFrom(10 as const, 100 as const, 1000 as const),
    }),
  );
  const basket = fc.array(
    fc.record({
      skuId: fc.integer({ min: 1, max: 5 }),
      quantity: fc.integer({ min: 1, max: 9 }),
      unitPriceFen: fc.option(amounts),
      discount: fc.option(discount),
    }),
    { maxLength: 12 },
  );
  const lists = fc.array(fc.record({ priceFen: amounts, floorFen: fc.option(amounts) }), {
    minLength: 5,
    maxLength: 5,
  });

  it('adds up to the fen whatever the basket and discounts', () => {
    fc.assert(
      fc.property(basket, lists, fc.option(discount), fc.nat(), (lines, list, order, part) => {
        const map = new Map(list.map((price, index) => [index + 1, price]));
        const keyed = lines.map((line, index) => ({ ...line, key: String(index) }));
        const before = priceBasket(keyed, map);
        const asAmount: Discount = {
          kind: 'amount',
          amountFen: before.totalFen === 0 ? 0 : part % (before.totalFen + 1),
        };
        for (const priced of [priceBasket(keyed, map, order), priceBasket(keyed, map, asAmount)]) {
          expect(priced.listFen - priced.lineDiscountFen - priced.orderDiscountFen).to.equal(priced.totalFen);
          for (const line of priced.lines) {
            expect(line.totalFen).to.be.within(0, line.listFen);
            expect(line.listFen - line.lineDiscountFen - line.orderDiscountFen).to.equal(line.totalFen);
            expect(line.steps.reduce((sum, step) => sum + step.amountFen, 0)).to.equal(line.totalFen);
            expect(line.steps.at(-1)?.totalFen).to.equal(line.totalFen);
            expect(line.belowFloorFen > 0).to.equal(line.floorFen !== null && line.totalFen < line.floorFen);
            expect(priced.belowFloor.includes(line.key)).to.equal(line.belowFloorFen > 0);
          }
        }
        expect(priceBasket(keyed, map, asAmount).totalFen).to.equal(before.totalFen - asAmount.amountFen);
      }),
    );
  });
});
