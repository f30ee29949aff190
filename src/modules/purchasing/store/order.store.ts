import { DomainError, fen, multiply, notFound, splitTax, sum } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import {
  type OrderApprovalRow,
  type OrderLineRow,
  type OrderRow,
  purchaseOrder,
  purchaseOrderApproval,
  purchaseOrderLine,
} from './order.table';
import { followOrder } from './requisition.store';

/** Throws 404 when there is no such order. */
export async function getOrder(read: Reader, id: number): Promise<OrderRow> {
  const found = await read.get(purchaseOrder, id);
  if (!found) throw notFound('purchasing.order', id);
  return found;
}

/** Locks the order until the end of the unit and reads it afterwards. */
export async function lockOrder(unit: Unit, id: number): Promise<OrderRow> {
  await unit.lock(purchaseOrder, [id]);
  return getOrder(unit, id);
}

/** Throws 409 when it was submitted or ended by now. */
export function assertOrderDraft(row: OrderRow): void {
  if (row.state === 'draft') return;
  throw new DomainError('purchasing:error.order_not_a_draft', { status: 409, details: { number: row.number } });
}

export const orderLinesOf = (read: Reader, orderId: number): Promise<OrderLineRow[]> =>
  read.rows(purchaseOrderLine, sql`SELECT * FROM purchase_order_line WHERE order_id = ${orderId} ORDER BY line_no`);

export async function orderLinesByIds(read: Reader, ids: readonly number[]): Promise<Map<number, OrderLineRow>> {
  const found = new Map<number, OrderLineRow>();
  for (const chunk of chunked([...new Set(ids)]))
    for (const line of await read.rows(
      purchaseOrderLine,
      sql`SELECT * FROM purchase_order_line WHERE id IN (${sql.list(chunk)})`,
    ))
      found.set(line.id, line);
  return found;
}

/** Of the running submission, the lowest first. */
export const approvalsOf = (read: Reader, { id, submission }: Pick<OrderRow, 'id' | 'submission'>) =>
  read.rows(
    purchaseOrderApproval,
    sql`SELECT * FROM purchase_order_approval WHERE order_id = ${id} AND submission = ${submission} ORDER BY place`,
  ) satisfies Promise<OrderApprovalRow[]>;

/** Every store an order is about: who acts on it needs the right in all of them. */
export const storesOfOrder = (row: Pick<OrderRow, 'storeId'>, lines: readonly Pick<OrderLineRow, 'storeId'>[]) => [
  ...new Set([row.storeId, ...lines.map(({ storeId }) => storeId)]),
];

/** Tax-inclusive amount of what was ordered and the tax in it; nothing while there is no price. */
export function orderedAmounts(line: Pick<OrderLineRow, 'quantity' | 'unitPriceFen' | 'taxRateBp'>) {
  const { grossFen, taxFen } = splitTax(multiply(fen(line.unitPriceFen ?? 0), line.quantity), line.taxRateBp);
  return { amountFen: grossFen, taxFen };
}

/**
 * Writes the sums of the lines and raises the version; requisitions that the order serves follow. Call once, after everything
 * else of a change.
 */
export async function writeOrderTotals(
  unit: Unit,
  row: OrderRow,
  lines: readonly OrderLineRow[],
  changes: Partial<OrderRow> = {},
): Promise<void> {
  const totals = {
    lineCount: lines.length,
    quantity: lines.reduce((pieces, line) => pieces + line.quantity, 0),
    received: lines.reduce((pieces, line) => pieces + line.received, 0),
    grossFen: sum(lines.map((line) => fen(line.amountFen))),
    taxFen: sum(lines.map((line) => fen(line.taxFen))),
  };
  await unit.update(purchaseOrder, row.id, { ...totals, ...changes }, row.version);
  await followOrder(unit, { state: changes.state ?? row.state }, lines);
}
