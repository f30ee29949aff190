import { type FieldProblem, invalid, normaliseCode } from '../../../kernel';
import { type Actor, authorise, can, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { lineAmounts } from '../domain/receipt-amounts';
import { lineQuantities, MAX_LINES, priceProblem, quantityProblem } from '../domain/receipt-lines';
import { lastPrices } from '../queries/last-prices';
import { assertDraft, linesOf, lockReceipt, writeTotals } from '../store/receipt.store';
import { receiptLine, type ReceiptLineRow, type ReceiptRow } from '../store/receipt.table';
import { tooLong } from './receipt-header';

export interface NewLine {
  skuId: number;
  /** Null: counted by scanning; devices only. */
  quantity: number | null;
  /** Tax-inclusive. Left out: what the supplier charged last. Only who sees cost gives one. */
  unitPriceFen?: number | null | undefined;
  batchCode?: string | null | undefined;
  expiresOn?: string | null | undefined;
  /** Received against this line of an order, at its price. */
  order?: { lineId: number; unitPriceFen: number | null };
  /** The supplier sends it in place of goods of this line of a return, at the price agreed there. */
  replaces?: { lineId: number; unitPriceFen: number | null };
}

export interface AddLines {
  receiptId: number;
  lines: readonly NewLine[];
}

/** Adds lines to a draft: all of them, or none with every problem at `lines.<index>.<field>`. Returns their ids. */
export function addReceiptLines(
  uow: UnitOfWork,
  actor: Actor,
  command: AddLines,
  options?: RunOptions,
): Promise<{ lineIds: number[] }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      const present = await linesOf(unit, row.id);
      const added = await insertLines(unit, row, present, command.lines);
      await writeTotals(unit, row, [...present, ...added]);
      return { lineIds: added.map((line) => line.id) };
    },
    options,
  );
}

/** The lines as written; the caller writes the totals. With `countPieces` other goods may begin at 0 pieces too. */
export async function insertLines(
  unit: Unit,
  row: ReceiptRow,
  present: readonly ReceiptLineRow[],
  lines: readonly NewLine[],
  { countPieces = false } = {},
): Promise<ReceiptLineRow[]> {
  if (present.length + lines.length > MAX_LINES) throw invalid('purchasing:error.too_many_lines', { max: MAX_LINES });
  if (lines.length === 0) return [];
  const ids = lines.map((line) => line.skuId);
  const cards = await skusByIds(unit, ids);
  const usual = await lastPrices(unit, row.supplierId, ids);
  const seesCost = can(unit.actor, COST_PERMISSION, row.storeId);
  const fields: FieldProblem[] = [];
  const firstId = unit.takeIds(receiptLine, lines.length);
  const lastNo = Math.max(0, ...present.map((line) => line.lineNo));
  const rows: ReceiptLineRow[] = [];
  lines.forEach((line, index) => {
    const card = cards.get(line.skuId);
    const at = (field: string, code: string, details?: Record<string, unknown>): void =>
      void fields.push({ path: `lines.${index}.${field}`, code, ...(details ? { details } : {}) });
    if (!card) return at('sku', 'purchasing:error.sku_unknown');
    if (!card.active) at('sku', 'purchasing:error.sku_inactive', { name: card.name });
    if (card.tracking === 'service') at('sku', 'purchasing:error.sku_service', { name: card.name });
    const serial = card.tracking === 'serial';
    const counted = countPieces && line.quantity === null;
    const quantity = counted ? null : quantityProblem({ serial, quantity: line.quantity, received: 0 });
    if (quantity) at('quantity', quantity);
    const given = seesCost ? line.unitPriceFen : undefined;
    const usually = given ?? (given === null ? null : (usual.get(card.id) ?? null));
    const unitPriceFen = (line.order ?? line.replaces)?.unitPriceFen ?? (line.order ? null : usually);
    const price = priceProblem(unitPriceFen);
    if (price) at('unitPrice', price);
    const batchCode = normaliseCode(line.batchCode ?? '') || null;
    if ([...(batchCode ?? '')].length > 40) fields.push(tooLong(`lines.${index}.batchCode`, 40));
    if (quantity || price) return undefined;
    const counts = lineQuantities({ serial, quantity: line.quantity, received: 0 });
    const priced = { ...counts, unitPriceFen, taxRateBp: card.taxRateBp };
    rows.push({
      id: firstId + index,
      receiptId: row.id,
      lineNo: lastNo + index + 1,
      skuId: card.id,
      ...priced,
      ...lineAmounts(priced),
      ...(card.tracking === 'batch'
        ? { batchCode, expiresOn: line.expiresOn ?? null }
        : { batchCode: null, expiresOn: null }),
      version: 1,
      orderLineId: line.order?.lineId ?? null,
      clearedPieces: null,
      clearedFen: null,
      returnLineId: line.replaces?.lineId ?? null,
    });
    return undefined;
  });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  await unit.insert(receiptLine, rows);
  return rows;
}
