import {
  emptyToNull,
  type FieldProblem,
  fen,
  invalid,
  normaliseName,
  notFound,
  splitTax,
  stale,
} from '../../../kernel';
import { sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { expectedAmounts, leftOf } from '../domain/invoice-matching';
import { MAX_LINES, MAX_QUANTITY } from '../domain/receipt-lines';
import { matchesOf, receivedLines, type ReceivedLineRow, tolerance } from '../queries/received-lines';
import { invoiceLinesOf, writeInvoiceTotals } from '../store/invoice.store';
import { type InvoiceLineRow, type InvoiceRow, supplierInvoiceLine } from '../store/invoice.table';
import { tooLong } from './receipt-header';
import { auditInvoice, authoriseInvoice, EDIT_INVOICES, lockInvoiceDraft } from './save-invoice';

export const OTHER_KINDS = ['landed', 'selling_expense', 'admin_expense'] as const;
export type OtherKind = (typeof OTHER_KINDS)[number];
const MOST_FEN = 100_000_000_000;

/** Takes what is left of these receipt lines into a draft, at the price they were received at. */
export function takeReceived(
  uow: UnitOfWork,
  actor: Actor,
  { invoiceId, receiptLineIds }: { invoiceId: number; receiptLineIds: readonly number[] },
  options?: RunOptions,
): Promise<{ taken: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockInvoiceDraft(unit, actor, { invoiceId });
      if (receiptLineIds.length === 0) throw invalid('purchasing:error.take_nothing');
      const onIt = new Set(receiptLinesOf(await invoiceLinesOf(unit, row.id)));
      const wanted = new Set(receiptLineIds);
      const lines = [...(await receivedLines(unit, [...wanted])).values()].filter((line) => {
        const { leftPieces, leftFen } = leftOf(line);
        const open = leftPieces > 0 || leftFen > 0;
        return open && line.supplierId === row.supplierId && !onIt.has(line.receiptLineId);
      });
      authoriseInvoice(actor, EDIT_INVOICES, ...new Set(lines.map(({ storeId }) => storeId)));
      if (lines.length < wanted.size)
        throw invalid('purchasing:error.invoice_taken', { count: wanted.size - lines.length });
      await addReceived(unit, row, lines);
      return { taken: lines.length };
    },
    options,
  );
}

/** The caller holds the draft and has checked that the lines are left. */
export async function addReceived(unit: Unit, row: InvoiceRow, lines: readonly ReceivedLineRow[]): Promise<void> {
  const before = await invoiceLinesOf(unit, row.id);
  requireRoom(before.length + lines.length);
  const lastNo = Math.max(0, ...before.map(({ lineNo }) => lineNo));
  const firstId = unit.takeIds(supplierInvoiceLine, lines.length);
  const added = lines.map((line, index): InvoiceLineRow => {
    const quantity = leftOf(line).leftPieces;
    return {
      ...blank(row, firstId + index, lastNo + index + 1),
      kind: 'goods',
      receiptLineId: line.receiptLineId,
      storeId: line.storeId,
      skuId: line.skuId,
      quantity,
      taxRateBp: line.taxRateBp,
      ...expectedAmounts(line, quantity),
    };
  });
  await unit.insert(supplierInvoiceLine, added);
  await writeTotals(unit, row, [...before, ...added]);
  await auditInvoice(unit, row, 'add_lines', { lines: added.length });
}

const blank = (row: InvoiceRow, id: number, lineNo: number) => ({
  id,
  invoiceId: row.id,
  lineNo,
  receiptLineId: null,
  storeId: row.storeId,
  skuId: null,
  text: null,
  accruedFen: null,
  heldFen: null,
  adjustedFen: null,
  version: 1,
});

export interface OtherLine {
  kind: OtherKind;
  text: string;
  amountFen: number | null;
  taxRateBp: number;
}

/** Freight and the like: an expense, or spread over the goods of the invoice as part of what they cost. */
export function addOtherLine(
  uow: UnitOfWork,
  actor: Actor,
  { invoiceId, ...wanted }: OtherLine & { invoiceId: number },
  options?: RunOptions,
): Promise<{ lineId: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockInvoiceDraft(unit, actor, { invoiceId });
      const before = await invoiceLinesOf(unit, row.id);
      requireRoom(before.length + 1);
      const fields: FieldProblem[] = [];
      const text = emptyToNull(normaliseName(wanted.text));
      if (text === null) fields.push({ path: 'text', code: 'errors:field.required' });
      if ([...(text ?? '')].length > 200) fields.push(tooLong('text', 200));
      const amount = amountProblem(wanted.amountFen);
      if (amount) fields.push({ path: 'amount', code: amount });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      const { grossFen, taxFen } = splitTax(fen(wanted.amountFen ?? 0), wanted.taxRateBp);
      const line: InvoiceLineRow = {
        ...blank(row, unit.takeIds(supplierInvoiceLine), Math.max(0, ...before.map(({ lineNo }) => lineNo)) + 1),
        kind: wanted.kind,
        text,
        quantity: 0,
        amountFen: grossFen,
        taxRateBp: wanted.taxRateBp,
        taxFen,
      };
      await unit.insert(supplierInvoiceLine, [line]);
      await writeTotals(unit, row, [...before, line]);
      await auditInvoice(unit, row, 'add_other', { text });
      return { lineId: line.id };
    },
    options,
  );
}

