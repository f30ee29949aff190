import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
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

/**
 * Adds documents to what the shift has sold, or takes them away again: negative. The shift is locked by whoever posts into
 * it; the sum is kept because adding up all its sales again made each sale of a long shift dearer than the one before.
 */
export async function soldInto(unit: Unit, shiftId: number, { count, grossFen }: ShiftTotal): Promise<void> {
  await unit.execute(
    sql`UPDATE shift SET sale_count = sale_count + ${count}, sale_gross_fen = sale_gross_fen + ${grossFen}
      WHERE id = ${shiftId}`,
  );
}

/** Sales of a shift and what they came to, less returns. */
export async function shiftTotal(read: Reader, shiftId: number): Promise<ShiftTotal> {
  const row = await read.one<ShiftTotal>(
    sql`SELECT sale_count AS count, sale_gross_fen AS gross_fen FROM shift WHERE id = ${shiftId}`,
  );
  return { count: Number(row?.count ?? 0), grossFen: Number(row?.grossFen ?? 0) };
}
