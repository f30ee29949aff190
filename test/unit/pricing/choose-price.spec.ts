import { expect } from 'chai';
import fc from 'fast-check';
import { choosePrice, compareLists, type OfferedPrice } from '../../../src/modules/pricing/domain/choose-price';

const scoped = fc.option(fc.integer({ min: 1, max: 3 }));
const date = fc.option(fc.constantFrom('2026-11-01', '2026-11-11', '2026-11-30'));
const offers = fc
  .array(
    fc.record({ storeId: scoped, channelId: scoped, levelId: scoped, fromOn: date, untilOn: date, priceFen: fc.nat() }),
    { minLength: 1, maxLength: 8 },
  )
  .map((rows) =>
    rows.map((row, index): OfferedPrice => ({
      ...row,
      listId: index + 1,
      listName: `价格表 ${index}`,
      floorFen: null,
    })),
  );
const base = { storeId: null, channelId: null, levelId: null, fromOn: null, untilOn: null };
const offer = (listId: number, scope: Partial<OfferedPrice>): OfferedPrice => ({
  ...base,
  listId,
  listName: String(listId),
  priceFen: listId,
  floorFen: null,
  ...scope,
});

describe('choosePrice', () => {
  it('takes the list that says most about whom it is for', () => {
    const lists = [
      offer(1, {}),
      offer(2, { fromOn: '2026-11-11' }),
      offer(3, { storeId: 1 }),
      offer(4, { channelId: 1 }),
      offer(5, { levelId: 1 }),
      offer(6, { channelId: 1, storeId: 1 }),
      offer(7, { levelId: 1, storeId: 1 }),
      offer(8, { levelId: 1, channelId: 1 }),
      offer(9, { levelId: 1, channelId: 1, storeId: 1 }),
    ];
    const { chosen, passed } = choosePrice(lists);
    expect([chosen, ...passed].map(({ listId }) => listId)).to.eql([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('takes the one that began later, then the one that ends earlier, then the newer', () => {
    const first = (...lists: OfferedPrice[]) => choosePrice(lists).chosen.listId;
    expect(first(offer(1, { fromOn: '2026-11-11' }), offer(2, { fromOn: '2026-11-01' }))).to.equal(1);
    expect(first(offer(1, { untilOn: '2026-11-11' }), offer(2, { untilOn: '2026-11-30' }))).to.equal(1);
    expect(first(offer(1, { storeId: 1 }), offer(2, { storeId: 1 }))).to.equal(2);
  });

  it('is a total order: any order of the offers gives the same answer, and names all others', () => {
    fc.assert(
      fc.property(offers, fc.infiniteStream(fc.nat()), (all, random) => {
        const shuffled = all
          .map((one) => ({ one, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(choosePrice(shuffled)).to.eql(choosePrice(all));
        const { chosen, passed } = choosePrice(all);
        expect([chosen, ...passed]).to.have.members(all);
        for (const other of passed) expect(compareLists(chosen, other)).to.be.below(0);
      }),
    );
  });
});
