import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import { openItemsFor, post } from '../../../ledger';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { leftOf, takenAmounts } from '../domain/invoice-matching';
import { type BilledOther, invoicePosting, type InvoicePosting } from '../domain/invoice-posting';
import { matchesOf, receivedLines, type ReceivedLineRow, tolerance } from '../queries/received-lines';
import { invoiceLinesOf, writeInvoiceTotals } from '../store/invoice.store';
import {
  type InvoiceLineRow,
  type InvoiceRow,
  supplierInvoiceLine,
  supplierInvoiceShare,
} from '../store/invoice.table';
import { lockReceipts, writeClearings } from '../store/receipt-clearing.store';
import { supplier } from '../store/supplier.table';
import { billedGoods, type MatchedGoods } from './billed-goods';
import { type DecideInvoice, lockForEvent, requireTotal } from './decide-invoice';
import { receiptLinesOf } from './invoice-lines';
import { auditInvoice } from './save-invoice';

export const POST_INVOICES = 'purchasing.invoice.post';

/** Puts an invoice into the books, once: what was accrued becomes a payable, what it costs more or less goes to the goods. */
export function postInvoice(
  uow: UnitOfWork,
  actor: Actor,
  command: DecideInvoice,
  options?: RunOptions,
): Promise<{ id: number; number: string; grossFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForEvent(unit, actor, command, 'post', POST_INVOICES);
      const lines = await invoiceLinesOf(unit, row.id);
      if (lines.length === 0) throw invalid('purchasing:error.invoice_no_lines');
      requireTotal(row);
      // Read before the locks to know what to lock, and again under them.
      const ahead = await receivedLines(unit, receiptLinesOf(lines));
      await lockReceipts(
        unit,
        [...ahead.values()].map(({ receiptId }) => receiptId),
      );
      const received = await receivedLines(unit, receiptLinesOf(lines));
      requireLeft(lines, received);
      const beyond = matchesOf(lines, received, await tolerance(unit)).filter((match) => match?.beyond).length;
      if (beyond > 0 && row.state !== 'approved')
        throw new DomainError('purchasing:error.invoice_beyond', { details: { count: beyond } });
      const matched = lines.filter(({ kind }) => kind === 'goods').map((line) => matchedGoods(row, line, received));
      const others = lines.flatMap((line): BilledOther[] =>
        line.kind === 'goods' ? [] : [{ lineId: line.id, kind: line.kind, ...costOf(row, line) }],
      );
      const landed = others.some(({ kind, netFen }) => kind === 'landed' && netFen > 0);
      if (landed && matched.length === 0) throw invalid('purchasing:error.invoice_landed');
      const goods = await billedGoods(unit, matched, row.supplierId, landed);
      await openItemsFor(
        unit,
        goods.flatMap(({ openItemId }) => openItemId ?? []),
      );
      const party = await unit.get(supplier, row.supplierId);
      const { shares, results, ...posting } = invoicePosting(
        {
          id: row.id,
          number: row.number,
          businessDate: unit.today,
          storeId: row.storeId,
          supplierId: row.supplierId,
          supplierName: party?.name ?? '',
          dueOn: row.dueOn,
        },
        [...goods, ...others],
      );
      if (posting.openItems.length === 0) throw invalid('purchasing:error.invoice_nothing');
      await post(unit, posting);
      await writeResults(unit, row, lines, { shares, results });
      await writeClearings(
        unit,
        { type: 'purchasing.invoice', id: row.id },
        matched.map(({ lineId, received: its, openItemId, quantity, clearedFen }) => ({
          documentLineId: lineId,
          receiptLineId: its.receiptLineId,
          openItemId,
          pieces: quantity,
          clearedFen,
        })),
      );
      const sum = (of: (result: InvoicePosting['results'][number]) => number): number =>
        results.reduce((total, result) => total + of(result), 0);
      await writeInvoiceTotals(unit, row, lines, {
        state: 'posted',
        businessDate: unit.today,
        postedAt: unit.now,
        beyondLines: beyond,
        accruedFen: sum(({ accruedFen }) => accruedFen),
        heldFen: sum(({ heldFen }) => heldFen),
        adjustedFen: sum(({ adjustedFen }) => adjustedFen),
      });
      await auditInvoice(unit, row, 'post', {
        invoice: row.invoiceNumber,
        supplierId: row.supplierId,
        lines: lines.length,
      });
      await unit.publish('purchasing.invoice.posted', { invoiceId: row.id, number: row.number, storeId: row.storeId });
      return { id: row.id, number: row.number, grossFen: row.grossFen };
    },
    options,
  );
}

/** Names every line of which less is left than it says: another invoice or a return took it, or the receipt was reversed. */
function requireLeft(lines: readonly InvoiceLineRow[], received: ReadonlyMap<number, ReceivedLineRow>): void {
  const fields = lines.flatMap((line): FieldProblem[] => {
    if (line.kind !== 'goods') return [];
    const its = received.get(line.receiptLineId ?? 0);
    const at = (code: string, details: Record<string, unknown>): FieldProblem[] => [
      { path: `line.${line.lineNo}.quantity`, code, details: { line: line.lineNo, ...details } },
    ];
    if (!its) return at('purchasing:error.invoice_line_gone', {});
    const { leftPieces, leftFen } = leftOf(its);
    const fits = line.quantity === 0 ? leftPieces === 0 && leftFen > 0 : line.quantity <= leftPieces;
    const details = { left: leftPieces, quantity: line.quantity, receipt: its.receiptNumber };
    return fits ? [] : at('purchasing:error.invoice_line_short', details);
  });
  if (fields.length > 0)
    throw new DomainError('purchasing:error.invoice_short', { status: 409, details: { count: fields.length }, fields });
}

/** Without the tax, where that is input tax; otherwise the tax is part of the cost. */
const costOf = ({ deductible }: InvoiceRow, { amountFen, taxFen }: InvoiceLineRow) =>
  deductible ? { netFen: amountFen - taxFen, taxFen } : { netFen: amountFen, taxFen: 0 };

function matchedGoods(
  row: InvoiceRow,
  line: InvoiceLineRow,
  received: ReadonlyMap<number, ReceivedLineRow>,
): MatchedGoods {
  const its = received.get(line.receiptLineId ?? 0);
  if (!its) throw new Error(`line ${line.id} of invoice ${row.id} has no receipt`);
  return {
    kind: 'goods',
    lineId: line.id,
    skuId: its.skuId,
    storeId: its.storeId,
    openItemId: its.openItemId,
    quantity: line.quantity,
    received: its,
    ...takenAmounts(its, line.quantity),
    ...costOf(row, line),
  };
}

async function writeResults(
  unit: Unit,
  row: InvoiceRow,
  lines: readonly InvoiceLineRow[],
  { shares, results }: Pick<InvoicePosting, 'shares' | 'results'>,
): Promise<void> {
  if (shares.length > 0) {
    const firstId = unit.takeIds(supplierInvoiceShare, shares.length);
    await unit.insert(
      supplierInvoiceShare,
      shares.map((share, index) => ({ id: firstId + index, invoiceId: row.id, ...share })),
    );
  }
  const versions = new Map(lines.map(({ id, version }) => [id, version]));
  for (const { lineId, ...amounts } of results)
    await unit.update(supplierInvoiceLine, lineId, amounts, versions.get(lineId));
}
