import { addDays, type BusinessDate } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { AboutDocument } from '../domain/stock-alerts';

type Found = Pick<AboutDocument, 'documentId' | 'documentNumber' | 'storeId' | 'quantity'> & { dueOn: BusinessDate };

const about = (rows: readonly Found[]): AboutDocument[] =>
  rows.map(({ dueOn, ...row }) => ({
    ...row,
    quantity: Number(row.quantity),
    skuId: null,
    otherStoreId: null,
    on: dueOn,
  }));

/** Orders of which goods should have come to a store so many days ago: pieces, since the first day of them. */
export async function lateOrders(read: Reader, today: BusinessDate, days: number): Promise<AboutDocument[]> {
  return about(
    await read.all<Found>(
      sql`SELECT o.id AS document_id, o.number AS document_number, l.store_id,
          SUM(l.quantity - l.received - l.given_up) AS quantity, MIN(COALESCE(l.expected_on, o.expected_on)) AS due_on
        FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id
        WHERE o.state IN ('approved', 'partial') AND l.quantity > l.received + l.given_up
          AND COALESCE(l.expected_on, o.expected_on) < ${addDays(today, -days)}
        GROUP BY o.id, o.number, l.store_id`,
    ),
  );
}

/** Lent devices that should have been back so many days ago. */
export async function lateLoans(read: Reader, today: BusinessDate, days: number): Promise<AboutDocument[]> {
  return about(
    await read.all<Found>(
      sql`SELECT r.id AS document_id, r.number AS document_number, r.store_id, r.still_out AS quantity, r.due_on
        FROM loan r WHERE r.state = 'out' AND r.due_on < ${addDays(today, -days)}`,
    ),
  );
}

/** Price protection that was claimed so many days ago and is not settled: devices that it covers. */
export async function openClaims(read: Reader, today: BusinessDate, days: number): Promise<AboutDocument[]> {
  return about(
    await read.all<Found>(
      sql`SELECT o.id AS document_id, o.number AS document_number, o.store_id,
          o.held_count + o.transit_count + o.sold_count AS quantity, o.submitted_on AS due_on
        FROM price_protection o WHERE o.state IN ('submitted', 'agreed') AND o.submitted_on <= ${addDays(today, -days)}`,
    ),
  );
}

/** Rebates booked so many days ago and not settled: calculations, since the first of them. */
export async function openRebates(read: Reader, today: BusinessDate, days: number): Promise<AboutDocument[]> {
  return about(
    await read.all<Found>(
      sql`SELECT o.id AS document_id, o.number AS document_number, o.store_id, COUNT(*) AS quantity, MIN(i.opened_on) AS due_on
        FROM rebate o JOIN rebate_run u ON u.rebate_id = o.id
          JOIN posting p ON p.document_type = 'purchasing.rebate_run' AND p.document_id = u.id AND p.kind = 'post'
          JOIN open_item i ON i.posting_id = p.id AND i.direction = 'receivable'
        WHERE i.settled_fen < i.amount_fen AND i.opened_on <= ${addDays(today, -days)}
        GROUP BY o.id, o.number, o.store_id`,
    ),
  );
}
