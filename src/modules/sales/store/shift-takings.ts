import { type Reader, type Sql, sql } from '../../../platform/database';
import type { ShiftTotal, TenderKind } from '../domain/sale';
import type { TenderSums } from '../domain/shift';

/** Net takings of a shift by tender: sales less returns, without what was reversed. */
export async function takenInShift(read: Reader, shiftId: number): Promise<TenderSums> {
  const rows = await read.all<{ kind: TenderKind; totalFen: number }>(
    sql`SELECT t.kind, SUM(t.amount_fen) AS total_fen FROM sale_tender t JOIN sale s ON s.id = t.sale_id
      WHERE s.shift_id = ${shiftId} AND s.state = 'posted' GROUP BY t.kind ORDER BY t.kind`,
  );
  return Object.fromEntries(rows.map((row) => [row.kind, Number(row.totalFen)]));
}

/** Sales of a shift and what they came to, less returns. */
export const shiftTotal = (read: Reader, shiftId: number): Promise<ShiftTotal> => totalOf(read, sql`${shiftId}`);

/** The same for a shift that the statement itself finds. */
export async function totalOf(read: Reader, shiftId: Sql): Promise<ShiftTotal> {
  const row = await read.one<{ count: number; grossFen: number | null }>(
    sql`SELECT COUNT(*) AS count, SUM(gross_fen) AS gross_fen FROM sale WHERE shift_id = ${shiftId} AND state = 'posted'`,
  );
  return { count: Number(row?.count ?? 0), grossFen: Number(row?.grossFen ?? 0) };
}
