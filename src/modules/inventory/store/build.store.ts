import { DomainError, notFound, stale } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { type BuildEvent, buildMachine, type BuildState } from '../domain/build';
import {
  stockBuild,
  stockBuildDevice,
  type StockBuildDeviceRow,
  stockBuildLine,
  type StockBuildLineRow,
  type StockBuildRow,
} from './build.table';

/** Locks it until the end of the unit. Throws 404, and 409 when it was changed since it was shown. */
export async function lockBuild(unit: Unit, id: number, version: number): Promise<StockBuildRow> {
  const [row] = await unit.lockRows(stockBuild, [id]);
  if (!row) throw notFound('inventory.build', id);
  if (row.version !== version) throw stale();
  return row;
}

/** The state after the event; 409 when it does not belong to the present one. */
export function buildAfter(row: StockBuildRow, event: BuildEvent): BuildState {
  if (!buildMachine.can(row.state, event)) throw buildOver(row);
  return buildMachine.next(row.state, event);
}

export const buildOver = ({ number }: StockBuildRow): DomainError =>
  new DomainError('inventory:error.build_state', { status: 409, details: { number } });

export const buildLines = (read: Reader, buildId: number): Promise<StockBuildLineRow[]> =>
  read.rows(stockBuildLine, sql`SELECT * FROM stock_build_line WHERE build_id = ${buildId} ORDER BY line_no`);

export const buildDevices = (read: Reader, buildId: number): Promise<StockBuildDeviceRow[]> =>
  read.rows(stockBuildDevice, sql`SELECT * FROM stock_build_device WHERE build_id = ${buildId} ORDER BY line_id, seq`);

export const auditBuild = (
  unit: Unit,
  { id, storeId, number }: Pick<StockBuildRow, 'id' | 'storeId' | 'number'>,
  what: 'create' | 'change' | 'post' | 'cancel' | 'reverse',
  detail: Record<string, unknown> = {},
): Promise<void> =>
  unit.audit({
    action: `inventory.build.${what}`,
    subjectType: 'inventory.build',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
