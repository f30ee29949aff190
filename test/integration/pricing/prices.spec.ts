import { expect } from 'chai';
import { changePrices, pricesOf } from '../../../src/modules/pricing';
import { priceList } from '../../../src/modules/pricing/store/pricing.table';
import { systemActor } from '../../../src/platform/permissions';
import { sql } from '../../../src/platform/database';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleCatalog } from '../../support/sample-catalog';

const system = systemActor('test');
const START = Date.UTC(2026, 10, 22, 2);

describe('prices', () => {
  forEachDatabase((context) => {
    const open = async () => {
      let now = START;
      const { database, uow } = await context.openUow({ clock: () => now });
      const sample = await sampleCatalog(uow);
      return { read: database.read, uow, sample, at: (time: number) => (now = time) };
    };

    it('hold from their instant until the next one, and the history stays', async () => {
      const { read, uow, sample, at } = await open();
      const skuId = sample.chargerSkuId;
      at(START + 1000);
      await changePrices(uow, system, { items: [{ skuId, priceFen: 13_900 }] });
      at(START + 2000);
      await changePrices(uow, system, { items: [{ skuId, priceFen: 12_900, floorFen: 11_900 }] });
      const price = async (time: number) => (await pricesOf(read, [skuId], { storeId: null, at: time })).get(skuId);
      expect(await price(START - 1)).to.equal(undefined);
      expect(await price(START)).to.deep.equal({ priceFen: 14_900, floorFen: null });
      expect(await price(START + 1999)).to.deep.equal({ priceFen: 13_900, floorFen: null });
      expect(await price(START + 2000)).to.deep.equal({ priceFen: 12_900, floorFen: 11_900 });
      const rows = await read.all(sql`SELECT id FROM price_item WHERE sku_id = ${skuId}`);
      expect(rows).to.have.length(3);
    });

    it('may be planned, and a change today does not touch the plan', async () => {
      const { read, uow, sample, at } = await open();
      const skuId = sample.chargerSkuId;
      at(START + 1000);
      await changePrices(uow, system, { fromAt: START + 9000, items: [{ skuId, priceFen: 9_900 }] });
      at(START + 2000);
      await changePrices(uow, system, { items: [{ skuId, priceFen: 13_900 }] });
      const price = async (time: number) =>
        (await pricesOf(read, [skuId], { storeId: null, at: time })).get(skuId)?.priceFen;
      expect([
        await price(START + 1999),
        await price(START + 2000),
        await price(START + 8999),
        await price(START + 9000),
      ]).to.deep.equal([14_900, 13_900, 13_900, 9_900]);
      expect(
        (await refusal(changePrices(uow, system, { fromAt: START, items: [{ skuId, priceFen: 1 }] }))).fields[0]?.path,
      ).to.equal('fromAt');
    });

    it('may be set again at the very instant they were taken away', async () => {
      const { read, uow, sample } = await open();
      const skuId = sample.chargerSkuId;
      const set = (priceFen: number | null) => changePrices(uow, system, { items: [{ skuId, priceFen }] });
      await set(null);
      await set(13_900);
      const prices = await pricesOf(read, [skuId], { storeId: null, at: START });
      expect(prices.get(skuId)).to.deep.equal({ priceFen: 13_900, floorFen: null });
    });

    it('that stay the same write nothing', async () => {
      const { uow, sample, at } = await open();
      at(START + 1000);
      const same = { skuId: sample.phoneSkuIds[0], priceFen: 449_900, floorFen: 429_900 };
      expect(await changePrices(uow, system, { items: [same] })).to.deep.equal({ changed: 0 });
    });

    it("of a store's list stand over the base list, until they end", async () => {
      const { read, uow, sample, at } = await open();
      const listId = await storeList(uow, sample.storeId);
      const skuId = sample.chargerSkuId;
      await changePrices(uow, system, { priceListId: listId, items: [{ skuId, priceFen: 9_900 }] });
      const price = async (storeId: number | null, time: number) =>
        (await pricesOf(read, [skuId], { storeId, at: time })).get(skuId)?.priceFen;
      expect(await price(sample.storeId, START)).to.equal(9_900);
      expect(await price(sample.otherStoreId, START)).to.equal(14_900);
      expect(await price(null, START)).to.equal(14_900);
      at(START + 1000);
      await changePrices(uow, system, { priceListId: listId, items: [{ skuId, priceFen: null }] });
      expect(await price(sample.storeId, START + 1000)).to.equal(14_900);
    });

    it('of the base list need the right for all stores, of a store for that store', async () => {
      const { uow, sample } = await open();
      const listId = await storeList(uow, sample.storeId);
      const manager = actorWith({ 'pricing.price.edit': [sample.storeId] });
      const elsewhere = actorWith({ 'pricing.price.edit': [sample.otherStoreId] });
      const items = [{ skuId: sample.chargerSkuId, priceFen: 100 }];
      expect((await refusal(changePrices(uow, manager, { items }))).status).to.equal(403);
      expect((await refusal(changePrices(uow, elsewhere, { priceListId: listId, items }))).status).to.equal(403);
      expect(await changePrices(uow, manager, { priceListId: listId, items })).to.deep.equal({ changed: 1 });
      expect((await refusal(() => changePrices(uow, actorWith({}), { items }))).status).to.equal(403);
    });

    it('are refused when the floor is above the price', async () => {
      const { uow, sample } = await open();
      const wrong = await refusal(
        changePrices(uow, system, { items: [{ skuId: sample.chargerSkuId, priceFen: 100, floorFen: 101 }] }),
      );
      expect(wrong.fields[0]).to.include({ path: 'items.0.floorFen', code: 'pricing:error.floor_above_price' });
    });
  });
});

function storeList(uow: UnitOfWork, storeId: number): Promise<number> {
  return uow.run(system, async (unit) => {
    const id = unit.takeIds(priceList);
    await unit.insert(priceList, [
      { id, code: 'NJ01', name: '新街口店', kind: 'store', storeId, active: true, version: 1, createdAt: unit.now },
    ]);
    return id;
  });
}
