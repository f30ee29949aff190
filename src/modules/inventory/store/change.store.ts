import { DomainError, invalid, notFound, stale } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { type ChangeEvent, changeMachine, type ChangeState } from '../domain/change-state';
import { stockChange, stockChangeLine, type StockChangeLineRow, type StockChangeRow } from './change.table';

/** Throws 404 when there is none. */
export async function getChange(read: Reader, id: number): Promise<StockChangeRow> {
  const row = await read.get(stockChange, id);
  if (!row) throw notFound('inventory.change', id);
  return row;
}

/** Locks it until the end of the unit: two who change it go one after the other. Throws 404. */
export async function lockChange(unit: Unit, id: number): Promise<StockChangeRow> {
  await unit.lock(stockChange, [id]);
  return getChange(unit, id);
}

/** Throws 409 unless lines may be added and taken off. */
export function assertDraft(row: StockChangeRow): void {
  if (row.state !== 'draft') throw wrongState(row);
}

/** The state after the event. Throws 409 when another state was seen, or the event does not belong to it. */
export function changeAfter(row: StockChangeRow, event: ChangeEvent, version: number): ChangeState {
  if (!changeMachine.can(row.state, event)) throw wrongState(row);
  if (row.version !== version) throw stale();
  return changeMachine.next(row.state, event);
}

const wrongState = ({ number }: StockChangeRow): DomainError =>
  new DomainError('inventory:error.change_state', { status: 409, details: { number } });

export const changeLines = (read: Reader, changeId: number): Promise<StockChangeLineRow[]> =>
  read.rows(stockChangeLine, sql`SELECT * FROM stock_change_line WHERE change_id = ${changeId} ORDER BY line_no`);

/** Devices and pieces of the lines as they are now, written into the head with the scans that were taken. */
export async function writeTotals(unit: Unit, row: StockChangeRow, scans = { double: 0, wrong: 0 }): Promise<void> {
  const total = await unit.one<{ devices: number | null; pieces: number | null }>(
    sql`SELECT SUM(CASE WHEN device_id IS NULL THEN 0 ELSE 1 END) AS devices,
        SUM(CASE WHEN device_id IS NULL THEN quantity ELSE 0 END) AS pieces
      FROM stock_change_line WHERE change_id = ${row.id}`,
  );
  const totals = {
    devices: Number(total?.devices ?? 0),
    pieces: Number(total?.pieces ?? 0),
    doubleScans: row.doubleScans + scans.double,
    wrongScans: row.wrongScans + scans.wrong,
  };
  await unit.update(stockChange, row.id, totals, row.version);
}

/** Throws 422 when there is nothing to post, or a corrected cost is missing. */
export function assertPostable({ effect }: StockChangeRow, lines: readonly StockChangeLineRow[]): void {
  if (lines.length === 0) throw invalid('inventory:error.change_empty');
  const without = lines.filter(({ unitCostFen }) => unitCostFen === null).length;
  if (effect === 'value' && without > 0) throw invalid('inventory:error.change_cost_missing', { count: without });
}
