import { type Reader, type Sql, sql } from '../../../platform/database';

export const REBATE_RUN = 'purchasing.rebate_run';

/** What a supplier still owes for the booked runs of the rebate `o`, for lists. */
export const REBATE_OPEN: Sql = sql`(SELECT SUM(i.amount_fen - i.settled_fen) FROM rebate_run u
  JOIN posting p ON p.document_type = 'purchasing.rebate_run' AND p.document_id = u.id AND p.kind = 'post'
  JOIN open_item i ON i.posting_id = p.id AND i.direction = 'receivable' WHERE u.rebate_id = o.id)`;

export interface RebateItem {
  id: number;
  openFen: number;
  openedOn: string;
}

/** Receivables of a rebate with anything open, the last first. */
export async function rebateItems(read: Reader, rebateId: number): Promise<RebateItem[]> {
  const rows = await read.all<RebateItem>(
    sql`SELECT i.id, i.amount_fen - i.settled_fen AS open_fen, i.opened_on FROM rebate_run u
        JOIN posting p ON p.document_type = ${REBATE_RUN} AND p.document_id = u.id AND p.kind = 'post'
        JOIN open_item i ON i.posting_id = p.id AND i.direction = 'receivable'
      WHERE u.rebate_id = ${rebateId} AND i.settled_fen < i.amount_fen ORDER BY i.id DESC`,
  );
  return rows.map((row) => ({ ...row, openFen: Number(row.openFen) }));
}
