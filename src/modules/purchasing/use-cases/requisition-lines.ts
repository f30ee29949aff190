import { emptyToNull, type FieldProblem, invalid, normaliseName, notFound, stale } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { MAX_LINES, MAX_QUANTITY } from '../domain/receipt-lines';
import { assertRequisitionDraft, lockRequisition, wishesOf, writeRequisitionTotals } from '../store/requisition.store';
import { requisitionLine, type RequisitionLineRow, type RequisitionRow } from '../store/requisition.table';
import { auditRequisition, EDIT_REQUISITIONS } from './save-requisition';

export interface NewWish {
  skuId: number;
  quantity: number | null;
  reason?: string | null | undefined;
}

/** Adds lines to a draft: all of them, or none with every problem at `lines.<index>.<field>`. */
export function addWishes(
  uow: UnitOfWork,
  actor: Actor,
  command: { requisitionId: number; lines: readonly NewWish[] },
  options?: RunOptions,
): Promise<{ lineIds: number[] }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRequisition(unit, command.requisitionId);
      authorise(actor, EDIT_REQUISITIONS, row.storeId);
      assertRequisitionDraft(row);
      const present = await wishesOf(unit, row.id);
      const added = await insertWishes(unit, row, present, command.lines);
      await writeRequisitionTotals(unit, row, [...present, ...added]);
      await auditRequisition(unit, row, 'add_lines', { lines: added.length });
      return { lineIds: added.map(({ id }) => id) };
    },
    options,
  );
}

/** The caller writes the totals. */
export async function insertWishes(
  unit: Unit,
  row: RequisitionRow,
  present: readonly RequisitionLineRow[],
  lines: readonly NewWish[],
): Promise<RequisitionLineRow[]> {
  if (present.length + lines.length > MAX_LINES) throw invalid('purchasing:error.too_many_lines', { max: MAX_LINES });
  const cards = await skusByIds(
    unit,
    lines.map(({ skuId }) => skuId),
  );
  const fields: FieldProblem[] = [];
  const firstId = unit.takeIds(requisitionLine, lines.length);
  const lastNo = Math.max(0, ...present.map(({ lineNo }) => lineNo));
  const rows = lines.map((line, index): RequisitionLineRow => {
    const at = (field: string, code: string, details: Record<string, unknown> = {}): void =>
      void fields.push({ path: `lines.${index}.${field}`, code, details });
    const card = cards.get(line.skuId);
    if (!card) at('sku', 'purchasing:error.sku_unknown');
    else if (!card.active) at('sku', 'purchasing:error.sku_inactive', { name: card.name });
    else if (card.tracking === 'service') at('sku', 'purchasing:error.sku_service', { name: card.name });
    const { quantity, reason } = checkWish(line, at);
    const counts = { ordered: 0, received: 0, givenUp: 0, version: 1 };
    const place = { id: firstId + index, requisitionId: row.id, lineNo: lastNo + index + 1, skuId: line.skuId };
    return { ...place, quantity, reason, ...counts };
  });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  await unit.insert(requisitionLine, rows);
  return rows;
}

function checkWish(
  line: Omit<NewWish, 'skuId'>,
  at: (field: string, code: string, details?: Record<string, unknown>) => void,
): { quantity: number; reason: string | null } {
  const { quantity } = line;
  if (quantity === null) at('quantity', 'errors:field.required');
  else if (quantity < 1 || quantity > MAX_QUANTITY) at('quantity', 'purchasing:error.quantity');
  const reason = emptyToNull(normaliseName(line.reason ?? ''));
  if ([...(reason ?? '')].length > 200) at('reason', 'errors:field.too_long', { max: 200 });
  return { quantity: quantity ?? 0, reason };
}

export interface WishChange {
  id: number;
  /** As the page showed it. */
  version: number;
  /** 0 takes the line out. */
  quantity: number | null;
  reason: string | null;
}

/** Changes lines of a draft; problems come at `lines.<index>.<field>`, and then nothing changes. */
export function changeWishes(
  uow: UnitOfWork,
  actor: Actor,
  command: { requisitionId: number; lines: readonly WishChange[] },
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRequisition(unit, command.requisitionId);
      authorise(actor, EDIT_REQUISITIONS, row.storeId);
      assertRequisitionDraft(row);
      const lines = new Map((await wishesOf(unit, row.id)).map((line) => [line.id, line]));
      const fields: FieldProblem[] = [];
      const changes = command.lines.map((change, index) => {
        const line = lines.get(change.id);
        if (!line) throw notFound('purchasing.requisition_line', change.id);
        if (line.version !== change.version) throw stale();
        if (change.quantity === 0) return { line, quantity: 0, reason: null };
        const at = (field: string, code: string, details: Record<string, unknown> = {}): void =>
          void fields.push({ path: `lines.${index}.${field}`, code, details });
        return { line, ...checkWish(change, at) };
      });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      let changed = 0;
      for (const { line, quantity, reason } of changes) {
        if (quantity === line.quantity && reason === line.reason) continue;
        changed += 1;
        if (quantity === 0) {
          await unit.execute(sql`DELETE FROM requisition_line WHERE id = ${line.id}`);
          lines.delete(line.id);
          continue;
        }
        await unit.update(requisitionLine, line.id, { quantity, reason }, line.version);
        line.quantity = quantity;
      }
      if (changed === 0) return { changed };
      await writeRequisitionTotals(unit, row, [...lines.values()]);
      await auditRequisition(unit, row, 'edit_lines', { lines: changed });
      return { changed };
    },
    options,
  );
}
