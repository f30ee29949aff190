import { notFound } from '../../../kernel';
import { decodeRow, type Reader, sql } from '../../../platform/database';
import { keyset, type ListPage, type ListQuery, type ListSpec, pageOf } from '../../../platform/lists';
import { type Actor, can, inScope } from '../../../platform/permissions';
import { expectedSums, type ShiftState, type TenderSums } from '../domain/shift';
import { register, type RegisterRow, shift, type ShiftRow } from '../store/register.table';
import { takenInShift } from '../store/shift-takings';

export const SHIFTS_LIST: ListSpec = {
  path: '/sales/shifts',
  id: 'h.id',
  sorts: { openedAt: { expression: 'h.opened_at', type: 'number', direction: 'descending' } },
  filters: ['state', 'register'],
};

export interface ShiftListRow {
  id: number;
  sortValue: number;
  shiftNumber: string;
  state: ShiftState;
  storeName: string;
  registerName: string;
  openedByName: string;
  openedAt: number;
  closedByName: string | null;
  closedAt: number | null;
  saleCount: number;
  grossFen: number;
  differenceFen: number | null;
}

export async function shiftsPage(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  storeId: number | null,
): Promise<ListPage<ShiftListRow>> {
  const { where, orderBy, limit } = keyset(query);
  const { state, register: till } = query.filters;
  const rows = await read.all<ShiftListRow>(
    sql`SELECT h.id, h.opened_at AS sort_value, h.shift_number, h.state, st.name AS store_name, r.name AS register_name,
        h.opened_by_name, h.opened_at, h.closed_by_name, h.closed_at, h.difference_fen,
        (SELECT COUNT(*) FROM sale s WHERE s.shift_id = h.id AND s.state = 'posted') AS sale_count,
        (SELECT COALESCE(SUM(s.gross_fen), 0) FROM sale s WHERE s.shift_id = h.id AND s.state = 'posted') AS gross_fen
      FROM shift h JOIN register r ON r.id = h.register_id JOIN store st ON st.id = h.store_id
      WHERE ${sql.all([
        inScope('h.store_id', actor.scope('sales.shift.view')),
        storeId !== null && sql`h.store_id = ${storeId}`,
        (state === 'open' || state === 'closed') && sql`h.state = ${state}`,
        till !== undefined && /^\d{1,15}$/.test(till) && sql`h.register_id = ${Number(till)}`,
        where,
      ])} ${orderBy} ${limit}`,
  );
  return pageOf(
    query,
    rows.map((row) => ({ ...row, saleCount: Number(row.saleCount), grossFen: Number(row.grossFen) })),
  );
}

export interface ShiftView {
  shift: ShiftRow;
  register: RegisterRow;
  storeName: string;
  saleCount: number;
  grossFen: number;
  /** As booked until now, or as it was when closed. */
  expected: TenderSums;
}

/** 404 outside the reader's stores. */
export async function shiftView(read: Reader, actor: Actor, id: number): Promise<ShiftView> {
  const row = await read.get(shift, id);
  const mayView = row && ['view', 'close'].some((verb) => can(actor, `sales.shift.${verb}`, row.storeId));
  if (!row || !mayView) throw notFound('sales.shift', id);
  const till = await read.get(register, row.registerId);
  if (!till) throw notFound('sales.register', row.registerId);
  const store = await read.one<{ name: string }>(sql`SELECT name FROM store WHERE id = ${row.storeId}`);
  return {
    shift: row,
    register: till,
    storeName: store?.name ?? '',
    saleCount: row.saleCount,
    grossFen: row.saleGrossFen,
    expected: row.expected ?? expectedSums(row.openingFloatFen, await takenInShift(read, id)),
  };
}

/** Shifts of earlier days that nobody closed. */
export function forgottenShifts(read: Reader, actor: Actor, today: string, storeId: number | null) {
  return read.all<{
    id: number;
    shiftNumber: string;
    registerName: string;
    storeName: string;
    openedByName: string;
    businessDate: string;
  }>(
    sql`SELECT h.id, h.shift_number, r.name AS register_name, st.name AS store_name, h.opened_by_name, h.business_date
      FROM shift h JOIN register r ON r.id = h.register_id JOIN store st ON st.id = h.store_id
      WHERE h.state = 'open' AND h.business_date < ${today} AND ${inScope('h.store_id', actor.scope('sales.shift.view'))}
        ${storeId === null ? sql.empty : sql`AND h.store_id = ${storeId}`}
      ORDER BY h.business_date, h.id ${sql.limit(50)}`,
  );
}

export interface RegisterListRow extends RegisterRow {
  storeName: string;
  openShiftId: number | null;
}

export async function registersPage(read: Reader, actor: Actor, storeId: number | null): Promise<RegisterListRow[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT r.*, st.name AS store_name, h.id AS open_shift_id FROM register r JOIN store st ON st.id = r.store_id
        LEFT JOIN shift h ON h.open_register_id = r.id
      WHERE ${inScope('r.store_id', actor.scope('sales.register.edit'))}
        ${storeId === null ? sql.empty : sql`AND r.store_id = ${storeId}`}
      ORDER BY st.code, r.code ${sql.limit(500)}`,
  );
  return rows.map((raw) => ({
    ...decodeRow(register, raw),
    storeName: String(raw['storeName']),
    openShiftId: raw['openShiftId'] === null ? null : Number(raw['openShiftId']),
  }));
}

export async function registerView(read: Reader, actor: Actor, id: number, permission: string): Promise<RegisterRow> {
  const row = await read.get(register, id);
  if (!row || !can(actor, permission, row.storeId)) throw notFound('sales.register', id);
  return row;
}