export interface ChangedInvoiceLine {
  id: number;
  version: number;
  quantity?: number | null | undefined;
  amountFen?: number | null | undefined;
  /** Left out or null: what the tax rate makes of the amount. */
  taxFen?: number | null | undefined;
}

/** Changes pieces, amounts and tax: all of them, or none with every problem at `lines.<index>.<field>`. */
export function changeInvoiceLines(
  uow: UnitOfWork,
  actor: Actor,
  { invoiceId, lines: changes }: { invoiceId: number; lines: readonly ChangedInvoiceLine[] },
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockInvoiceDraft(unit, actor, { invoiceId });
      const before = await invoiceLinesOf(unit, row.id);
      const received = await receivedLines(unit, receiptLinesOf(before));
      const after = new Map(before.map((line) => [line.id, line]));
      const fields: FieldProblem[] = [];
      changes.forEach((change, index) => {
        const line = after.get(change.id);
        if (!line) throw notFound('purchasing.invoice_line', change.id);
        if (line.version !== change.version) throw stale();
        const at = (path: string, code: string, details: Record<string, unknown> = {}): void =>
          void fields.push({ path: `lines.${index}.${path}`, code, details });
        const quantity = line.kind === 'goods' && change.quantity !== undefined ? change.quantity : line.quantity;
        const its = received.get(line.receiptLineId ?? 0);
        const most = its ? leftOf(its).leftPieces : MAX_QUANTITY;
        if (quantity === null || quantity < 0) at('quantity', 'purchasing:error.quantity');
        else if (quantity > most) at('quantity', 'purchasing:error.invoice_most', { most });
        else if (line.kind === 'goods' && quantity === 0 && most > 0) at('quantity', 'purchasing:error.quantity');
        // Only the pieces were changed: they cost what they were received at. Only the amount: the rate decides the tax.
        const given = change.amountFen === undefined ? line.amountFen : change.amountFen;
        const billed = its && quantity !== null && quantity !== line.quantity && given === line.amountFen;
        const expected = billed ? expectedAmounts(its, quantity) : null;
        const amountFen = expected?.amountFen ?? given;
        const amount = amountProblem(amountFen);
        if (amount) at('amount', amount);
        const typed = change.taxFen === undefined ? line.taxFen : change.taxFen;
        const byRate = typed === null || (typed === line.taxFen && amountFen !== line.amountFen);
        const rated = splitTax(fen(Math.max(0, amountFen ?? 0)), line.taxRateBp).taxFen;
        const taxFen = byRate ? (expected?.taxFen ?? rated) : typed;
        if (taxFen < 0 || taxFen > (amountFen ?? 0)) at('tax', 'purchasing:error.invoice_tax');
        after.set(line.id, { ...line, quantity: quantity ?? 0, amountFen: amountFen ?? 0, taxFen });
      });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      let changed = 0;
      for (const line of before) {
        const now = after.get(line.id);
        if (!now) continue;
        const { quantity, amountFen, taxFen } = now;
        if (quantity === line.quantity && amountFen === line.amountFen && taxFen === line.taxFen) continue;
        await unit.update(supplierInvoiceLine, line.id, { quantity, amountFen, taxFen }, line.version);
        changed += 1;
      }
      if (changed === 0) return { changed };
      await writeTotals(unit, row, [...after.values()]);
      await auditInvoice(unit, row, 'edit_lines', { lines: changed });
      return { changed };
    },
    options,
  );
}

/** Takes a line off a draft. */
export function removeInvoiceLine(
  uow: UnitOfWork,
  actor: Actor,
  { invoiceId, lineId }: { invoiceId: number; lineId: number },
  options?: RunOptions,
): Promise<{ lineNo: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockInvoiceDraft(unit, actor, { invoiceId });
      const lines = await invoiceLinesOf(unit, row.id);
      const line = lines.find(({ id }) => id === lineId);
      if (!line) throw notFound('purchasing.invoice_line', lineId);
      await unit.execute(sql`DELETE FROM supplier_inv_line WHERE id = ${line.id}`);
      await writeTotals(
        unit,
        row,
        lines.filter(({ id }) => id !== line.id),
      );
      await auditInvoice(unit, row, 'remove_line', { line: line.lineNo });
      return { lineNo: line.lineNo };
    },
    options,
  );
}

export const receiptLinesOf = (lines: readonly InvoiceLineRow[]): number[] =>
  lines.flatMap(({ receiptLineId }) => receiptLineId ?? []);

async function writeTotals(unit: Unit, row: InvoiceRow, lines: readonly InvoiceLineRow[]): Promise<void> {
  const matches = matchesOf(lines, await receivedLines(unit, receiptLinesOf(lines)), await tolerance(unit));
  await writeInvoiceTotals(unit, row, lines, { beyondLines: matches.filter((match) => match?.beyond).length });
}

const amountProblem = (amountFen: number | null): string | null => {
  if (amountFen === null) return 'errors:field.required';
  return amountFen < 0 || amountFen > MOST_FEN ? 'purchasing:error.price' : null;
};

function requireRoom(lines: number): void {
  if (lines > MAX_LINES) throw invalid('purchasing:error.too_many_lines', { max: MAX_LINES });
}
