import { type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';

export const COLLECT = 'sales.receivable.collect';

export interface Receivable {
  id: number;
  storeId: number;
  storeName: string;
  documentId: number;
  documentNumber: string;
  openedOn: string;
  dueOn: string | null;
  amountFen: number;
  openFen: number;
}

/** What a customer owes for sales on account in the stores in which the actor may collect, what is due first first. */
export async function receivablesOf(read: Reader, actor: Actor, customerId: number): Promise<Receivable[]> {
  const rows = await read.all<Receivable>(
    sql`SELECT i.id, i.store_id, s.name AS store_name, p.document_id, p.document_number, i.opened_on, i.due_on, i.amount_fen,
        i.amount_fen - i.settled_fen AS open_fen
      FROM open_item i JOIN posting p ON p.id = i.posting_id JOIN store s ON s.id = i.store_id
      WHERE i.party_type = 'customer' AND i.party_id = ${customerId} AND i.direction = 'receivable'
        AND p.document_type = 'sales.sale' AND i.settled_fen < i.amount_fen AND ${inScope('i.store_id', actor.scope(COLLECT))}
      ORDER BY COALESCE(i.due_on, i.opened_on), i.id ${sql.limit(200)}`,
  );
  return rows.map((row) => ({ ...row, amountFen: Number(row.amountFen), openFen: Number(row.openFen) }));
}
