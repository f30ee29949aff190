import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parseScanLine } from '../../../src/kernel';
import { freezeStock, stockFreeze, verifyLedger } from '../../../src/ledger';
import { postOpeningStock } from '../../../src/modules/inventory';
import { EVERYTHING, type StocktakeScope } from '../../../src/modules/inventory/domain/stocktake-scope';
import { changeReasons } from '../../../src/modules/inventory/queries/change-reasons';
import { stockChange } from '../../../src/modules/inventory/store/change.table';
import { stocktake } from '../../../src/modules/inventory/store/stocktake.table';
import { scanIntoChange } from '../../../src/modules/inventory/use-cases/change-lines';
import {
  cancelStocktake,
  finishCounting,
  startStocktake,
} from '../../../src/modules/inventory/use-cases/count-stocktake';
import { createChange } from '../../../src/modules/inventory/use-cases/create-change';
import { planStocktake } from '../../../src/modules/inventory/use-cases/plan-stocktake';
import { postChange } from '../../../src/modules/inventory/use-cases/post-change';
import { postStocktake } from '../../../src/modules/inventory/use-cases/post-stocktake';
import { scanIntoStocktake } from '../../../src/modules/inventory/use-cases/scan-into-stocktake';
import { postSale } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { transferHands } from '../../support/transfers';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');
const scanOf = (text: string) => ({ key: randomUUID(), text, ...parseScanLine(text) });

describe('stocktakes that freeze what they count', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
    });

    const at = async (id: number) => ({ id, version: (await database.read.get(stocktake, id))?.version ?? 0 });
    async function begin(scope: StocktakeScope = EVERYTHING): Promise<number> {
      const { id } = await planStocktake(uow, actor, {
        locationId: shop.locationId,
        scope,
        blind: false,
        frozen: true,
      });
      await startStocktake(uow, actor, await at(id));
      return id;
    }
    const sell = (lines: { skuId: number; deviceId?: number; quantity: number; discountFen: number }[], fen: number) =>
      postSale(uow, actor, { registerId: shop.registerId, lines, tenders: [{ kind: 'cash', amountFen: fen }] });
    const sellPhone = (index: number) =>
      sell(
        [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[index]?.id ?? 0, quantity: 1, discountFen: 0 }],
        500_000,
      );
    const sellCharger = () => sell([{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0 }], 50_000);
    const bring = (skuId: number, valueFen: number) =>
      uow.run(actor, (unit) =>
        postOpeningStock(unit, {
          storeId: shop.storeId,
          businessDate: unit.today,
          lines: [
            {
              lineNo: 1,
              skuId,
              storeId: shop.storeId,
              locationId: shop.locationId,
              quantity: 1,
              valueFen,
              identifiers: [],
              receivedOn: unit.today,
              makerWarrantyUntil: null,
            },
          ],
        }),
      );
    const frozen = async (work: Promise<unknown>) =>
      expect(await refusal(work)).to.include({ code: 'ledger:error.stock_frozen', status: 409 });
    const sound = async () => expect(await verifyLedger(database.read)).to.have.property('ok', true);

    it('refuses sales, receipts, transfers and changes of the location, and lets them go when it is posted', async () => {
      await sellPhone(4);
      const id = await begin();
      await frozen(sellPhone(0));
      await frozen(sellCharger());
      await frozen(bring(shop.chargerSkuId, 5_000));
      const hands = transferHands(uow, actor);
      await frozen(hands.sent(shop.locationId, shop.otherLocationId, [imeiOf(3)]));
      const coming = await hands.sent(shop.otherLocationId, shop.locationId, [imeiOf(50)]);
      await hands.scan(coming, imeiOf(50));
      await frozen(hands.receive(coming));
      const reason = (await changeReasons(database.read)).find(({ effect }) => effect === 'demo');
      const change = await createChange(uow, actor, { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
      await scanIntoChange(uow, actor, { id: change.id, scans: [scanOf(imeiOf(1))] });
      const seen = (await database.read.get(stockChange, change.id))?.version ?? 0;
      await frozen(postChange(uow, actor, { id: change.id, version: seen }));
      await scanIntoStocktake(uow, actor, { id, scans: [0, 1, 2].map((index) => scanOf(imeiOf(index))) });
      await finishCounting(uow, actor, await at(id));
      await frozen(sellPhone(0));
      await postStocktake(uow, actor, { ...(await at(id)), seen: { missing: 1, taken: 0, goods: 0 } });
      expect(await database.read.find(stockFreeze, {})).to.deep.equal([]);
      await sellPhone(0);
      await hands.receive(coming);
      await sound();
    });

    it('freezes the planned products only, those without stock too, and nothing of other locations or counts', async () => {
      const id = await begin({ categoryIds: [], brandIds: [], skuIds: [...shop.phoneSkuIds] });
      await frozen(sellPhone(0));
      await sellCharger();
      const rows = await database.read.find(stockFreeze, { documentId: id });
      expect(rows.map(({ skuId }) => skuId)).to.have.members([...shop.phoneSkuIds]);
      const other = await begin({ categoryIds: [], brandIds: [], skuIds: [shop.chargerSkuId] });
      await frozen(sellCharger());
      await cancelStocktake(uow, actor, await at(other));
      await sellCharger();
      await frozen(sellPhone(0));
      await cancelStocktake(uow, actor, await at(id));
      await sellPhone(0);
      await sound();
    });

    // On one writer a unit of work waits for another anyway.
    if (context.kind === 'mariadb')
      it('keeps no till waiting while it begins', async () => {
        let began = (): void => undefined;
        let goOn = (): void => undefined;
        const begun = new Promise<void>((resolve) => (began = resolve));
        const released = new Promise<void>((resolve) => (goOn = resolve));
        const start = uow.run(actor, async (unit) => {
          const document = { type: 'inventory.stocktake', id: 1, number: 'PD-1' };
          await freezeStock(unit, { document, locationId: shop.locationId, skuIds: null });
          began();
          await released;
        });
        await begun;
        await sellPhone(0);
        goOn();
        await start;
        await frozen(sellPhone(1));
        await sound();
      });

    it('lets sales under way at its start be booked: either the count knows them, or they are moves since', async () => {
      const { id } = await planStocktake(uow, actor, {
        locationId: shop.locationId,
        scope: EVERYTHING,
        blind: false,
        frozen: true,
      });
      const begun = await at(id);
      const race = await Promise.allSettled([startStocktake(uow, actor, begun), sellPhone(0), sellPhone(1)]);
      expect(race[0].status).to.equal('fulfilled');
      const sold = race.slice(1).filter(({ status }) => status === 'fulfilled').length;
      await scanIntoStocktake(uow, actor, {
        id,
        scans: [0, 1, 2, 3, 4].slice(sold).map((index) => scanOf(imeiOf(index))),
      });
      await sound();
      await frozen(sellCharger());
    });
  });
});
