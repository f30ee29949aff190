import { decodeRow, type Reader, sql } from '../../../platform/database';
import type { KeyRing } from '../../../platform/crypto';
import { type Actor, inScope } from '../../../platform/permissions';
import { customersByIds, openName } from '../../crm';
import { customerOf } from '../domain/held-draft';
import type { SalesChannel } from '../../organization';
import { heldSale } from '../store/held-sale.table';
import type { ShiftRow } from '../store/register.table';
import type { ShiftTotal } from '../domain/sale';
import { openShiftOf } from '../store/till-context';

export { type ShiftTotal } from '../domain/sale';

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
  /** Channels that may be sold by here; null: all. */
  channelIds: number[] | null;
}

/** The tills where the actor may sell, with who has them open; of one store when given. */
export async function registersFor(read: Reader, actor: Actor, storeId: number | null): Promise<RegisterChoice[]> {
  const rows = await read.all<Omit<RegisterChoice, 'channelIds'> & { channelIds: unknown }>(
    sql`SELECT r.id, r.code, r.name, r.store_id, r.channel_ids, st.name AS store_name, h.id AS shift_id, h.opened_by_id, h.opened_by_name, h.opened_at
      FROM register r JOIN store st ON st.id = r.store_id LEFT JOIN shift h ON h.open_register_id = r.id
      WHERE r.active = ${1} AND ${inScope('r.store_id', actor.scope('sales.sale.create'))}
        ${storeId === null ? sql.empty : sql`AND r.store_id = ${storeId}`}
      ORDER BY st.code, r.code`,
  );
  return rows.map(({ channelIds, ...row }) => ({ ...row, channelIds: idsOf(channelIds) }));
}

/** JSON comes as text from some databases and read from others. */
function idsOf(stored: unknown): number[] | null {
  const read: unknown = typeof stored === 'string' ? JSON.parse(stored) : stored;
  return Array.isArray(read) ? read.map(Number) : null;
}

/** The channels that are on and may be sold by at a till. */
export const channelsAt = (channels: readonly SalesChannel[], allowed: readonly number[] | null): SalesChannel[] =>
  channels.filter(({ id, active }) => active && (allowed === null || allowed.includes(id)));

export interface HeldCard {
  id: number;
  label: string | null;
  quantity: number;
  amountFen: number;
  heldByName: string;
  heldAt: number;
}

export async function heldSalesOf(read: Reader, keys: KeyRing, storeId: number): Promise<HeldCard[]> {
  const rows = await read.all<
    HeldCard & { name: string | null; nameCipher: string | null; phoneMasked: string | null }
  >(
    sql`SELECT h.id, h.label, h.quantity, h.amount_fen, h.held_by_name, h.held_at, c.name, c.name_cipher, c.phone_masked
      FROM held_sale h LEFT JOIN customer c ON c.id = h.customer_id
      WHERE h.store_id = ${storeId} AND h.kind = 'held' ORDER BY h.held_at DESC, h.id DESC ${sql.limit(50)}`,
  );
  return rows.map((row) => {
    const { name, phoneMasked, ...held } = openName(keys, row);
    return { ...held, label: name ?? phoneMasked ?? held.label };
  });
}

/** A kept draft as the till works with it: its customer with the name. */
export async function openDraft(
  read: Reader,
  keys: KeyRing,
  draft: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const customerId = customerOf(draft);
  if (customerId === null) return draft;
  return { ...draft, customer: (await customersByIds(read, keys, [customerId])).get(customerId) ?? null };
}

export interface TillState {
  shift: ShiftRow | null;
  held: HeldCard[];
  /** What was being typed at this till when it was last seen. */
  draft: Record<string, unknown> | null;
  total: ShiftTotal;
}

export async function tillState(read: Reader, keys: KeyRing, registerId: number, storeId: number): Promise<TillState> {
  const shift = (await openShiftOf(read, registerId)) ?? null;
  const raw = await read.one<Record<string, unknown>>(
    sql`SELECT * FROM held_sale WHERE register_id = ${registerId} AND kind = 'current' ORDER BY id DESC ${sql.limit(1)}`,
  );
  return {
    shift,
    held: await heldSalesOf(read, keys, storeId),
    draft: raw ? await openDraft(read, keys, decodeRow(heldSale, raw).draft) : null,
    total: totalOf(shift),
  };
}

/** Of the shift that is open at a till now. */
export const shiftTotalOf = async (read: Reader, registerId: number): Promise<ShiftTotal> =>
  totalOf((await openShiftOf(read, registerId)) ?? null);

const totalOf = (shift: ShiftRow | null): ShiftTotal => ({
  count: shift?.saleCount ?? 0,
  grossFen: shift?.saleGrossFen ?? 0,
});
