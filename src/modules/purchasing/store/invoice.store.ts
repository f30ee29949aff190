import { DomainError, notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { invoiceMachine } from '../domain/invoice-state';
import {
  type InvoiceLineRow,
  type InvoiceRow,
  type InvoiceShareRow,
  supplierInvoice,
  supplierInvoiceLine,
  supplierInvoiceShare,
} from './invoice.table';

/** Throws 404 when there is no such invoice. */
export async function getInvoice(read: Reader, id: number): Promise<InvoiceRow> {
  const found = await read.get(supplierInvoice, id);
  if (!found) throw notFound('purchasing.invoice', id);
  return found;
}

/** Locks the invoice until the end of the unit and reads it afterwards. */
export async function lockInvoice(unit: Unit, id: number): Promise<InvoiceRow> {
  await unit.lock(supplierInvoice, [id]);
  return getInvoice(unit, id);
}

/** Throws 409 when it was submitted or is in the books by now. */
export function assertInvoiceDraft({ state, number }: InvoiceRow): void {
  if (state === invoiceMachine.initial) return;
  throw new DomainError('purchasing:error.invoice_not_a_draft', { status: 409, details: { number } });
}

export const invoiceLinesOf = (read: Reader, invoiceId: number): Promise<InvoiceLineRow[]> =>
  read.rows(supplierInvoiceLine, sql`SELECT * FROM supplier_inv_line WHERE invoice_id = ${invoiceId} ORDER BY line_no`);

/** Where the differences went, at most so many rows. */
export const invoiceSharesOf = (read: Reader, invoiceId: number, most: number): Promise<InvoiceShareRow[]> =>
  read.rows(
    supplierInvoiceShare,
    sql`SELECT * FROM supplier_inv_share WHERE invoice_id = ${invoiceId} ORDER BY id ${sql.limit(most)}`,
  );

/** Writes the sums of the lines and raises the version. Call once, after everything else of a change. */
export async function writeInvoiceTotals(
  unit: Unit,
  row: InvoiceRow,
  lines: readonly InvoiceLineRow[],
  changes: Partial<InvoiceRow> = {},
): Promise<void> {
  const total = (of: (line: InvoiceLineRow) => number): number => lines.reduce((sum, line) => sum + of(line), 0);
  await unit.update(
    supplierInvoice,
    row.id,
    {
      lineCount: lines.length,
      quantity: total((line) => line.quantity),
      grossFen: total((line) => line.amountFen),
      taxFen: total((line) => line.taxFen),
      ...changes,
    },
    row.version,
  );
}
