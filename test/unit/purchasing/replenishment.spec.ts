import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, businessDate } from '../../../src/kernel';
import { planBudget } from '../../../src/modules/purchasing/domain/budget';
import {
  leadDaysOf,
  loadOf,
  needOf,
  type Position,
  type Rule,
  shareOut,
  soldOutDays,
  trendOf,
  USUAL_RULE,
} from '../../../src/modules/purchasing/domain/replenishment';

const MONDAY = businessDate('2026-11-23');
const EMPTY: Position = { sellable: 0, promised: 0, inTransit: 0, asked: 0, onOrder: 0 };
const plain = { lead: 4, all: 18, keep: 32 };
const need = (
  storeId: number,
  recent: number,
  sellable: number,
  rule: Partial<Rule> = {},
  more: Partial<Position> = {},
) =>
  needOf(
    storeId,
    { recent, earlier: recent },
    { ...EMPTY, sellable, ...more },
    { ...USUAL_RULE, ...rule },
    plain,
    MONDAY,
  );

describe('replenishment', () => {
  it('takes half of the trend, within half down and half up, and none from a few pieces', () => {
    expect(trendOf({ recent: 20, earlier: 20 })).to.equal(1);
    expect(trendOf({ recent: 30, earlier: 20 })).to.equal(1.25);
    expect(trendOf({ recent: 100, earlier: 10 })).to.equal(1.5);
    expect(trendOf({ recent: 10, earlier: 100 })).to.equal(0.75);
    expect(trendOf({ recent: 3, earlier: 100 })).to.equal(1);
    expect(trendOf({ recent: 100, earlier: 0 })).to.equal(1);
  });

  it('leaves out the days on which nothing was there to sell', () => {
    const ago = (days: number) => addDays(MONDAY, -days);
    // 10 came 40 days ago, the last was sold 15 days ago; 3 came today.
    const moves = [
      { day: ago(40), quantity: 10 },
      { day: ago(30), quantity: -4 },
      { day: ago(15), quantity: -6 },
      { day: MONDAY, quantity: 3 },
    ];
    expect(soldOutDays(3, moves, MONDAY)).to.eql({ outRecent: 14, outEarlier: 16 });
    expect(soldOutDays(5, [], MONDAY), 'there all the time').to.eql({ outRecent: 0, outEarlier: 0 });
    // What came and went on one day was there to sell.
    expect(soldOutDays(0, [{ day: ago(1), quantity: 0 }], MONDAY)).to.eql({ outRecent: 27, outEarlier: 28 });
    const rate = (outRecent: number) =>
      needOf(1, { recent: 14, earlier: 3, outRecent }, EMPTY, USUAL_RULE, plain, MONDAY).rateMilli;
    expect([rate(0), rate(14), rate(27)]).to.eql([500, 1000, 2000]);
    expect(trendOf({ recent: 10, earlier: 20, outRecent: 14, outEarlier: 0 }), 'as many a day').to.equal(1);
  });

  it('spends a budget on the most urgent first, and on cheaper things after what does not fit', () => {
    const wanted = [500, 900, null, 300, 200].map((amountFen, index) => ({ id: index + 1, amountFen }));
    const plan = planBudget(wanted, 1000, 500);
    expect([...plan.taken]).to.eql([
      [1, 500],
      [4, 300],
      [5, 200],
    ]);
    expect(plan).to.include({ spentFen: 1000, beyond: 1, unpriced: 1 });
    expect(planBudget(wanted, 5000, 2)).to.deep.include({ spentFen: 1400, beyond: 2 });
    expect(planBudget(wanted, 0, 9).taken.size).to.equal(0);
    const amounts = fc.array(fc.option(fc.integer({ min: 0, max: 1000 })), { maxLength: 40 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 9000 }), (all, budgetFen) => {
        const { taken, spentFen, beyond, unpriced } = planBudget(
          all.map((amountFen, id) => ({ id, amountFen })),
          budgetFen,
          500,
        );
        expect(spentFen).to.be.at.most(budgetFen);
        expect(taken.size + beyond + unpriced).to.equal(all.length);
        // Nothing that is left out would still fit.
        for (const [id, amountFen] of all.entries())
          if (amountFen !== null && !taken.has(id)) expect(spentFen + amountFen).to.be.greaterThan(budgetFen);
      }),
    );
  });

  it('takes what a supplier took before, from three orders on', () => {
    expect(leadDaysOf([9, 2, 3])).to.equal(3);
    expect(leadDaysOf([9, 2, 3, 4])).to.equal(4);
    expect(leadDaysOf([9, 2])).to.equal(null);
    expect(leadDaysOf([0, 0, 0]), 'the same day is the next').to.equal(1);
    expect(leadDaysOf([300, 300, 300])).to.equal(90);
  });

  it('counts days as their weekdays sell: a week is always a week, a weekend of a weekend shop more than two days', () => {
    const week = [5, 5, 5, 5, 10, 40, 30];
    expect(loadOf(week, MONDAY, 7)).to.be.closeTo(7, 1e-9);
    expect(loadOf(week, MONDAY, 4)).to.be.closeTo(1.4, 1e-9);
    expect(loadOf(week, addDays(MONDAY, 5), 2)).to.be.closeTo(4.9, 1e-9);
    expect(loadOf([1, 0, 0, 0, 0, 9, 9], MONDAY, 3), 'too few to have a pattern').to.equal(3);
    expect(loadOf(undefined, MONDAY, 3)).to.equal(3);
  });

  it('orders below what sells until goods arrive, up to what covers the days, and not while enough is coming', () => {
    // A piece a day: 4 until arrival, 18 in all.
    expect(need(1, 28, 3)).to.include({ rateMilli: 1000, point: 4, target: 18, position: 3, missing: 15 });
    expect(need(1, 28, 4)).to.include({ missing: 0 });
    expect(need(1, 28, 3, {}, { inTransit: 1 })).to.include({ position: 4, missing: 0 });
    expect(need(1, 28, 0, {}, { onOrder: 2, asked: 1 })).to.include({ position: 3, missing: 15 });
    expect(need(1, 28, 8, {}, { promised: 5 })).to.include({ position: 3, missing: 15 });
    expect(need(1, 0, 0), 'what does not sell is not ordered').to.include({ missing: 0 });
    expect(need(1, 0, 1, { minimum: 3 })).to.include({ point: 3, target: 3, missing: 2 });
    expect(need(1, 28, 3, { maximum: 6 })).to.include({ target: 6, missing: 3 });
    expect(need(1, 28, 3, { maximum: 2 }), 'above its maximum').to.include({ missing: 0 });
  });

  it('lets stores with too much give first, to whom it runs out soonest, and buys the rest in whole packs', () => {
    const rule = { packSize: 10 };
    const shares = shareOut([need(1, 28, 3, rule), need(2, 56, 0, rule), need(3, 0, 40, rule), need(4, 28, 36, rule)]);
    expect(shares.map(({ need: { storeId }, fromStoreId, quantity }) => [storeId, fromStoreId, quantity])).to.eql([
      [2, 3, 36],
      [1, 3, 4],
      [1, 4, 4],
      [1, null, 10],
    ]);
    expect(shareOut([need(1, 28, 3, { maximum: 16, packSize: 10 })]).map(({ quantity }) => quantity)).to.eql([10]);
    expect(shareOut([need(1, 28, 3, { maximum: 7, packSize: 10 })]).map(({ quantity }) => quantity)).to.eql([10]);
  });

  it('never gives more than a store can spare, nor more than is missing, whatever there is', () => {
    const store = fc.record({ recent: fc.integer({ min: -3, max: 300 }), sellable: fc.integer({ min: 0, max: 500 }) });
    fc.assert(
      fc.property(fc.array(store, { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (stores, packSize) => {
        const needs = stores.map(({ recent, sellable }, index) => need(index + 1, recent, sellable, { packSize }));
        const shares = shareOut(needs);
        for (const { storeId, missing, spare, sellable } of needs) {
          const given = shares.filter((one) => one.fromStoreId === storeId).reduce((sum, one) => sum + one.quantity, 0);
          expect(given).to.be.at.most(spare);
          expect(given).to.be.at.most(sellable);
          const got = shares.filter((one) => one.need.storeId === storeId).reduce((sum, one) => sum + one.quantity, 0);
          expect(got >= missing && got < missing + packSize).to.equal(true);
          if (missing > 0) expect(given, 'who needs goods gives none').to.equal(0);
        }
        for (const { fromStoreId, quantity } of shares) {
          expect(quantity).to.be.greaterThan(0);
          if (fromStoreId === null) expect(quantity % packSize).to.equal(0);
        }
      }),
    );
  });
});
