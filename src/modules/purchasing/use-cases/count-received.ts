import { type FieldProblem, invalid } from '../../../kernel';
import { chunked, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { mostReceived, OPEN_ORDER_STATES, type OrderState, stateOfLines } from '../domain/order-state';
import { receivingRule } from '../queries/receiving-rules';
import { getOrder, orderLinesByIds, orderLinesOf, writeOrderTotals } from '../store/order.store';
import { type OrderLineRow, purchaseOrder } from '../store/order.table';
import type { ReceiptLineRow, ReceiptRow } from '../store/receipt.table';
import { supplier } from '../store/supplier.table';
import { auditOrder } from './save-order';

/**
 * Raises what was received of the order lines that a receipt takes, before it is posted. Its orders are locked until the
 * end of the unit: of two receipts against one line the second sees what the first received. Throws 422 with every line that
 * is more than its order and the tolerance, or whose order takes nothing any more.
 */
export async function countReceived(unit: Unit, row: ReceiptRow, lines: readonly ReceiptLineRow[]): Promise<void> {
  const against = lines.filter(({ orderLineId }) => orderLineId !== null);
  if (against.length === 0) return;
  const { ordered, states } = await lockOrdered(unit, against);
  const party = await unit.get(supplier, row.supplierId);
  const { overBp } = await receivingRule(unit, party?.category ?? null);
  const fields: FieldProblem[] = [];
  for (const line of against) {
    const from = ordered.get(line.orderLineId ?? 0);
    const state = states.get(from?.orderId ?? 0);
    const at = (code: string, details: Record<string, unknown> = {}): void =>
      void fields.push({ path: `line.${line.lineNo}.quantity`, code, details: { line: line.lineNo, ...details } });
    if (!from || from.skuId !== line.skuId || from.storeId !== row.storeId || state?.supplierId !== row.supplierId)
      at('purchasing:error.order_other');
    else if (!TAKING.includes(state.state)) at('purchasing:error.order_ended', { number: state.number });
    else if (from.received + line.received > mostReceived(from, overBp)) {
      const most = mostReceived(from, overBp) - from.received;
      // Who counts a blind receipt is not told how many were ordered.
      if (row.blind === true) at('purchasing:error.over_receipt_blind');
      else
        at('purchasing:error.over_receipt', { ordered: from.quantity, before: from.received, most: Math.max(0, most) });
    }
  }
  if (fields.length > 0) throw invalid('purchasing:error.cannot_post', {}, fields);
  await moveReceived(unit, row, against, 1);
}

/** Takes back what a receipt counted, before it is reversed: its order lines are open again for as much. */
export async function takeBackReceived(unit: Unit, row: ReceiptRow, lines: readonly ReceiptLineRow[]): Promise<void> {
  const against = lines.filter(({ orderLineId }) => orderLineId !== null);
  if (against.length === 0) return;
  await lockOrdered(unit, against);
  await moveReceived(unit, row, against, -1);
}

/** More than ordered may come after the last piece did, within the tolerance. */
const TAKING: readonly OrderState[] = [...OPEN_ORDER_STATES, 'received'];

interface Ordered {
  ordered: Map<number, OrderLineRow>;
  states: Map<number, { state: OrderState; number: string; supplierId: number }>;
}

async function lockOrdered(unit: Unit, against: readonly ReceiptLineRow[]): Promise<Ordered> {
  const ids = against.map(({ orderLineId }) => orderLineId ?? 0);
  const orderIds = new Set([...(await orderLinesByIds(unit, ids)).values()].map(({ orderId }) => orderId));
  await unit.lock(
    purchaseOrder,
    [...orderIds].sort((a, b) => a - b),
  );
  const states: Ordered['states'] = new Map();
  for (const orderId of orderIds) states.set(orderId, await getOrder(unit, orderId));
  return { ordered: await orderLinesByIds(unit, ids), states };
}

async function moveReceived(
  unit: Unit,
  row: ReceiptRow,
  against: readonly ReceiptLineRow[],
  sign: 1 | -1,
): Promise<void> {
  for (const chunk of chunked(against)) {
    const cases = chunk.map(({ orderLineId, received }) => sql`WHEN ${orderLineId} THEN ${sign * received}`);
    await unit.execute(
      sql`UPDATE purchase_order_line SET received = received + CASE id ${sql.join(cases, ' ')} END
        WHERE id IN (${sql.list(chunk.map(({ orderLineId }) => orderLineId ?? 0))})`,
    );
  }
  const ordered = await orderLinesByIds(
    unit,
    against.map(({ orderLineId }) => orderLineId ?? 0),
  );
  const pieces = new Map<number, number>();
  for (const { orderLineId, received } of against) {
    const orderId = ordered.get(orderLineId ?? 0)?.orderId ?? 0;
    pieces.set(orderId, (pieces.get(orderId) ?? 0) + received);
  }
  for (const [orderId, count] of [...pieces].sort(([a], [b]) => a - b)) {
    const order = await getOrder(unit, orderId);
    const lines = await orderLinesOf(unit, orderId);
    const state = stateOfLines(lines);
    // An order that was closed short and gets goods back is open again.
    const ended = state === 'closed' ? {} : { endedAt: null, endReason: null };
    await writeOrderTotals(unit, order, lines, { state, ...ended });
    await auditOrder(unit, order, sign === 1 ? 'receive' : 'take_back', { receipt: row.number, pieces: count });
  }
}
