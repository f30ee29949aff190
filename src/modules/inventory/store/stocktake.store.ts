import { DomainError, notFound, stale } from '../../../kernel';
import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import type { StocktakeScope } from '../domain/stocktake-scope';
import { type StocktakeState, stocktakeMachine } from '../domain/stocktake-state';
import { stocktake, stocktakeDevice, type StocktakeDeviceRow, type StocktakeRow } from './stocktake.table';

/** Throws 404 when there is no such stocktake. */
export async function getStocktake(read: Reader, id: number): Promise<StocktakeRow> {
  const found = await read.get(stocktake, id);
  if (!found) throw notFound('inventory.stocktake', id);
  return found;
}

/** Locks it until the end of the unit and reads it afterwards. */
export async function lockStocktake(unit: Unit, id: number): Promise<StocktakeRow> {
  await unit.lock(stocktake, [id]);
  return getStocktake(unit, id);
}

/** Throws 409 unless somebody may scan now. */
export function assertCounting({ state, number }: StocktakeRow): void {
  if (state !== 'counting')
    throw new DomainError('inventory:error.stocktake_not_counting', { status: 409, details: { number } });
}

/** The state after the event. Throws 409 when another state was seen, or the event does not belong to it. */
export function stateAfter(
  row: StocktakeRow,
  event: Parameters<typeof stocktakeMachine.next>[1],
  version: number,
): StocktakeState {
  if (!stocktakeMachine.can(row.state, event))
    throw new DomainError('inventory:error.stocktake_state', { status: 409, details: { number: row.number } });
  if (row.version !== version) throw stale();
  return stocktakeMachine.next(row.state, event);
}

export async function devicesOfStocktake(
  read: Reader,
  stocktakeId: number,
  deviceIds: readonly number[],
): Promise<Map<number, StocktakeDeviceRow>> {
  const found = new Map<number, StocktakeDeviceRow>();
  for (const chunk of chunked([...new Set(deviceIds)]))
    for (const row of await read.rows(
      stocktakeDevice,
      sql`SELECT * FROM stocktake_device WHERE stocktake_id = ${stocktakeId} AND device_id IN (${sql.list(chunk)})`,
    ))
      found.set(row.deviceId, row);
  return found;
}

/** A condition on the SKU of `column`, with all categories and brands resolved. */
export function scopeCondition(column: string, { categoryIds, brandIds, skuIds }: StocktakeScope): Sql {
  const products = sql.all([
    categoryIds.length > 0 && sql`p.category_id IN (${sql.list(categoryIds)})`,
    brandIds.length > 0 && sql`p.brand_id IN (${sql.list(brandIds)})`,
  ]);
  return sql.all([
    skuIds.length > 0 && sql`${sql.identifier(column)} IN (${sql.list(skuIds)})`,
    (categoryIds.length > 0 || brandIds.length > 0) &&
      sql`${sql.identifier(column)} IN (SELECT k.id FROM sku k JOIN product p ON p.id = k.product_id WHERE ${products})`,
  ]);
}
