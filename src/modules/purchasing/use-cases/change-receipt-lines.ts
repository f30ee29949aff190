import { type FieldProblem, invalid, normaliseCode, notFound, stale } from '../../../kernel';
import { type Actor, authorise, can, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds, type Tracking } from '../../catalog';
import { lineAmounts } from '../domain/receipt-amounts';
import { lineQuantities, priceProblem, quantityProblem } from '../domain/receipt-lines';
import { assertDraft, linesOf, lockReceipt, writeTotals } from '../store/receipt.store';
import { receiptLine, type ReceiptLineRow } from '../store/receipt.table';
import { tooLong } from './receipt-header';

export interface LineChange {
  id: number;
  /** As the page showed it: scans do not raise it, other people's changes do. */
  version: number;
  /** Null: counted by scanning; devices only. */
  quantity: number | null;
  /** Left out: stays. Only who sees cost gives one. */
  unitPriceFen?: number | null | undefined;
  batchCode?: string | null | undefined;
  expiresOn?: string | null | undefined;
}

export interface ChangeLines {
  receiptId: number;
  lines: readonly LineChange[];
}

/** Changes quantities and prices of a draft's lines; problems come at `lines.<index>.<field>`, and then nothing changes. */
export function changeReceiptLines(
  uow: UnitOfWork,
  actor: Actor,
  command: ChangeLines,
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      const lines = await linesOf(unit, row.id);
      const cards = await skusByIds(
        unit,
        lines.map((line) => line.skuId),
      );
      const seesCost = can(actor, COST_PERMISSION, row.storeId);
      const fields: FieldProblem[] = [];
      const changed = new Map<number, ReceiptLineRow>();
      command.lines.forEach((change, index) => {
        const line = lines.find((candidate) => candidate.id === change.id);
        if (!line) throw notFound('purchasing.receipt_line', change.id);
        if (line.version !== change.version) throw stale();
        const tracking = cards.get(line.skuId)?.tracking ?? 'plain';
        const { now, problems } = changedLine(line, change, tracking, seesCost);
        fields.push(...problems.map((problem) => ({ ...problem, path: `lines.${index}.${problem.path}` })));
        if (JSON.stringify(now) !== JSON.stringify(line)) changed.set(line.id, now);
      });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      if (changed.size === 0) return { changed: 0 };
      for (const {
        id,
        version,
        receiptId: _receipt,
        lineNo: _no,
        skuId: _sku,
        taxRateBp: _rate,
        ...now
      } of changed.values())
        await unit.update(receiptLine, id, now, version);
      await writeTotals(
        unit,
        row,
        lines.map((line) => changed.get(line.id) ?? line),
      );
      return { changed: changed.size };
    },
    options,
  );
}

function changedLine(
  line: ReceiptLineRow,
  change: LineChange,
  tracking: Tracking,
  seesCost: boolean,
): { now: ReceiptLineRow; problems: FieldProblem[] } {
  const serial = tracking === 'serial';
  const wanted = { serial, quantity: change.quantity, received: serial ? line.received : 0 };
  const unitPriceFen = seesCost && change.unitPriceFen !== undefined ? change.unitPriceFen : line.unitPriceFen;
  const batched = tracking === 'batch';
  const batchCode =
    !batched || change.batchCode === undefined ? line.batchCode : normaliseCode(change.batchCode ?? '') || null;
  const expiresOn = !batched || change.expiresOn === undefined ? line.expiresOn : change.expiresOn;
  const problems: FieldProblem[] = [];
  const quantity = quantityProblem(wanted);
  if (quantity) problems.push({ path: 'quantity', code: quantity, details: { count: line.received } });
  const price = priceProblem(unitPriceFen);
  if (price) problems.push({ path: 'unitPrice', code: price });
  if ([...(batchCode ?? '')].length > 40) problems.push(tooLong('batchCode', 40));
  if (problems.length > 0) return { now: line, problems };
  const priced = { ...lineQuantities(wanted), unitPriceFen, taxRateBp: line.taxRateBp };
  return { now: { ...line, ...priced, ...lineAmounts(priced), batchCode, expiresOn }, problems };
}
