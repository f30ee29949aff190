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

/** Where it is, with the till's shift locked. Throws as tillPlace and lockShift do. */
export async function tillContext(unit: Unit, at: TillOrStore): Promise<TillContext> {
  const till = await tillPlace(unit, at);
  await lockShift(unit, till);
  return till;
}

type TillOrStore = { registerId: number } | { registerId: null; storeId: number };

type Till = TillContext & { name: string };

/** Where each till was last found, by its id. Work that relied on it is done again when the till is found elsewhere. */
const LAST_FOUND = Symbol('tills as they were last found');

/**
 * Asks where the till is, and does the work that needs nothing but that. On MySQL and MariaDB both travel in one packet: the
 * work is begun at the place where the till was last, and done again if its store or its shift is another by now. It must
 * not write. `allowed` throws for people who may not work there; they are told nothing else.
 */
export async function atTill<T>(
  unit: Unit,
  at: TillOrStore,
  allowed: (till: Till) => void,
  work: (till: Till) => Promise<T>,
): Promise<[Till, T]> {
  const tills = lastFound(unit);
  const last = at.registerId === null || unit.dialect !== 'mysql' ? undefined : tills.get(at.registerId);
  const [till, early] = last
    ? await unit.together([() => tillPlace(unit, at), () => settled(work(last))])
    : [await tillPlace(unit, at), null];
  allowed(till);
  if (early && last && isSamePlace(till, last)) return [till, early()];
  if (till.registerId !== null) tills.set(till.registerId, till);
  return [till, await work(till)];
}

function lastFound(unit: Unit): Map<number, Till> {
  const known = unit.memory.get(LAST_FOUND) as Map<number, Till> | undefined;
  if (known) return known;
  const tills = new Map<number, Till>();
  unit.memory.set(LAST_FOUND, tills);
  return tills;
}

/** What it came to, to be looked at later: its value, or its error thrown. */
const settled = <T>(work: Promise<T>): Promise<() => T> =>
  work.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );

const isSamePlace = (a: Till, b: Till): boolean =>
  a.store.id === b.store.id && a.location.id === b.location.id && a.shift?.id === b.shift?.id;

/** One statement, as every sale asks for it. Throws sales:error.no_shift, sales:error.register_inactive. */
export async function tillPlace(unit: Unit, at: TillOrStore): Promise<Till> {
  if (at.registerId === null) {
    const place = await unit.one<Place>(
      sql`SELECT st.id AS store_id, st.code AS store_code, l.id AS location_id
        FROM store st JOIN location l ON l.store_id = st.id AND l.is_default = ${1} WHERE st.id = ${at.storeId}`,
    );
    if (!place) throw notFound('organization.store', at.storeId);
    return { ...placeOf(place), name: '', registerId: null, shift: null };
  }
  const found = await unit.one<Place & { name: string; active: number; shiftId: number | null }>(
    sql`SELECT r.name, r.active, st.id AS store_id, st.code AS store_code, l.id AS location_id, h.id AS shift_id
      FROM register r JOIN store st ON st.id = r.store_id JOIN location l ON l.store_id = st.id AND l.is_default = ${1}
        LEFT JOIN shift h ON h.open_register_id = r.id WHERE r.id = ${at.registerId}`,
  );
  if (!found) throw notFound('sales.register', at.registerId);
  if (!found.active) throw new DomainError('sales:error.register_inactive', { details: { name: found.name } });
  if (found.shiftId === null) throw noShift(found.name);
  return { ...placeOf(found), name: found.name, registerId: at.registerId, shift: { id: found.shiftId } };
}

const placeOf = ({ storeId, storeCode, locationId }: Place) => ({
  store: { id: storeId, code: storeCode },
  location: { id: locationId },
});

const noShift = (name: string): DomainError => new DomainError('sales:error.no_shift', { details: { name } });

/**
 * Locks the till's shift, so that it cannot be closed while a sale is posted into it. SQLite has one writer: nobody can have
 * closed it meanwhile. Throws sales:error.no_shift.
 */
export async function lockShift(unit: Unit, { name, shift: open }: Till): Promise<void> {
  if (open === null || unit.dialect === 'sqlite') return;
  const [row] = await unit.lockRows(shift, [open.id]);
  if (row?.state !== 'open') throw noShift(name);
}
