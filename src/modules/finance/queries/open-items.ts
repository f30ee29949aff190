import type { SettledItem } from '../domain/payment-posting';
import type { SettleableItem } from '../domain/payment-proposal';
import { UNPAID_STATES } from '../domain/payment-state';
import { type Reader, type Sql, sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import { EDIT_PAYMENTS, moneyScope } from './scope';

/** Items of one supplier on one page. */
export const MOST_ITEMS = 300;

export interface SupplierItem extends SettleableItem {
  storeId: number;
  storeName: string;
  openFen: number;
  openedOn: string;
  documentType: string;
  documentId: number;
  documentNumber: string;
}

/** What other payments, whose money has not left, are to settle of an item. `paymentId`: this one does not count. */
export const plannedFen = (paymentId: number): Sql =>
  sql`COALESCE((SELECT SUM(pl.amount_fen) FROM payment_line pl JOIN payment py ON py.id = pl.payment_id
    WHERE pl.open_item_id = i.id AND py.state IN (${sql.list(UNPAID_STATES)}) AND py.id <> ${paymentId}), 0)`;

/**
 * What is owed to a supplier and by it, in the actor's stores, what is due first first. `paymentId`: what this payment is to settle
 * counts as free; its items are there even when nothing is open of them any more.
 */
export async function supplierItems(
  read: Reader,
  actor: Actor,
  supplierId: number,
  paymentId = 0,
): Promise<SupplierItem[]> {
  const rows = await read.all<Omit<SupplierItem, 'freeFen'> & { plannedFen: number | string }>(
    sql`SELECT i.id, i.direction, i.store_id, st.name AS store_name, i.amount_fen - i.settled_fen AS open_fen, i.opened_on,
        i.due_on, p.document_type, p.document_id, p.document_number, ${plannedFen(paymentId)} AS planned_fen
      FROM open_item i JOIN posting p ON p.id = i.posting_id JOIN store st ON st.id = i.store_id
      WHERE i.party_type = 'supplier' AND i.party_id = ${supplierId} AND i.direction IN ('payable', 'receivable')
        AND (i.settled_fen < i.amount_fen
          OR EXISTS (SELECT own.id FROM payment_line own WHERE own.open_item_id = i.id AND own.payment_id = ${paymentId}))
        AND ${moneyScope('i.store_id', actor, EDIT_PAYMENTS)}
      ORDER BY CASE WHEN EXISTS (SELECT own.id FROM payment_line own
          WHERE own.open_item_id = i.id AND own.payment_id = ${paymentId}) THEN 0 ELSE 1 END,
        COALESCE(i.due_on, i.opened_on), i.id ${sql.limit(MOST_ITEMS)}`,
  );
  // The payment's own come before others are left out; on the page all stand in the order of their days.
  const dueOf = ({ dueOn, openedOn }: { dueOn: string | null; openedOn: string }): string => dueOn ?? openedOn;
  return rows
    .map(({ plannedFen: planned, ...item }) => ({
      ...item,
      freeFen: Math.max(0, Number(item.openFen) - Number(planned)),
    }))
    .toSorted((a, b) => (dueOf(a) === dueOf(b) ? a.id - b.id : dueOf(a) < dueOf(b) ? -1 : 1));
}

/** The account that an item stands on follows from the document that opened it. */
export function roleOf({
  direction,
  documentType,
}: Pick<SupplierItem, 'documentType'> & { direction: string }): SettledItem['role'] {
  if (direction === 'payable') return 'payable';
  return documentType === 'finance.payment' ? 'prepayment' : 'other_receivable';
}
