import { type Reader, sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import { getStore } from '../../organization';
import { getPayment } from '../store/payment.store';
import type { PaymentRow } from '../store/payment.table';
import { authoriseMoney, supplierName, VIEW_PAYMENTS } from './scope';

export interface PaymentLineView {
  id: number;
  openItemId: number;
  direction: 'payable' | 'receivable';
  amountFen: number;
  /** Of the item, now. */
  openFen: number;
  openedOn: string;
  dueOn: string | null;
  storeId: number;
  storeName: string;
  documentType: string;
  documentId: number;
  documentNumber: string;
}

export interface PaymentView extends PaymentRow {
  supplierName: string;
  supplierCode: string;
  storeName: string;
  lines: PaymentLineView[];
  /** What is paid and settles nothing: a prepayment. */
  prepaidFen: number;
}

export const paymentLineViews = (read: Reader, paymentId: number): Promise<PaymentLineView[]> =>
  read.all<PaymentLineView>(
    sql`SELECT l.id, l.open_item_id, i.direction, l.amount_fen, i.amount_fen - i.settled_fen AS open_fen, i.opened_on, i.due_on,
        i.store_id, st.name AS store_name, p.document_type, p.document_id, p.document_number
      FROM payment_line l JOIN open_item i ON i.id = l.open_item_id JOIN posting p ON p.id = i.posting_id
        JOIN store st ON st.id = i.store_id
      WHERE l.payment_id = ${paymentId} ORDER BY i.direction, COALESCE(i.due_on, i.opened_on), i.id`,
  );

/** A payment as this reader may see it. Throws 404, or 403 outside the reader's stores or without the right to see cost. */
export async function paymentView(read: Reader, actor: Actor, id: number): Promise<PaymentView> {
  const row = await getPayment(read, id);
  authoriseMoney(actor, VIEW_PAYMENTS, row.storeId);
  const party = await supplierName(read, row.supplierId);
  return {
    ...row,
    supplierName: party?.name ?? '',
    supplierCode: party?.code ?? '',
    storeName: (await getStore(read, row.storeId)).name,
    lines: await paymentLineViews(read, id),
    prepaidFen: row.amountFen - row.payableFen + row.creditFen,
  };
}

export interface PaymentEvent {
  who: string;
  /** Last part of the audit action. */
  what: string;
  at: number;
  detail: Record<string, unknown>;
}

/** Who did what with a payment, newest first; the last 50. */
export async function paymentTimeline(read: Reader, id: number): Promise<PaymentEvent[]> {
  const rows = await read.all<{ at: number; actorName: string; action: string; detail: string | null }>(
    sql`SELECT at, actor_name, action, detail FROM audit_log
      WHERE subject_type = 'finance.payment' AND subject_id = ${id} ORDER BY id DESC ${sql.limit(50)}`,
  );
  return rows.map(({ at, actorName, action, detail }) => ({
    who: actorName,
    what: action.split('.').at(-1) ?? action,
    at,
    detail: detail === null ? {} : (JSON.parse(detail) as Record<string, unknown>),
  }));
}
