import type { ModuleCheck } from '../../../platform/modules';
import { type Reader, type Sql, sql } from '../../../platform/database';

const MOST_FINDINGS = 20;

/** Runs a query that names the documents that are wrong, in the column `document_number`. */
const check = (id: string, wrong: Sql): ModuleCheck => ({
  id,
  run: async (read: Reader) => {
    const rows = await read.all<{ documentNumber: string }>(sql`${wrong} ORDER BY document_number`);
    return { count: rows.length, findings: rows.slice(0, MOST_FINDINGS).map((row) => row.documentNumber) };
  },
});

/** What a sale says of itself must be what its lines, its tenders and the books say; what a shift says, what its sales do. */
export const saleChecks: readonly ModuleCheck[] = [
  check(
    'sales.tenders',
    sql`SELECT s.sale_number AS document_number FROM sale s LEFT JOIN (SELECT sale_id, ${sql.sum('amount_fen')} AS paid_fen FROM sale_tender GROUP BY sale_id) t
      ON t.sale_id = s.id WHERE s.gross_fen <> COALESCE(t.paid_fen, 0)`,
  ),
  check(
    'sales.lines',
    sql`SELECT s.sale_number AS document_number FROM sale s JOIN (SELECT sale_id, ${sql.sum('amount_fen')} AS amount_fen, ${sql.sum('net_fen')} AS net_fen,
        ${sql.sum('tax_fen')} AS tax_fen, ${sql.sum('cost_fen')} AS cost_fen FROM sale_line GROUP BY sale_id) l ON l.sale_id = s.id
      WHERE s.gross_fen <> l.amount_fen OR s.net_fen <> l.net_fen OR s.tax_fen <> l.tax_fen OR s.cost_fen <> l.cost_fen
        OR s.gross_fen <> s.net_fen + s.tax_fen`,
  ),
  check(
    'sales.posted',
    sql`SELECT s.sale_number AS document_number FROM sale s LEFT JOIN posting p ON p.document_id = s.id AND p.kind = 'post'
        AND p.document_type = CASE WHEN s.kind = 'sale' THEN 'sales.sale' ELSE 'sales.return' END
      WHERE p.id IS NULL`,
  ),
  check(
    'sales.returned',
    // Few lines were ever returned: they are found first, whatever the number of sales.
    sql`SELECT DISTINCT s.sale_number AS document_number FROM (
        SELECT x.line_id FROM (
          SELECT l.id AS line_id, l.returned_quantity AS pieces FROM sale_line l WHERE l.returned_quantity <> 0
          UNION ALL
          SELECT r.original_line_id AS line_id, r.quantity AS pieces FROM sale_line r JOIN sale d ON d.id = r.sale_id
            WHERE d.state = 'posted' AND r.original_line_id IS NOT NULL
        ) x GROUP BY x.line_id HAVING SUM(x.pieces) <> 0
      ) w JOIN sale_line l ON l.id = w.line_id JOIN sale s ON s.id = l.sale_id WHERE s.kind = 'sale'`,
  ),
  check(
    'sales.shift',
    sql`SELECT h.shift_number AS document_number FROM shift h LEFT JOIN (
        SELECT shift_id, COUNT(*) AS documents, ${sql.sum('gross_fen')} AS gross_fen FROM sale
          WHERE state = 'posted' AND shift_id IS NOT NULL GROUP BY shift_id
      ) s ON s.shift_id = h.id
      WHERE h.sale_count <> COALESCE(s.documents, 0) OR h.sale_gross_fen <> COALESCE(s.gross_fen, 0)`,
  ),
];
