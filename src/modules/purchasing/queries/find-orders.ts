import { normaliseCode } from '../../../kernel';
import { approvalRefusal } from '../../../platform/approval';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import type { OrderState } from '../domain/order-state';
import { purchaseOrder, purchaseOrderApproval } from '../store/order.table';
import { approverOf } from './order-approval';
import { APPROVE_ORDERS } from './approval-levels';
import { ordersSeen } from './order-list';

export interface FoundOrder {
  id: number;
  number: string;
  state: OrderState;
  supplierName: string;
  storeName: string;
  orderedOn: string;
}

/** Orders by their number or its end, in the reader's stores. */
export async function findOrders(read: Reader, actor: Actor, text: string): Promise<FoundOrder[]> {
  const code = normaliseCode(text).replace(/\s/g, '');
  if (!/^CG[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code)) return [];
  return read.all<FoundOrder>(
    sql`SELECT o.id, o.number, o.state, s.name AS supplier_name, st.name AS store_name, o.ordered_on
      FROM purchase_order o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${sql.contains('o.number', code)} AND ${ordersSeen(actor)} ORDER BY o.id DESC ${sql.limit(8)}`,
  );
}

const MOST_LOOKED_AT = 50;

/** How many of the orders that wait this person may approve, looking at the oldest ones. */
export async function waitingForApproval(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  now: number,
): Promise<{ orders: number; since: string | null }> {
  const rows = await read.rows(
    purchaseOrder,
    sql`SELECT o.* FROM purchase_order o WHERE o.state = 'submitted' AND ${ordersSeen(actor)} ORDER BY o.id
      ${sql.limit(MOST_LOOKED_AT)}`,
  );
  if (rows.length === 0) return { orders: 0, since: null };
  const ids = sql.list(rows.map(({ id }) => id));
  const receiving = await read.all<{ orderId: number; storeId: number }>(
    sql`SELECT DISTINCT order_id, store_id FROM purchase_order_line WHERE order_id IN (${ids})`,
  );
  const levels = await read.rows(
    purchaseOrderApproval,
    sql`SELECT * FROM purchase_order_approval WHERE order_id IN (${ids}) AND decided_at IS NULL ORDER BY place, id`,
  );
  const approvers = new Map<string, ReturnType<typeof approverOf>>();
  const waiting: string[] = [];
  for (const row of rows) {
    const theirs = receiving.filter(({ orderId }) => orderId === row.id).map((one) => one.storeId);
    const storeIds = [...new Set([row.storeId, ...theirs])].sort((a, b) => a - b);
    if (storeId !== null && !storeIds.includes(storeId)) continue;
    if (storeIds.some((id) => !can(actor, APPROVE_ORDERS, id))) continue;
    const approver = approvers.get(storeIds.join()) ?? approverOf(read, actor, storeIds, now);
    approvers.set(storeIds.join(), approver);
    const [next, ...later] = levels.filter((one) => one.orderId === row.id && one.submission === row.submission);
    if (next && approvalRefusal(await approver, row.submittedBy, next, later) === null) waiting.push(row.orderedOn);
  }
  return { orders: waiting.length, since: waiting[0] ?? null };
}
