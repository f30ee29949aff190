import { type Reader, sql } from '../../../platform/database';
import { OPEN_ORDER_STATES } from '../domain/order-state';

export interface CreditUse {
  limitFen: number;
  /** Owed by the whole company, with what is on order and this order. */
  usedFen: number;
}

/**
 * How far an order that is not finished takes its supplier's credit; null where no limit is known. The limit is the company's, so
 * every store counts: amounts are shown to who sees cost in all of them.
 */
export async function creditUse(read: Reader, orderId: number): Promise<CreditUse | null> {
  const order = await read.one<{ supplierId: number; state: string; grossFen: number; limitFen: number | null }>(
    sql`SELECT o.supplier_id, o.state, o.gross_fen, s.credit_limit_fen AS limit_fen
      FROM purchase_order o JOIN supplier s ON s.id = o.supplier_id WHERE o.id = ${orderId}`,
  );
  if (!order || order.limitFen === null || ['received', 'closed', 'cancelled'].includes(order.state)) return null;
  const owed = await read.one<{ openFen: number | null }>(
    sql`SELECT SUM(CASE WHEN i.direction = 'receivable' THEN i.settled_fen - i.amount_fen ELSE i.amount_fen - i.settled_fen END)
        AS open_fen
      FROM open_item i
      WHERE i.party_type = 'supplier' AND i.party_id = ${order.supplierId} AND i.settled_fen < i.amount_fen`,
  );
  const coming = await read.one<{ openFen: number | null }>(
    sql`SELECT SUM((l.quantity - l.received - l.given_up) * l.unit_price_fen) AS open_fen
      FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id
      WHERE o.supplier_id = ${order.supplierId} AND o.state IN (${sql.list(OPEN_ORDER_STATES)})
        AND l.received + l.given_up < l.quantity`,
  );
  const ownFen = ['draft', 'submitted'].includes(order.state) ? Number(order.grossFen) : 0;
  const usedFen = Number(owed?.openFen ?? 0) + Number(coming?.openFen ?? 0) + ownFen;
  return { limitFen: Number(order.limitFen), usedFen };
}
