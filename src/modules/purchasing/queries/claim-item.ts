import { openItem } from '../../../ledger';
import { type Reader, sql } from '../../../platform/database';

/** The open item of what a supplier owes for a posted claim; null: there is none. */
export async function claimItem(read: Reader, type: string, id: number): Promise<number | null> {
  const row = await read.one<{ id: number }>(
    sql`SELECT i.id FROM open_item i JOIN posting p ON p.id = i.posting_id
      WHERE p.document_type = ${type} AND p.document_id = ${id} AND p.kind = 'post' AND i.direction = 'receivable'`,
  );
  return row?.id ?? null;
}

/** What a supplier still owes for a posted claim, after what payments used of it. */
export async function claimOpenFen(read: Reader, type: string, id: number): Promise<number> {
  const itemId = await claimItem(read, type, id);
  const item = itemId === null ? undefined : await read.get(openItem, itemId);
  return item ? item.amountFen - item.settledFen : 0;
}

/** Open payables of a supplier, what is due first first. */
export async function openPayables(read: Reader, supplierId: number): Promise<{ id: number; openFen: number }[]> {
  const rows = await read.all<{ id: number; openFen: number }>(
    sql`SELECT id, amount_fen - settled_fen AS open_fen FROM open_item
      WHERE party_type = 'supplier' AND party_id = ${supplierId} AND direction = 'payable' AND settled_fen < amount_fen
      ORDER BY due_on, id`,
  );
  return rows.map(({ id, openFen }) => ({ id, openFen: Number(openFen) }));
}
