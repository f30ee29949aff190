import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { businessDate, parseScanLine } from '../../../src/kernel';
import { cycleCount } from '../../../src/modules/inventory/queries/cycle-count';
import { stocktake } from '../../../src/modules/inventory/store/stocktake.table';
import {
  cancelStocktake,
  finishCounting,
  startStocktake,
} from '../../../src/modules/inventory/use-cases/count-stocktake';
import { planCycleCount } from '../../../src/modules/inventory/use-cases/plan-cycle-count';
import { postStocktake } from '../../../src/modules/inventory/use-cases/post-stocktake';
import { scanIntoStocktake } from '../../../src/modules/inventory/use-cases/scan-into-stocktake';
import { postSale } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');
const scanOf = (text: string) => ({ key: randomUUID(), text, ...parseScanLine(text) });

describe('cycle counts', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[4]?.id ?? 0, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 500_000 }],
      });
    });

    const at = async (id: number) => ({ id, version: (await database.read.get(stocktake, id))?.version ?? 0 });
    const turns = async (day = '2026-11-22') =>
      (await cycleCount(database.read, shop.locationId, businessDate(day))).rows.map(
        ({ skuId, abc, quantity, countedOn, overdueDays, running }) => [
          skuId,
          abc,
          quantity,
          countedOn,
          overdueDays,
          running,
        ],
      );
    const plan = (who = actor) => planCycleCount(uow, who, { locationId: shop.locationId, note: '循环盘点' });

    it('proposes what lies there, plans it once, and knows when it was counted', async () => {
      const [phone] = shop.phoneSkuIds;
      expect(await turns()).to.deep.equal([
        [phone, 'A', 4, null, null, false],
        [shop.chargerSkuId, 'C', 10, null, null, false],
      ]);
      const { id, products } = await plan();
      expect(products).to.equal(2);
      expect((await database.read.get(stocktake, id))?.scope.skuIds).to.have.members([phone, shop.chargerSkuId]);
      expect((await turns()).map((row) => row.at(-1))).to.deep.equal([true, true]);
      expect(await refusal(plan())).to.have.property('code', 'inventory:error.cycle_nothing');
      await startStocktake(uow, actor, await at(id));
      await scanIntoStocktake(uow, actor, { id, scans: [0, 1, 2, 3].map((index) => scanOf(imeiOf(index))) });
      await finishCounting(uow, actor, await at(id));
      await postStocktake(uow, actor, { ...(await at(id)), seen: { missing: 0, taken: 0, goods: 0 } });
      // The chargers were on it, but nobody counted them.
      expect(await turns('2026-12-25')).to.deep.equal([
        [shop.chargerSkuId, 'C', 10, null, null, false],
        [phone, 'A', 4, '2026-11-22', 3, false],
      ]);
      const again = await plan();
      await cancelStocktake(uow, actor, await at(again.id));
      expect(
        (await turns()).map((row) => row.at(-1)),
        'a cancelled one holds nothing back',
      ).to.deep.equal([false, false]);
    });

    it('is planned once when two people ask at the same moment', async () => {
      const both = await Promise.allSettled([plan(), plan()]);
      expect(both.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
      for (const one of both)
        if (one.status === 'rejected') expect(one.reason).to.have.property('code', 'inventory:error.cycle_nothing');
      expect(await database.read.find(stocktake, {})).to.have.length(1);
    });

    it('asks for the right to plan in the store', async () => {
      const elsewhere = actorWith({ 'inventory.stocktake.plan': [shop.otherStoreId] });
      expect(await refusal(plan(elsewhere))).to.have.property('status', 403);
    });
  });
});
