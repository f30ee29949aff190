import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parseScanLine } from '../../../src/kernel';
import { verifyLedger } from '../../../src/ledger';
import { EVERYTHING } from '../../../src/modules/inventory/domain/stocktake-scope';
import { waitingStocktakes } from '../../../src/modules/inventory/queries/waiting-changes';
import { stocktake, stocktakeDevice, stocktakeGoods } from '../../../src/modules/inventory/store/stocktake.table';
import { stockApprovalConfiguration } from '../../../src/modules/inventory/use-cases/approval-level-configuration';
import { countGoods } from '../../../src/modules/inventory/use-cases/count-goods';
import { finishCounting, recount, startStocktake } from '../../../src/modules/inventory/use-cases/count-stocktake';
import {
  approveStocktake,
  sendBackStocktake,
  submitStocktake,
  withdrawStocktake,
} from '../../../src/modules/inventory/use-cases/decide-stocktake';
import { keepDifferences } from '../../../src/modules/inventory/use-cases/keep-differences';
import { planStocktake } from '../../../src/modules/inventory/use-cases/plan-stocktake';
import { postStocktake } from '../../../src/modules/inventory/use-cases/post-stocktake';
import { scanIntoStocktake } from '../../../src/modules/inventory/use-cases/scan-into-stocktake';
import { postSale } from '../../../src/modules/sales';
import type { Database } from '../../../src/platform/database';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { forEachDatabase } from '../../support/databases';
import { personWith, setApprovalLevels } from '../../support/orders';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');
const scanOf = (text: string) => ({ key: randomUUID(), text, ...parseScanLine(text) });

describe('approval of the differences of stocktakes', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    let manager: Actor;
    let owner: Actor;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
      await setApprovalLevels(
        uow,
        [
          { name: '店长', fromFen: 0, role: 'manager' },
          { name: '老板', fromFen: 395_000, role: 'owner' },
        ],
        stockApprovalConfiguration,
      );
      manager = await personWith(uow, 'manager', 'mgr1');
      owner = await personWith(uow, 'owner', 'boss');
    });

    const row = async (id: number) => (await database.read.get(stocktake, id)) ?? expect.fail('no such stocktake');
    const at = async (id: number) => ({ id, version: (await row(id)).version });
    /** Counted: these handsets and pieces; the rest is missing. */
    async function counted(indexes: readonly number[], pieces: number): Promise<number> {
      const { id } = await planStocktake(uow, actor, { locationId: shop.locationId, scope: EVERYTHING, blind: false });
      await startStocktake(uow, actor, await at(id));
      await scanIntoStocktake(uow, actor, { id, scans: indexes.map((index) => scanOf(imeiOf(index))) });
      const [goods] = await database.read.find(stocktakeGoods, { stocktakeId: id });
      const counts = [{ goodsId: goods?.id ?? 0, pieces, version: goods?.version ?? 0 }];
      await countGoods(uow, actor, { id, counts });
      await finishCounting(uow, actor, await at(id));
      return id;
    }
    const book = async (id: number, seen: { missing: number; taken: number; goods: number }, who: Actor = actor) =>
      postStocktake(uow, who, { ...(await at(id)), seen });

    it('posts a count without difference at once, and every other one after its levels', async () => {
      const same = await counted([0, 1, 2, 3, 4], 10);
      expect(await refusal(submitStocktake(uow, actor, await at(same)))).to.have.property(
        'code',
        'inventory:error.stocktake_no_level',
      );
      await book(same, { missing: 0, taken: 0, goods: 0 });
      const id = await counted([0, 1, 2, 3], 8);
      const seen = { missing: 1, taken: 0, goods: 1 };
      expect(await refusal(book(id, seen))).to.have.property('code', 'inventory:error.change_needs_approval');
      await submitStocktake(uow, manager, await at(id));
      expect(await row(id)).to.include({ state: 'submitted', amountFen: 400_004, submission: 1 });
      const [missing] = await database.read.find(stocktakeDevice, { stocktakeId: id, expected: true });
      const keep = { id, devices: [missing?.id ?? 0], goods: [], kept: true };
      expect(await refusal(keepDifferences(uow, actor, keep)), 'what was submitted stays').to.include({ status: 409 });
      expect(await waitingStocktakes(database.read, manager, null, 0), 'their own').to.include({ count: 0 });
      expect(await refusal(approveStocktake(uow, manager, await at(id)))).to.include({
        code: 'inventory:error.approval_own',
      });
      const other = await personWith(uow, 'manager', 'mgr2');
      expect(await waitingStocktakes(database.read, other, null, 0)).to.include({ count: 1 });
      expect((await approveStocktake(uow, other, await at(id))).state, 'the owner is asked as well').to.equal(
        'submitted',
      );
      expect((await approveStocktake(uow, owner, await at(id))).state).to.equal('approved');
      await book(id, seen);
      expect(await row(id)).to.include({ state: 'posted', lossFen: 400_004, amountFen: 400_004 });
      expect(await verifyLedger(database.read)).to.have.property('ok', true);
    });

    it('is sent back, counted again and withdrawn; differences that grew after approval are approved again', async () => {
      const id = await counted([0, 1, 2, 3], 10);
      await submitStocktake(uow, manager, await at(id));
      expect(
        (await refusal(sendBackStocktake(uow, owner, { ...(await at(id)), reason: '' }))).fields[0]?.path,
      ).to.equal('reason');
      await sendBackStocktake(uow, owner, { ...(await at(id)), reason: '再找一遍' });
      await recount(uow, actor, await at(id));
      await finishCounting(uow, actor, await at(id));
      await submitStocktake(uow, manager, await at(id));
      await withdrawStocktake(uow, manager, await at(id));
      await submitStocktake(uow, manager, await at(id));
      expect(await row(id)).to.include({ submission: 3, amountFen: 390_004 });
      await approveStocktake(uow, await personWith(uow, 'manager', 'mgr2'), await at(id));
      expect((await row(id)).state).to.equal('approved');
      // As if it had been approved when less was missing: the amount now reaches a level that was not asked.
      await uow.run(actor, async (unit) => unit.update(stocktake, id, { amountFen: 0 }, (await at(id)).version));
      await setApprovalLevels(uow, [{ name: '总部', fromFen: 100, role: 'owner' }], stockApprovalConfiguration);
      expect(await refusal(book(id, { missing: 1, taken: 0, goods: 0 }))).to.include({
        code: 'inventory:error.change_grown',
        status: 409,
      });
      // What is sold meanwhile is not missing: nothing is left to be approved, and nothing seen is posted unseen.
      await postSale(uow, actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[4]?.id ?? 0, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 500_000 }],
      });
      expect(await refusal(book(id, { missing: 1, taken: 0, goods: 0 }))).to.include({
        code: 'inventory:error.stocktake_changed',
      });
      await book(id, { missing: 0, taken: 0, goods: 0 });
      expect(await verifyLedger(database.read)).to.have.property('ok', true);
    });
  });
});
