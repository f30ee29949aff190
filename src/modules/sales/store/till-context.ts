import { DomainError, notFound } from '../../../kernel';
import { decodeRow, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { defaultLocation, getStore, type LocationRow, type StoreRow } from '../../organization';
import { register, shift, type ShiftRow } from './register.table';

/** Where a sale is made: the store, and the till with its open shift unless it is made without one. */
export interface TillContext {
  store: StoreRow;
  location: LocationRow;
  registerId: number | null;
  shift: ShiftRow | null;
}

export async function openShiftOf(read: Reader, registerId: number): Promise<ShiftRow | undefined> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM shift WHERE open_register_id = ${registerId} ORDER BY id`,
  );
  return rows[0] && decodeRow(shift, rows[0]);
}

/**
 * Locks the till's open shift, so that it cannot be closed while a sale is posted into it. Throws sales:error.no_shift,
 * sales:error.register_inactive.
 */
export async function tillContext(
  unit: Unit,
  at: { registerId: number } | { registerId: null; storeId: number },
): Promise<TillContext> {
  if (at.registerId === null) return { ...(await storeContext(unit, at.storeId)), registerId: null, shift: null };
  const found = await unit.get(register, at.registerId);
  if (!found) throw notFound('sales.register', at.registerId);
  if (!found.active) throw new DomainError('sales:error.register_inactive', { details: { name: found.name } });
  const open = await openShiftOf(unit, found.id);
  if (open) await unit.lock(shift, [open.id]);
  const still = open && (await unit.get(shift, open.id));
  if (!still || still.state !== 'open')
    throw new DomainError('sales:error.no_shift', { details: { name: found.name } });
  return { ...(await storeContext(unit, found.storeId)), registerId: found.id, shift: still };
}

async function storeContext(read: Reader, storeId: number): Promise<{ store: StoreRow; location: LocationRow }> {
  return { store: await getStore(read, storeId), location: await defaultLocation(read, storeId) };
}
