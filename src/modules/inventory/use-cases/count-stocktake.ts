import { type Bucket, freezeStock, thawStock } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { isEverything } from '../domain/stocktake-scope';
import { lockStocktake, scopeCondition, stateAfter } from '../store/stocktake.store';
import { stocktake, stocktakeDevice, stocktakeGoods, type StocktakeRow } from '../store/stocktake.table';

export interface StocktakeStep {
  id: number;
  /** As the page showed it. */
  version: number;
}

type Step = 'start' | 'finish' | 'recount' | 'cancel';

/** Keeps what the books expect at this moment, then people may scan. */
export const startStocktake = (uow: UnitOfWork, actor: Actor, command: StocktakeStep, options?: RunOptions) =>
  step(uow, actor, command, 'start', options, keepExpected);

/** Ends the counting; the differences can be looked at. */
export const finishCounting = (uow: UnitOfWork, actor: Actor, command: StocktakeStep, options?: RunOptions) =>
  step(uow, actor, command, 'finish', options, (unit) => Promise.resolve({ countedAt: unit.now }));

/** Back to counting; everything counted so far stays. */
export const recount = (uow: UnitOfWork, actor: Actor, command: StocktakeStep, options?: RunOptions) =>
  step(uow, actor, command, 'recount', options, () => Promise.resolve({ countedAt: null }));

/** Gives it up; the books never knew of it. */
export const cancelStocktake = (uow: UnitOfWork, actor: Actor, command: StocktakeStep, options?: RunOptions) =>
  step(uow, actor, command, 'cancel', options, async (unit) => {
    await thawStock(unit, { type: 'inventory.stocktake', id: command.id });
    return { endedAt: unit.now };
  });

function step(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: StocktakeStep,
  event: Step,
  options: RunOptions | undefined,
  change: (unit: Unit, row: StocktakeRow) => Promise<Partial<StocktakeRow>>,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockStocktake(unit, id);
      authorise(actor, 'inventory.stocktake.plan', row.storeId);
      const state = stateAfter(row, event, version);
      await unit.update(stocktake, id, { state, ...(await change(unit, row)) }, version);
      await unit.audit({
        action: `inventory.stocktake.${event}`,
        subjectType: 'inventory.stocktake',
        subjectId: id,
        storeId: row.storeId,
        detail: { number: row.number },
      });
      return { number: row.number };
    },
    options,
  );
}

async function keepExpected(unit: Unit, row: StocktakeRow): Promise<Partial<StocktakeRow>> {
  const { id, locationId, scope } = row;
  if (row.frozen) await freeze(unit, row);
  const devices = await unit.all<{ id: number; skuId: number; lastSeq: number }>(
    sql`SELECT d.id, d.sku_id, d.last_seq FROM device d
      WHERE d.location_id = ${locationId} AND d.state = 'in_stock' AND ${scopeCondition('d.sku_id', scope)} ORDER BY d.id`,
  );
  const goods = await unit.all<{ skuId: number; batchKey: number; bucket: Bucket; quantity: number }>(
    sql`SELECT b.sku_id, b.batch_key, b.bucket, b.quantity FROM stock_balance b
      WHERE b.by_device = 0 AND b.location_id = ${locationId} AND b.quantity > 0 AND b.bucket <> 'in_transit'
        AND ${scopeCondition('b.sku_id', scope)} ORDER BY b.id`,
  );
  unit.needIds(stocktakeDevice, devices.length);
  unit.needIds(stocktakeGoods, goods.length);
  for (const chunk of chunked(devices)) {
    const firstId = unit.takeIds(stocktakeDevice, chunk.length);
    await unit.insert(
      stocktakeDevice,
      chunk.map((device, index) => ({
        id: firstId + index,
        stocktakeId: id,
        deviceId: device.id,
        skuId: device.skuId,
        expected: true,
        seqSeen: device.lastSeq,
        arrived: false,
        kept: false,
      })),
    );
  }
  for (const chunk of chunked(goods)) {
    const firstId = unit.takeIds(stocktakeGoods, chunk.length);
    await unit.insert(
      stocktakeGoods,
      chunk.map(({ skuId, batchKey, bucket, quantity }, index) => ({
        id: firstId + index,
        stocktakeId: id,
        skuId,
        batchKey,
        bucket,
        expected: Number(quantity),
        movedPieces: 0,
        kept: false,
        version: 1,
      })),
    );
  }
  return {
    startedAt: unit.now,
    expectedDevices: devices.length,
    expectedPieces: goods.reduce((sum, { quantity }) => sum + Number(quantity), 0),
  };
}

/** Products of the scope that have no stock here are frozen as well: a receipt would bring what nobody counts. */
async function freeze(unit: Unit, { id, number, locationId, scope }: StocktakeRow): Promise<void> {
  const skus = isEverything(scope)
    ? null
    : await unit.all<{ id: number }>(sql`SELECT s.id FROM sku s WHERE ${scopeCondition('s.id', scope)} ORDER BY s.id`);
  const document = { type: 'inventory.stocktake', id, number };
  await freezeStock(unit, { document, locationId, skuIds: skus?.map((sku) => sku.id) ?? null });
}
