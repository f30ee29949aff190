import { type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import type { SaleKind } from '../domain/sale';

export interface FoundSale {
  id: number;
  saleNumber: string;
  kind: SaleKind;
  soldAt: number;
  storeName: string;
  grossFen: number;
}

/** Sales whose number is, or begins with, the text (XS…, XT…); at most eight, the newest first. */
export async function salesByNumber(read: Reader, actor: Actor, text: string): Promise<FoundSale[]> {
  const typed = text.normalize('NFKC').trim().toUpperCase();
  if (!/^X[ST]\d{2,}/.test(typed)) return [];
  return read.all<FoundSale>(
    sql`SELECT s.id, s.sale_number, s.kind, s.sold_at, st.name AS store_name, s.gross_fen
      FROM sale s JOIN store st ON st.id = s.store_id
      WHERE ${sql.startsWith('s.sale_number', typed)} AND ${inScope('s.store_id', actor.scope('sales.sale.view'))}
      ORDER BY s.sale_number DESC ${sql.limit(8)}`,
  );
}
