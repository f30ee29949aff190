import { chunked, type Reader, sql } from '../../../platform/database';

/** What other modules show of a customer. */
export interface CustomerCard {
  id: number;
  code: string;
  name: string | null;
  /** 138****5678 */
  phoneMasked: string | null;
}

export async function customersByIds(read: Reader, ids: readonly number[]): Promise<Map<number, CustomerCard>> {
  const found = new Map<number, CustomerCard>();
  for (const chunk of chunked([...new Set(ids)])) {
    const rows = await read.all<CustomerCard>(
      sql`SELECT id, code, name, phone_masked FROM customer WHERE id IN (${sql.list(chunk)})`,
    );
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}
