import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parseScanLine } from '../../../src/kernel';
import { device, verifyLedger } from '../../../src/ledger';
import type { ChangeEffect } from '../../../src/modules/inventory/domain/change-effect';
import { waitingChanges } from '../../../src/modules/inventory/queries/waiting-changes';
import { changeReasons } from '../../../src/modules/inventory/queries/change-reasons';
import { stockChange, stockChangeLine } from '../../../src/modules/inventory/store/change.table';
import { stockApprovalConfiguration } from '../../../src/modules/inventory/use-cases/approval-level-configuration';
import { addGoodsToChange, scanIntoChange } from '../../../src/modules/inventory/use-cases/change-lines';
import { correctCosts } from '../../../src/modules/inventory/use-cases/correct-costs';
import { createChange } from '../../../src/modules/inventory/use-cases/create-change';
import {
  approveChange,
  sendBackChange,
  submitChange,
  withdrawChange,
} from '../../../src/modules/inventory/use-cases/decide-change';
import { postChange, reverseChange } from '../../../src/modules/inventory/use-cases/post-change';
import { type Database, sql } from '../../../src/platform/database';
import { type Actor, systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { personWith, setApprovalLevels } from '../../support/orders';
import { refusal } from '../../support/refusal';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const actor = systemActor('周敏');
const scanOf = (text: string) => ({ key: randomUUID(), text, ...parseScanLine(text) });

describe('adjustments of stock and scrap', () => {
  forEachDatabase((context) => {
    let database: Database;
    let uow: UnitOfWork;
    let shop: SampleShop;
    beforeEach(async function () {
      this.timeout(120_000);
      ({ database, uow } = await context.openUow({ clock: () => Date.UTC(2026, 10, 22, 4) }));
      shop = await sampleShop(uow);
    });

    async function draft(effect: ChangeEffect, texts: string[], who: Actor = actor): Promise<number> {
      const reason = (await changeReasons(database.read)).find((one) => one.effect === effect);
      const { id } = await createChange(uow, who, { locationId: shop.locationId, reasonId: reason?.id ?? 0 });
      if (texts.length > 0) await scanIntoChange(uow, who, { id, scans: texts.map(scanOf) });
      return id;
    }
    const goods = (id: number, pieces: number, more: { unitCostFen?: number; bucket?: string } = {}) =>
      addGoodsToChange(uow, actor, { id, code: 'CD67', bucket: 'sellable', batch: '', pieces, ...more });
    const head = async (id: number) => (await database.read.get(stockChange, id)) ?? expect.fail('no such change');
    const seen = async (id: number) => ({ id, version: (await head(id)).version });
    const book = async (id: number, who: Actor = actor) => postChange(uow, who, await seen(id));
    const balanceOf = async (): Promise<[number, number]> => {
      const row = await database.read.one<{ quantity: number; valueFen: number }>(
        sql`SELECT quantity, value_fen FROM stock_balance
          WHERE sku_id = ${shop.chargerSkuId} AND location_id = ${shop.locationId} AND bucket = 'sellable'`,
      );
      return [Number(row?.quantity), Number(row?.valueFen)];
    };
    const deviceAt = async (index: number) => database.read.get(device, shop.devices[index]?.id ?? 0);
    /** Account → debit less credit of everything that this document booked. */
    const booked = async (id: number): Promise<Record<string, number>> => {
      const rows = await database.read.all<{ code: string; fen: number }>(
        sql`SELECT a.code, SUM(l.debit_fen - l.credit_fen) AS fen FROM journal_line l
          JOIN journal_entry e ON e.id = l.entry_id JOIN posting p ON p.id = e.posting_id JOIN account a ON a.id = l.account_id
          WHERE p.document_type = 'inventory.change' AND p.document_id = ${id} GROUP BY a.code`,
      );
      return Object.fromEntries(rows.map(({ code, fen }) => [code, Number(fen)]));
    };
    const sound = async () =>
      expect((await verifyLedger(database.read)).checks.filter((one) => !one.ok)).to.deep.equal([]);

    it('writes off what is lost or scrapped at its cost, on the account of the reason, and back by its reversal', async () => {
      const id = await draft('loss', [imeiOf(0)]);
      await goods(id, 3);
      await book(id);
      expect(await head(id)).to.include({ state: 'posted', amountFen: 405_000, netFen: -405_000 });
      expect((await head(id)).number).to.match(/^TZ/);
      expect(await deviceAt(0)).to.include({ state: 'missing', bucket: null, locationId: null });
      expect(await balanceOf()).to.deep.equal([7, 35_001]);
      expect(await booked(id)).to.deep.equal({ '1405': -405_000, '1901': 0, '5711': 405_000 });
      const values = (await database.read.find(stockChangeLine, { changeId: id })).map(({ valueFen }) => valueFen);
      expect(values).to.deep.equal([-390_000, -15_000]);
      const scrap = await draft('scrap', [imeiOf(1)]);
      await book(scrap);
      expect((await head(scrap)).number).to.match(/^BF/);
      expect(await deviceAt(1)).to.include({ state: 'scrapped', bucket: null });
      await sound();
      const { number } = await reverseChange(uow, actor, await seen(id));
      expect(number).to.match(/^TZ/);
      expect(await deviceAt(0)).to.include({ state: 'in_stock', bucket: 'sellable' });
      expect(await balanceOf()).to.deep.equal([10, 50_001]);
      await sound();
    });

    it('takes goods for own use; brings back what was lost, and goods at a given or the average cost', async () => {
      const use = await draft('issue', [imeiOf(2)]);
      await goods(use, 10);
      await book(use);
      expect(await deviceAt(2)).to.include({ state: 'issued', ownership: 'own' });
      expect(await balanceOf()).to.deep.equal([0, 0]);
      expect(await booked(use)).to.deep.equal({ '1405': -440_003, '5602': 440_003 });
      const nothing = await draft('gain', []);
      expect((await refusal(goods(nothing, 1))).fields[0]).to.include({ code: 'inventory:error.change_cost_needed' });
      const unknown = addGoodsToChange(uow, actor, {
        id: nothing,
        code: 'CD67',
        bucket: 'sellable',
        batch: 'X1',
        pieces: 1,
      });
      expect((await refusal(unknown)).fields[0]).to.include({ code: 'inventory:error.change_batch_unknown' });
      await goods(nothing, 2, { unitCostFen: 4_900 });
      const [wrong] = await scanIntoChange(uow, actor, { id: nothing, scans: [scanOf(imeiOf(3))] });
      expect(wrong?.reason.code, 'in stock: nothing to be found').to.equal('inventory:change.scan.not_missing');
      await book(nothing);
      expect(await balanceOf()).to.deep.equal([2, 9_800]);
      const lost = await draft('loss', [imeiOf(0)]);
      await book(lost);
      const found = await draft('gain', [imeiOf(0)]);
      await goods(found, 1);
      await book(found);
      expect(await deviceAt(0)).to.include({ state: 'in_stock', bucket: 'sellable', costFen: 390_000 });
      expect(await balanceOf()).to.deep.equal([3, 14_700]);
      expect(await booked(found)).to.deep.equal({ '1405': 394_900, '1901': 0, '5301': -394_900 });
      await sound();
    });

    it('corrects costs of handsets and goods with a right, and refuses a correction without a cost or an effect', async () => {
      const id = await draft('value', [imeiOf(0), imeiOf(1)]);
      expect(await refusal(book(id))).to.have.property('code', 'inventory:error.change_cost_missing');
      const white = shop.phoneSkuIds[0];
      await correctCosts(uow, actor, { id, of: { skuId: white }, unitCostFen: 391_000 });
      await goods(id, 1, { unitCostFen: 5_100 });
      await book(id);
      expect([(await deviceAt(0))?.costFen, (await deviceAt(1))?.costFen]).to.deep.equal([391_000, 391_000]);
      expect(await balanceOf()).to.deep.equal([10, 51_000]);
      expect(await head(id)).to.include({ amountFen: 2_998, netFen: 2_998 });
      expect(await booked(id)).to.deep.equal({ '1405': 2_998, '5401': -2_998 });
      await sound();
      const same = await draft('value', [imeiOf(0)]);
      const [line] = await database.read.find(stockChangeLine, { changeId: same });
      await correctCosts(uow, actor, { id: same, of: { lineId: line?.id ?? 0 }, unitCostFen: 391_000 });
      expect(await refusal(book(same))).to.have.property('code', 'inventory:error.change_no_effect');
      const clerk = actorWith({ 'inventory.change.adjust': [shop.storeId], 'inventory.change.value': [shop.storeId] });
      const blind = { id: same, of: { skuId: white }, unitCostFen: 1 };
      expect(await refusal(correctCosts(uow, clerk, blind)), 'cost needs the right to see it').to.include({
        status: 403,
      });
      const may = actorWith({ 'inventory.change.adjust': [shop.storeId] });
      expect(await refusal(draft('value', [], may))).to.have.property('status', 403);
      await reverseChange(uow, actor, await seen(id));
      expect((await deviceAt(0))?.costFen).to.equal(390_000);
      await sound();
    });

    it('is approved level by level by amount; nobody approves their own; a larger amount goes back to the approvers', async () => {
      await setApprovalLevels(
        uow,
        [
          { name: '店长', fromFen: 0, role: 'manager' },
          { name: '老板', fromFen: 400_000, role: 'owner' },
        ],
        stockApprovalConfiguration,
      );
      const manager = await personWith(uow, 'manager', 'mgr1');
      const other = await personWith(uow, 'manager', 'mgr2');
      const owner = await personWith(uow, 'owner', 'boss');
      const id = await draft('scrap', [imeiOf(0)], manager);
      expect(await refusal(book(id, manager))).to.have.property('code', 'inventory:error.change_needs_approval');
      await submitChange(uow, manager, await seen(id));
      expect(await head(id)).to.include({ state: 'submitted', amountFen: 390_000, submission: 1 });
      expect(await refusal(goods(id, 1)), 'what was submitted stays').to.have.property('status', 409);
      expect(await refusal(approveChange(uow, manager, await seen(id)))).to.have.property(
        'code',
        'inventory:error.approval_own',
      );
      expect(await refusal(approveChange(uow, owner, await seen(id)))).to.have.property(
        'code',
        'inventory:error.approval_role',
      );
      expect(await waitingChanges(database.read, other, null, 0)).to.include({ count: 1 });
      expect(await waitingChanges(database.read, owner, null, 0)).to.include({ count: 0 });
      expect(
        (await refusal(sendBackChange(uow, other, { ...(await seen(id)), reason: ' ' }))).fields[0]?.path,
      ).to.equal('reason');
      await sendBackChange(uow, other, { ...(await seen(id)), reason: '少了配件' });
      await goods(id, 3);
      await submitChange(uow, manager, await seen(id));
      expect((await approveChange(uow, other, await seen(id))).state, 'the second level waits').to.equal('submitted');
      expect((await approveChange(uow, owner, await seen(id))).state).to.equal('approved');
      await book(id, manager);
      expect(await deviceAt(0)).to.include({ state: 'scrapped' });

      const small = await draft('loss', [imeiOf(1)], manager);
      await submitChange(uow, manager, await seen(small));
      await approveChange(uow, other, await seen(small));
      // Between approval and posting the handset became dearer than what the manager may approve.
      const dearer = await draft('value', [imeiOf(1)]);
      await correctCosts(uow, actor, { id: dearer, of: { skuId: shop.phoneSkuIds[0] }, unitCostFen: 500_000 });
      await submitChange(uow, manager, await seen(dearer));
      await approveChange(uow, actor, await seen(dearer));
      await book(dearer);
      expect(await refusal(book(small, manager))).to.include({ code: 'inventory:error.change_grown', status: 409 });
      await withdrawChange(uow, manager, await seen(small));
      await submitChange(uow, manager, await seen(small));
      const { state } = await approveChange(uow, owner, await seen(small));
      expect(state, 'a later level may pass the ones before it').to.equal('approved');
      await book(small, manager);
      expect(await deviceAt(1)).to.include({ state: 'missing' });
      await sound();
    });
  });
});
