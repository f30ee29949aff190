import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import type { Cleared, UninvoicedLine } from '../domain/return-claim';
import { receipt, receiptClearing } from './receipt.table';

/**
 * Lines of posted receipts without invoice of which pieces are left, oldest first. `condition` may name the receipt `r` and
 * its line `l`. Lock the receipts (`lockReceipts`) before the answer is relied on.
 */
export async function uninvoicedLines(read: Reader, supplierId: number, condition: Sql): Promise<UninvoicedLine[]> {
  const rows = await read.all<UninvoicedLine>(
    sql`SELECT l.id AS receipt_line_id, l.receipt_id, l.sku_id, i.id AS open_item_id,
        l.received - COALESCE(l.cleared_pieces, 0) AS left_pieces,
        l.amount_fen - l.tax_fen - COALESCE(l.cleared_fen, 0) AS left_fen
      FROM receipt r JOIN receipt_line l ON l.receipt_id = r.id
        JOIN posting p ON p.document_type = 'purchasing.receipt' AND p.document_id = r.id AND p.kind = 'post'
        LEFT JOIN open_item i ON i.posting_id = p.id AND i.direction = 'accrued'
      WHERE r.supplier_id = ${supplierId} AND r.state = 'posted' AND r.with_invoice = ${false}
        AND COALESCE(l.cleared_pieces, 0) < l.received AND ${condition}
      ORDER BY r.business_date, l.id`,
  );
  return rows.map((row) => ({ ...row, leftPieces: Number(row.leftPieces), leftFen: Number(row.leftFen) }));
}

/** In ascending order, before devices, balances and open items. */
export async function lockReceipts(unit: Unit, receiptIds: readonly number[]): Promise<void> {
  await unit.lock(
    receipt,
    [...new Set(receiptIds)].sort((a, b) => a - b),
  );
}

export interface DocumentRef {
  type: string;
  id: number;
}

/** Notes what a document takes of the receipt lines, which the caller has locked. */
export async function writeClearings(
  unit: Unit,
  document: DocumentRef,
  taken: readonly (Cleared & { documentLineId: number })[],
): Promise<void> {
  if (taken.length === 0) return;
  const firstId = unit.takeIds(receiptClearing, taken.length);
  await unit.insert(
    receiptClearing,
    taken.map(({ documentLineId, receiptLineId, pieces, clearedFen }, index) => ({
      id: firstId + index,
      documentType: document.type,
      documentId: document.id,
      documentLineId,
      receiptLineId,
      pieces,
      clearedFen,
    })),
  );
  await addCleared(unit, taken, 1);
}

/** The receipts of which a document took something. */
export async function clearedReceipts(read: Reader, { type, id }: DocumentRef): Promise<number[]> {
  const rows = await read.all<{ receiptId: number }>(
    sql`SELECT DISTINCT l.receipt_id FROM receipt_clearing c JOIN receipt_line l ON l.id = c.receipt_line_id
      WHERE c.document_type = ${type} AND c.document_id = ${id} ORDER BY l.receipt_id`,
  );
  return rows.map(({ receiptId }) => receiptId);
}

/** The document was reversed: what it had taken is without invoice again. */
export async function takeBackClearings(unit: Unit, { type, id }: DocumentRef): Promise<void> {
  await addCleared(unit, await unit.find(receiptClearing, { documentType: type, documentId: id }), -1);
}

async function addCleared(
  unit: Unit,
  taken: readonly { receiptLineId: number; pieces: number; clearedFen: number }[],
  sign: 1 | -1,
): Promise<void> {
  const sums = new Map<number, { pieces: number; clearedFen: number }>();
  for (const { receiptLineId, pieces, clearedFen } of taken) {
    const before = sums.get(receiptLineId) ?? { pieces: 0, clearedFen: 0 };
    sums.set(receiptLineId, { pieces: before.pieces + pieces, clearedFen: before.clearedFen + clearedFen });
  }
  for (const chunk of chunked([...sums])) {
    const cases = (key: 'pieces' | 'clearedFen'): Sql =>
      sql.join(
        chunk.map(([lineId, amounts]) => sql`WHEN ${lineId} THEN ${sign * amounts[key]}`),
        ' ',
      );
    await unit.execute(
      sql`UPDATE receipt_line SET cleared_pieces = COALESCE(cleared_pieces, 0) + CASE id ${cases('pieces')} END,
          cleared_fen = COALESCE(cleared_fen, 0) + CASE id ${cases('clearedFen')} END
        WHERE id IN (${sql.list(chunk.map(([lineId]) => lineId))})`,
    );
  }
}
