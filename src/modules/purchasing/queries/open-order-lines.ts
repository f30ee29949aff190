import { type Reader, type Sql, sql } from '../../../platform/database';
import { OPEN_ORDER_STATES } from '../domain/order-state';

/** Lines of which goods may still come: `l` the line, `o` its order. */
export const STILL_OPEN: Sql = sql`o.state IN (${sql.list([...OPEN_ORDER_STATES])}) AND l.received + l.given_up < l.quantity`;

export interface OpenOrderLine {
  orderLineId: number;
  orderId: number;
  number: string;
  lineNo: number;
  skuId: number;
  pieces: number;
  expectedOn: string | null;
}

const MOST = 500;

/** What a store still gets from a supplier and is not on this receipt yet, what is due first before. */
export function openLinesFor(
  read: Reader,
  { supplierId, storeId, receiptId }: { supplierId: number; storeId: number; receiptId: number },
): Promise<OpenOrderLine[]> {
  return read.all<OpenOrderLine>(
    sql`SELECT l.id AS order_line_id, o.id AS order_id, o.number, l.line_no, l.sku_id,
        l.quantity - l.received - l.given_up AS pieces, COALESCE(l.expected_on, o.expected_on) AS expected_on
      FROM purchase_order o JOIN purchase_order_line l ON l.order_id = o.id
      WHERE o.supplier_id = ${supplierId} AND l.store_id = ${storeId} AND ${STILL_OPEN}
        AND NOT EXISTS (SELECT 1 FROM receipt_line r WHERE r.order_line_id = l.id AND r.receipt_id = ${receiptId})
      ORDER BY COALESCE(l.expected_on, o.expected_on, '9999-12-31'), l.id ${sql.limit(MOST)}`,
  );
}

/** The order that each of these order lines belongs to. */
export async function ordersOfLines(
  read: Reader,
  receiptId: number,
): Promise<Map<number, { orderId: number; number: string }>> {
  const rows = await read.all<{ orderLineId: number; orderId: number; number: string }>(
    sql`SELECT l.id AS order_line_id, o.id AS order_id, o.number FROM receipt_line r
        JOIN purchase_order_line l ON l.id = r.order_line_id JOIN purchase_order o ON o.id = l.order_id
      WHERE r.receipt_id = ${receiptId}`,
  );
  return new Map(rows.map(({ orderLineId, ...order }) => [orderLineId, order]));
}
