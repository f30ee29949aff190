import { DomainError, fen, multiply, notFound, splitTax } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { returnMachine } from '../domain/return-state';
import {
  purchaseReturn,
  purchaseReturnDevice,
  type ReturnDeviceRow,
  purchaseReturnLine,
  type ReturnLineRow,
  type ReturnRow,
} from './return.table';

/** Throws 404 when there is no such return. */
export async function getReturn(read: Reader, id: number): Promise<ReturnRow> {
  const found = await read.get(purchaseReturn, id);
  if (!found) throw notFound('purchasing.return', id);
  return found;
}

/** Locks the return until the end of the unit and reads it afterwards. */
export async function lockReturn(unit: Unit, id: number): Promise<ReturnRow> {
  await unit.lock(purchaseReturn, [id]);
  return getReturn(unit, id);
}

/** Throws 409 when it is in the books by now. */
export function assertReturnDraft(row: ReturnRow): void {
  if (returnMachine.can(row.state, 'post')) return;
  throw new DomainError('purchasing:error.return_not_a_draft', { status: 409, details: { number: row.number } });
}

export const returnLinesOf = (read: Reader, returnId: number): Promise<ReturnLineRow[]> =>
  read.rows(purchaseReturnLine, sql`SELECT * FROM purchase_return_line WHERE return_id = ${returnId} ORDER BY line_no`);

export const returnDevicesOf = (read: Reader, returnId: number): Promise<ReturnDeviceRow[]> =>
  read.rows(purchaseReturnDevice, sql`SELECT * FROM purchase_return_device WHERE return_id = ${returnId} ORDER BY seq`);

/** Tax-inclusive amount of the pieces at the agreed price, and the tax in it; nothing while there is no price. */
export function returnAmounts({
  quantity,
  unitPriceFen,
  taxRateBp,
}: Pick<ReturnLineRow, 'quantity' | 'unitPriceFen' | 'taxRateBp'>): { amountFen: number; taxFen: number } {
  const { grossFen, taxFen } = splitTax(multiply(fen(unitPriceFen ?? 0), quantity), taxRateBp);
  return { amountFen: grossFen, taxFen };
}

/** Writes the sums of the lines and raises the version. Call once, after everything else of a change. */
export async function writeReturnTotals(
  unit: Unit,
  row: ReturnRow,
  lines: readonly ReturnLineRow[],
  changes: Partial<ReturnRow> = {},
): Promise<void> {
  const total = (of: (line: ReturnLineRow) => number): number => lines.reduce((sum, line) => sum + of(line), 0);
  await unit.update(
    purchaseReturn,
    row.id,
    {
      lineCount: lines.length,
      quantity: total((line) => line.quantity),
      foreignPieces: total((line) => line.foreignPieces),
      grossFen: total((line) => line.amountFen),
      taxFen: total((line) => line.taxFen),
      ...changes,
    },
    row.version,
  );
}
