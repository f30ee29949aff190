import { expect } from 'chai';
import fc from 'fast-check';
import { priceBasket } from '../../../src/modules/pricing/domain/basket';
import {
  chooseRule,
  FLOOR_BASES,
  FLOOR_ROUNDINGS,
  floorByRule,
  type FloorRule,
} from '../../../src/modules/pricing/domain/floor';

const rule = (more: Partial<FloorRule>): FloorRule => ({
  id: 1,
  name: '规则',
  categoryId: null,
  brandId: null,
  channelId: null,
  basis: 'cost',
  rateBp: 500,
  amountFen: 0,
  rounding: 'none',
  ...more,
});
const amount = fc.integer({ min: 0, max: 2_000_000 });
const anyRule = fc
  .record({
    basis: fc.constantFrom(...FLOOR_BASES),
    rateBp: fc.integer({ min: 0, max: 10_000 }),
    amountFen: amount,
    rounding: fc.constantFrom(...FLOOR_ROUNDINGS),
  })
  .map(rule);

describe('floors by rule', () => {
  it('come from cost with margin and tax, from the price, or are an amount; rounded upwards', () => {
    const floor = (more: Partial<FloorRule>, costFen: number | null = 300_000) =>
      floorByRule({ rule: rule(more), costFen, taxRateBp: 1300 }, { priceFen: 449_900 })?.floorFen ?? null;
    // 3,000.00 × 1.05 × 1.13 = 3,559.50
    expect(floor({})).to.equal(355_950);
    expect(floor({ rounding: 'yuan' })).to.equal(356_000);
    expect(floor({ rounding: 'nine' })).to.equal(356_900);
    expect(floor({}, null)).to.equal(null);
    expect(floor({ basis: 'price' })).to.equal(427_405);
    expect(floor({ basis: 'price', rateBp: 1, rounding: 'nine' }), 'not above the price').to.equal(449_900);
    expect(floor({ basis: 'amount', amountFen: 400_000 })).to.equal(400_000);
  });

  it('go by the cost of the very piece when it is known, and then hold for a price of its own as well', () => {
    const floors = new Map([[1, { rule: rule({ rateBp: 0 }), costFen: 300_000, taxRateBp: 0 }]]);
    const [line] = priceBasket(
      [{ key: 'a', skuId: 1, quantity: 1, unitPriceFen: 250_000, unitCostFen: 260_000 }],
      new Map(),
      null,
      floors,
    ).lines;
    expect(line).to.include({ floorFen: 260_000, belowFloorFen: 10_000, floorFromCost: true });
  });

  it('yield to the floor beside the price', () => {
    const floors = new Map([[1, { rule: rule({}), costFen: 300_000, taxRateBp: 0 }]]);
    const prices = new Map([[1, { priceFen: 400_000, floorFen: 390_000 }]]);
    const [line] = priceBasket([{ key: 'a', skuId: 1, quantity: 1 }], prices, null, floors).lines;
    expect(line).to.include({ floorFen: 390_000, floorFromCost: false });
  });

  it('are never gone below without being noticed, whatever the rule, the discounts and the pieces', () => {
    fc.assert(
      fc.property(
        anyRule,
        fc.record({ priceFen: amount, costFen: fc.option(amount), lineOff: amount, orderOff: amount }),
        fc.integer({ min: 1, max: 20 }),
        (some, { priceFen, costFen, lineOff, orderOff }, quantity) => {
          const terms = { rule: some, costFen, taxRateBp: 1300 };
          const list = priceFen * quantity;
          const off = Math.min(lineOff, list);
          const { lines, belowFloor } = priceBasket(
            [{ key: 'a', skuId: 1, quantity, discount: { kind: 'amount', amountFen: off } }],
            new Map([[1, { priceFen, floorFen: null }]]),
            { kind: 'amount', amountFen: Math.min(orderOff, list - off) },
            new Map([[1, terms]]),
          );
          const floor = floorByRule(terms, { priceFen });
          const [line] = lines;
          expect(line?.floorFen).to.equal(floor === null ? null : floor.floorFen * quantity);
          const isBelow = floor !== null && (line?.totalFen ?? 0) < floor.floorFen * quantity;
          expect(belowFloor).to.eql(isBelow ? ['a'] : []);
        },
      ),
    );
  });

  it('are by the rule that says most, the lower category first, in whatever order the rules come', () => {
    const product = { categoryIds: [12, 1], brandId: 7 };
    const rules = [
      rule({ id: 1 }),
      rule({ id: 2, categoryId: 1 }),
      rule({ id: 3, categoryId: 12 }),
      rule({ id: 4, brandId: 7 }),
      rule({ id: 5, channelId: 9 }),
      rule({ id: 6, categoryId: 1, brandId: 7 }),
      rule({ id: 7, categoryId: 13, brandId: 7 }),
      rule({ id: 8, channelId: 8, brandId: 7 }),
    ];
    const order: number[] = [];
    for (let left = rules; left.length > 0;) {
      const found = chooseRule(left, product, 9) as FloorRule | undefined;
      if (!found) break;
      order.push(found.id);
      left = left.filter(({ id }) => id !== found.id);
    }
    expect(order).to.eql([6, 5, 4, 3, 2, 1]);
    fc.assert(
      fc.property(fc.shuffledSubarray(rules, { minLength: rules.length }), (shuffled) => {
        expect(chooseRule(shuffled, product, 9)?.id).to.equal(6);
      }),
    );
  });
});
