import { chunked, type Reader, sql } from '../../../platform/database';
import type { ReceiptState } from '../domain/receipt-state';

export interface Replacement {
  receiptId: number;
  number: string;
  state: ReceiptState;
  businessDate: string;
  returnLineId: number;
  /** Pieces received, or expected while it is a draft. */
  pieces: number;
}

/** Receipts, drafts too, by which the supplier replaces goods of a return; reversed ones left out. */
export async function replacementsOf(read: Reader, returnId: number): Promise<Replacement[]> {
  const rows = await read.all<Replacement>(
    sql`SELECT r.id AS receipt_id, r.number, r.state, r.business_date, n.id AS return_line_id,
        CASE WHEN r.state = 'draft' THEN l.quantity ELSE l.received END AS pieces
      FROM purchase_return_line n JOIN receipt_line l ON l.return_line_id = n.id JOIN receipt r ON r.id = l.receipt_id
      WHERE n.return_id = ${returnId} AND r.state <> 'reversed' ORDER BY r.id, l.id`,
  );
  return rows.map((row) => ({ ...row, pieces: Number(row.pieces) }));
}

/** The return that a line of a receipt replaces, by line of the return. */
export async function returnsOfLines(
  read: Reader,
  returnLineIds: readonly (number | null)[],
): Promise<Map<number, { returnId: number; number: string }>> {
  const ids = [...new Set(returnLineIds.flatMap((id) => id ?? []))];
  const found = new Map<number, { returnId: number; number: string }>();
  for (const chunk of chunked(ids))
    for (const { lineId, ...its } of await read.all<{ lineId: number; returnId: number; number: string }>(
      sql`SELECT n.id AS line_id, n.return_id, o.number FROM purchase_return_line n
          JOIN purchase_return o ON o.id = n.return_id WHERE n.id IN (${sql.list(chunk)})`,
    ))
      found.set(lineId, its);
  return found;
}
