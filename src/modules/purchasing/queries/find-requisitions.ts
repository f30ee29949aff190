import { normaliseCode } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import type { RequisitionState } from '../domain/requisition-state';
import { VIEW_REQUISITIONS } from './requisition-list';

export interface FoundRequisition {
  id: number;
  number: string;
  state: RequisitionState;
  storeName: string;
  requestedOn: string;
}

/** Requisitions by their number or its end, in the reader's stores. */
export async function findRequisitions(read: Reader, actor: Actor, text: string): Promise<FoundRequisition[]> {
  const code = normaliseCode(text).replace(/\s/g, '');
  if (!/^QG[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code)) return [];
  return read.all<FoundRequisition>(
    sql`SELECT q.id, q.number, q.state, st.name AS store_name, q.requested_on
      FROM requisition q JOIN store st ON st.id = q.store_id
      WHERE ${sql.contains('q.number', code)} AND ${inScope('q.store_id', actor.scope(VIEW_REQUISITIONS))}
      ORDER BY q.id DESC ${sql.limit(8)}`,
  );
}

/** How many wait for the approval of this person, and the day of the oldest. */
export async function requisitionsToApprove(
  read: Reader,
  actor: Actor,
  storeId: number | null,
): Promise<{ count: number; since: string | null }> {
  const scope = inScope('q.store_id', actor.scope('purchasing.requisition.approve'));
  const row = await read.one<{ waiting: number; since: string | null }>(
    sql`SELECT COUNT(*) AS waiting, MIN(q.requested_on) AS since FROM requisition q
      WHERE ${sql.all([sql`q.state = 'submitted'`, scope, storeId !== null && sql`q.store_id = ${storeId}`])}`,
  );
  return { count: Number(row?.waiting ?? 0), since: row?.since ?? null };
}
