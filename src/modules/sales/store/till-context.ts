import { DomainError, notFound } from '../../../kernel';
import { decodeRow, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { shift, type ShiftRow } from './register.table';

/** Where a sale is made: the store, and the till with its open shift unless it is made without one. */
export interface TillContext {
  store: { id: number; code: string };
  /** The store's default location. */
  location: { id: number };
  registerId: number | null;
  shift: { id: number } | null;
}

export async function openShiftOf(read: Reader, registerId: number): Promise<ShiftRow | undefined> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM shift WHERE open_register_id = ${registerId} ORDER BY id`,
  );
  return rows[0] && decodeRow(shift, rows[0]);
}

interface Place {
  storeId: number;
  storeCode: string;
  locationId: number;
}

/**
 * One statement, as every sale asks for it; then locks the till's open shift, so that it cannot be closed while a sale is
 * posted into it. Throws sales:error.no_shift, sales:error.register_inactive.
 */
export async function tillContext(
  unit: Unit,
  at: { registerId: number } | { registerId: null; storeId: number },
): Promise<TillContext> {
  if (at.registerId === null) {
    const place = await unit.one<Place>(
      sql`SELECT st.id AS store_id, st.code AS store_code, l.id AS location_id
        FROM store st JOIN location l ON l.store_id = st.id AND l.is_default = ${1} WHERE st.id = ${at.storeId}`,
    );
    if (!place) throw notFound('organization.store', at.storeId);
    return { ...placeOf(place), registerId: null, shift: null };
  }
  const found = await unit.one<Place & { name: string; active: number; shiftId: number | null }>(
    sql`SELECT r.name, r.active, st.id AS store_id, st.code AS store_code, l.id AS location_id, h.id AS shift_id
      FROM register r JOIN store st ON st.id = r.store_id JOIN location l ON l.store_id = st.id AND l.is_default = ${1}
        LEFT JOIN shift h ON h.open_register_id = r.id WHERE r.id = ${at.registerId}`,
  );
  if (!found) throw notFound('sales.register', at.registerId);
  if (!found.active) throw new DomainError('sales:error.register_inactive', { details: { name: found.name } });
  if (found.shiftId === null || !(await lockOpen(unit, found.shiftId)))
    throw new DomainError('sales:error.no_shift', { details: { name: found.name } });
  return { ...placeOf(found), registerId: at.registerId, shift: { id: found.shiftId } };
}

const placeOf = ({ storeId, storeCode, locationId }: Place) => ({
  store: { id: storeId, code: storeCode },
  location: { id: locationId },
});

/** Whether the shift is still open once it is ours; SQLite has one writer, so nobody can have closed it meanwhile. */
async function lockOpen(unit: Unit, shiftId: number): Promise<boolean> {
  if (unit.dialect === 'sqlite') return true;
  await unit.lock(shift, [shiftId]);
  return (await unit.get(shift, shiftId))?.state === 'open';
}
