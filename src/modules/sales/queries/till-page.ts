import { decodeRow, type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import { heldSale } from '../store/held-sale.table';
import type { ShiftRow } from '../store/register.table';
import { type ShiftTotal, shiftTotal, totalOf } from '../store/shift-takings';
import { openShiftOf } from '../store/till-context';

export { type ShiftTotal } from '../store/shift-takings';

export interface RegisterChoice {
  id: number;
  code: string;
  name: string;
  storeId: number;
  storeName: string;
  shiftId: number | null;
  openedById: number | null;
  openedByName: string | null;
  openedAt: number | null;
}

/** The tills where the actor may sell, with who has them open; of one store when given. */
export async function registersFor(read: Reader, actor: Actor, storeId: number | null): Promise<RegisterChoice[]> {
  return read.all<RegisterChoice>(
    sql`SELECT r.id, r.code, r.name, r.store_id, st.name AS store_name, h.id AS shift_id, h.opened_by_id, h.opened_by_name, h.opened_at
      FROM register r JOIN store st ON st.id = r.store_id LEFT JOIN shift h ON h.open_register_id = r.id
      WHERE r.active = ${1} AND ${inScope('r.store_id', actor.scope('sales.sale.create'))}
        ${storeId === null ? sql.empty : sql`AND r.store_id = ${storeId}`}
      ORDER BY st.code, r.code`,
  );
}

export interface HeldCard {
  id: number;
  label: string | null;
  quantity: number;
  amountFen: number;
  heldByName: string;
  heldAt: number;
}

export function heldSalesOf(read: Reader, storeId: number): Promise<HeldCard[]> {
  return read.all<HeldCard>(
    sql`SELECT id, label, quantity, amount_fen, held_by_name, held_at FROM held_sale
      WHERE store_id = ${storeId} AND kind = 'held' ORDER BY held_at DESC, id DESC ${sql.limit(50)}`,
  );
}

export interface TillState {
  shift: ShiftRow | null;
  held: HeldCard[];
  /** What was being typed at this till when it was last seen. */
  draft: Record<string, unknown> | null;
  total: ShiftTotal;
}

export async function tillState(read: Reader, registerId: number, storeId: number): Promise<TillState> {
  const shift = (await openShiftOf(read, registerId)) ?? null;
  const raw = await read.one<Record<string, unknown>>(
    sql`SELECT * FROM held_sale WHERE register_id = ${registerId} AND kind = 'current' ORDER BY id DESC ${sql.limit(1)}`,
  );
  return {
    shift,
    held: await heldSalesOf(read, storeId),
    draft: raw ? decodeRow(heldSale, raw).draft : null,
    total: shift ? await shiftTotal(read, shift.id) : { count: 0, grossFen: 0 },
  };
}

/** Of the shift that is open at a till now. */
export async function shiftTotalOf(read: Reader, registerId: number): Promise<ShiftTotal> {
  return totalOf(read, sql`(SELECT h.id FROM shift h WHERE h.open_register_id = ${registerId})`);
}
