import { expect } from 'chai';
import { changePrices, pricesOf } from '../../../src/modules/pricing';
import type { ListScope } from '../../../src/modules/pricing/domain/choose-price';
import { addList } from '../../../src/modules/pricing/use-cases/create-list';
import { saveRecord } from '../../../src/platform/configuration';
import { LEVELS, listLevels } from '../../../src/modules/pricing/queries/levels';
import { businessDate } from '../../../src/kernel';
import { listChannels } from '../../../src/modules/organization';
import { systemActor } from '../../../src/platform/permissions';
import { sql } from '../../../src/platform/database';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { sampleCatalog } from '../../support/sample-catalog';

const system = systemActor('test');
const START = Date.UTC(2026, 10, 22, 2);
const DAY = businessDate('2026-11-22');

const ANYBODY: ListScope = { storeId: null, channelId: null, levelId: null, fromOn: null, untilOn: null };

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
      const price = async (time: number) =>
        (await pricesOf(read, [skuId], { storeId: null, at: time, on: DAY })).get(skuId);
      expect(await price(START - 1)).to.equal(undefined);
      expect(await price(START)).to.include({ priceFen: 14_900, floorFen: null });
      expect(await price(START + 1999)).to.include({ priceFen: 13_900, floorFen: null });
      expect(await price(START + 2000)).to.include({ priceFen: 12_900, floorFen: 11_900 });
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
        (await pricesOf(read, [skuId], { storeId: null, at: time, on: DAY })).get(skuId)?.priceFen;
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
      const prices = await pricesOf(read, [skuId], { storeId: null, at: START, on: DAY });
      expect(prices.get(skuId)).to.include({ priceFen: 13_900, floorFen: null });
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
        (await pricesOf(read, [skuId], { storeId, at: time, on: DAY })).get(skuId)?.priceFen;
      expect(await price(sample.storeId, START)).to.equal(9_900);
      expect(await price(sample.otherStoreId, START)).to.equal(14_900);
      expect(await price(null, START)).to.equal(14_900);
      at(START + 1000);
      await changePrices(uow, system, { priceListId: listId, items: [{ skuId, priceFen: null }] });
      expect(await price(sample.storeId, START + 1000)).to.equal(14_900);
    });

    it('of a channel, a level and some days: the list that says most counts, and the others are named', async () => {
      const { read, uow, sample } = await open();
      const skuId = sample.chargerSkuId;
      await uow.run(system, (unit) =>
        saveRecord(
          unit,
          { module: 'pricing', id: 'levels', values: LEVELS },
          { name: '金卡', active: true, values: {} },
        ),
      );
      const levelId = (await listLevels(read))[0]?.id ?? 0;
      const channelId = (await listChannels(read))[0]?.id ?? 0;
      const list = async (name: string, scope: Partial<ListScope>, priceFen: number) => {
        const id = await uow.run(system, (unit) => addList(unit, { ...ANYBODY, name, ...scope }));
        await changePrices(uow, system, { priceListId: id, items: [{ skuId, priceFen }] });
      };
      await list('', { storeId: sample.storeId }, 14_000);
      await list('线上价', { channelId }, 13_000);
      await list('金卡价', { levelId }, 12_000);
      await list('双十二', { fromOn: '2026-12-12', untilOn: '2026-12-13' }, 11_000);
      await list('金卡线上', { levelId, channelId }, 10_000);
      const ask = async (question: object, on = DAY) => {
        const price = (await pricesOf(read, [skuId], { storeId: sample.otherStoreId, at: START, on, ...question })).get(
          skuId,
        );
        return [price?.priceFen, price?.list.name, price?.passed.length];
      };
      expect(await ask({})).to.eql([14_900, '标准零售价', 0]);
      expect(await ask({ storeId: sample.storeId, channelId })).to.eql([13_000, '线上价', 2]);
      expect(await ask({ levelId, storeId: sample.storeId })).to.eql([12_000, '金卡价', 2]);
      expect(await ask({ levelId, channelId })).to.eql([10_000, '金卡线上', 3]);
      expect((await ask({}, businessDate('2026-12-12')))[1]).to.equal('双十二');
      expect((await ask({}, businessDate('2026-12-14')))[1]).to.equal('标准零售价');
      const again = await refusal(list('又一张', { channelId }, 1));
      expect(again.fields[0]?.code).to.equal('pricing:error.list_taken_special');
      const nobody = await refusal(uow.run(system, (unit) => addList(unit, { ...ANYBODY, name: '谁' })));
      expect(nobody.fields[0]?.code).to.equal('pricing:error.list_for_all');
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
  return uow.run(system, (unit) => addList(unit, { ...ANYBODY, name: '', storeId }));
}
