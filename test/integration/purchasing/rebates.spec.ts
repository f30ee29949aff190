import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import { rebate, rebateRow, rebateRun } from '../../../src/modules/purchasing/store/rebate.table';
import { accrueRebate, settleRebate, unsettleRebate } from '../../../src/modules/purchasing/use-cases/accrue-rebate';
import {
  changeRebate,
  closeRebate,
  createRebate,
  type CreateRebate,
} from '../../../src/modules/purchasing/use-cases/save-rebate';
import { type Database, sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { actorWith } from '../../support/actors';
import { forEachDatabase } from '../../support/databases';
import { sellNow, takeBackNow } from '../../support/protections';
import { imeiOf, imeisOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { refusal } from '../../support/refusal';
import { draftReturn, postReturnNow, receiveSample } from '../../support/returns';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');

async function expectBooksRight(database: Database): Promise<void> {
  const { checks } = await verifyLedger(database.read, []);
  expect(checks.filter(({ ok }) => !ok)).to.eql([]);
}

async function openFen(database: Database, direction: string): Promise<number> {
  const row = await database.read.one<{ leftFen: number | null }>(
    sql`SELECT SUM(amount_fen - settled_fen) AS left_fen FROM open_item WHERE direction = ${direction}`,
  );
  return Number(row?.leftFen ?? 0);
}

const make = (uow: UnitOfWork, sample: SamplePurchasing, more: Partial<CreateRebate> = {}, actor = system) =>
  createRebate(uow, actor, {
    supplierId: sample.supplierId,
    storeId: sample.storeId,
    name: '四季度提货返利',
    kind: 'quantity',
    fromOn: '2026-11-01',
    toOn: '2026-12-31',
    brandId: null,
    categoryId: null,
    skuId: sample.phoneSkuIds[0],
    taxRateBp: 1300,
    tiers: [
      { from: 2, award: 11_300 },
      { from: 4, award: 22_600 },
    ],
    note: null,
    ...more,
  });

describe('rebates', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    const versionOf = async (database: Database, rebateId: number): Promise<{ rebateId: number; version: number }> => ({
      rebateId,
      version: (await database.read.get(rebate, rebateId))?.version ?? 0,
    });

    it('by pieces bought book the difference each time, also back after a return, and are settled', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(4), { withInvoice: true });
      const { id } = await make(uow, sample);
      const accrue = async () =>
        accrueRebate(uow, system, { ...(await versionOf(database, id)), untilOn: '2026-11-22' });
      // Ten chargers of the same receipt are no matter of this model.
      expect(await accrue()).to.include({ pieces: 4, tierNo: 2, earnedFen: 90_400, changeFen: 90_400 });
      expect(await openFen(database, 'receivable')).to.equal(90_400);
      expect(await database.read.get(rebate, id)).to.include({ taxFen: 10_400, accruedUntil: '2026-11-22' });
      const rows = await database.read.find(rebateRow, {});
      expect(rows.map(({ documentType, pieces, amountFen }) => [documentType, pieces, amountFen])).to.eql([
        ['purchasing.receipt', 4, 4 * 392_000],
      ]);
      expect((await refusal(accrue())).fields[0]?.code).to.equal('purchasing:error.rebate_same');
      const back = await draftReturn(uow, sample, [imeiOf(1)]);
      await postReturnNow(database, uow, back.id);
      expect(await accrue()).to.include({ pieces: 3, tierNo: 1, earnedFen: 33_900, changeFen: -56_500 });
      expect(await openFen(database, 'receivable')).to.equal(33_900);
      await expectBooksRight(database);

      const early = await refusal(closeRebate(uow, system, { ...(await versionOf(database, id)), again: false }));
      expect(early.code).to.equal('purchasing:error.rebate_open');
      const settle = async (amountFen: number) =>
        settleRebate(uow, system, {
          ...(await versionOf(database, id)),
          method: 'set_off',
          amountFen,
          reference: '贷项 7',
        });
      expect(await settle(30_000)).to.include({ differenceFen: -3_900 });
      expect(await openFen(database, 'receivable')).to.equal(0);
      await unsettleRebate(uow, system, await versionOf(database, id));
      expect(await openFen(database, 'receivable')).to.equal(33_900);
      await settle(33_900);
      expect(await database.read.get(rebate, id)).to.include({ settledFen: 33_900 });
      expect((await refusal(settle(1))).code).to.equal('purchasing:error.rebate_nothing_open');
      await closeRebate(uow, system, { ...(await versionOf(database, id)), again: false });
      expect((await refusal(accrue())).status).to.equal(409);
      await closeRebate(uow, system, { ...(await versionOf(database, id)), again: true });
      // The terms fall: what was settled too much is owed to the supplier.
      const terms = (await database.read.get(rebate, id))!;
      const payable = await openFen(database, 'payable');
      await changeRebate(uow, system, {
        ...terms,
        skuId: sample.phoneSkuIds[0],
        rebateId: id,
        tiers: [{ from: 0, award: 10_170 }],
      });
      expect(await accrue()).to.include({ changeFen: -3_390 });
      expect(await openFen(database, 'payable')).to.equal(payable + 3_390);
      expect(await database.read.find(rebateRun, { rebateId: id })).to.have.length(3);
      await expectBooksRight(database);
    });

    it('count sales, amounts by brand and category, targets and fixed amounts, once however often it is pressed', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      await receiveSample(uow, sample, imeisOf(3));
      await sellNow(uow, sample, [imeiOf(1), imeiOf(2)]);
      await takeBackNow(uow, sample, [imeiOf(2)]);
      const [card] = await database.read.all<{ brandId: number; categoryId: number }>(
        sql`SELECT g.brand_id, g.category_id FROM sku k JOIN product g ON g.id = k.product_id
          WHERE k.id = ${sample.phoneSkuIds[0]}`,
      );
      const earnedBy = async (more: Partial<CreateRebate>) => {
        const { id } = await make(uow, sample, more);
        const command = { ...(await versionOf(database, id)), untilOn: '2026-11-22' };
        const both = await Promise.allSettled([accrueRebate(uow, system, command), accrueRebate(uow, system, command)]);
        const done = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        expect(done).to.have.length(1);
        return done[0]?.earnedFen;
      };
      const everything = { skuId: null };
      expect(await earnedBy({ kind: 'sold', tiers: [{ from: 1, award: 5_000 }] })).to.equal(5_000);
      const share = { kind: 'amount' as const, tiers: [{ from: 0, award: 100 }] };
      expect(await earnedBy({ ...share, ...everything })).to.equal(11_760 + 565);
      expect(
        await earnedBy({ ...share, ...everything, brandId: card!.brandId, categoryId: card!.categoryId }),
      ).to.equal(11_760);
      expect(await earnedBy({ kind: 'target', tiers: [{ from: 3, award: 88_800 }] })).to.equal(88_800);
      expect(await earnedBy({ kind: 'fixed', tiers: [{ from: null, award: 12_300 }] })).to.equal(12_300);
      await expectBooksRight(database);
    });

    it('refuse terms that make no sense, each beside its field, and who must not', async () => {
      const { database, uow } = await context.openUow({ clock });
      const sample = await samplePurchasing(uow);
      const wrong = await refusal(
        make(uow, sample, {
          name: '',
          toOn: '2026-10-01',
          skuId: 999,
          taxRateBp: null,
          tiers: [
            { from: 5, award: 100 },
            { from: 5, award: null },
          ],
        }),
      );
      expect(wrong.fields.map(({ path }) => path)).to.eql([
        'name',
        'toOn',
        'sku',
        'taxRate',
        'tiers.1.from',
        'tiers.1.award',
      ]);
      const { id } = await make(uow, sample);
      const command = { ...(await versionOf(database, id)), untilOn: '2026-10-31' };
      expect((await refusal(accrueRebate(uow, system, command))).fields[0]?.code).to.equal(
        'purchasing:error.rebate_early',
      );
      const future = await refusal(accrueRebate(uow, system, { ...command, untilOn: '2026-11-23' }));
      expect(future.fields[0]?.code).to.equal('purchasing:error.future');
      const scope = [sample.otherStoreId];
      const buyer = actorWith({ 'purchasing.rebate.edit': 'all', 'purchasing.rebate.accrue': scope });
      expect((await refusal(() => make(uow, sample, {}, buyer))).status).to.equal(403);
      expect((await refusal(accrueRebate(uow, buyer, { ...command, untilOn: '2026-11-22' }))).status).to.equal(403);
    });
  });
});
