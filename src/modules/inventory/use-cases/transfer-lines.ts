import { type FieldProblem, invalid, notFound } from '../../../kernel';
import type { Bucket } from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { lockTransfer, openOf, transferLines, wrongState, writeTransfer } from '../store/transfer.store';
import { transferLine, type TransferLineRow, type TransferRow } from '../store/transfer.table';
import { authoriseEither } from '../queries/transfer-rights';

export const MAX_TRANSFER_LINES = 500;
const MAX_QUANTITY = 1_000_000;

export interface NewTransferLine {
  skuId: number;
  quantity: number;
  /** Of goods without serial numbers; sellable unless it says otherwise. */
  bucket?: Bucket | undefined;
}

/** Adds what is wanted to a draft; a product that is there already is wanted so many more. */
export function addTransferLine(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, ...line }: NewTransferLine & { transferId: number },
  options?: RunOptions,
): Promise<{ lineId: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId);
      authoriseEither(actor, 'inventory.transfer.create', row);
      if (row.state !== 'draft') throw wrongState(row);
      const lines = await transferLines(unit, row.id);
      const known = lines.find(({ skuId }) => skuId === line.skuId);
      if (known && (line.bucket ?? known.bucket) === known.bucket) {
        const after = lines.map((one) => (one === known ? { ...one, quantity: one.quantity + line.quantity } : one));
        checkQuantity(line.quantity, 'quantity');
        await writeTransfer(unit, row, lines, after);
        return { lineId: known.id };
      }
      if (known) throw invalid('inventory:error.transfer_two_states');
      const [added] = await insertTransferLines(unit, row, lines, [line]);
      await writeTransfer(unit, row, lines, [...lines, ...(added ? [added] : [])]);
      return { lineId: added?.id ?? 0 };
    },
    options,
  );
}

/** The lines as written; the caller writes the sums. Problems stand at `lines.<index>.<field>`. */
export async function insertTransferLines(
  unit: Unit,
  row: TransferRow,
  present: readonly TransferLineRow[],
  lines: readonly (NewTransferLine & { picked?: number })[],
): Promise<TransferLineRow[]> {
  if (lines.length === 0) return [];
  if (present.length + lines.length > MAX_TRANSFER_LINES)
    throw invalid('inventory:error.transfer_lines', { max: MAX_TRANSFER_LINES });
  const cards = await skusByIds(
    unit,
    lines.map(({ skuId }) => skuId),
  );
  const fields: FieldProblem[] = [];
  const firstId = unit.takeIds(transferLine, lines.length);
  const lastNo = Math.max(0, ...present.map(({ lineNo }) => lineNo));
  const taken = new Set(present.map(({ skuId }) => skuId));
  const rows = lines.map(({ skuId, quantity, bucket = 'sellable', picked = 0 }, index): TransferLineRow => {
    const card = cards.get(skuId);
    const at = (field: string, code: string): void =>
      void fields.push({ path: `lines.${index}.${field}`, code, details: { name: card?.name ?? '' } });
    if (!card) at('sku', 'inventory:error.transfer_sku');
    else if (card.tracking === 'service') at('sku', 'inventory:error.transfer_service');
    if (taken.has(skuId)) at('sku', 'inventory:error.transfer_twice');
    if (bucket === 'in_transit') at('bucket', 'errors:field.invalid');
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY)
      at('quantity', 'inventory:error.transfer_quantity');
    taken.add(skuId);
    return {
      id: firstId + index,
      transferId: row.id,
      lineNo: lastNo + index + 1,
      skuId,
      bucket,
      quantity,
      picked,
      sent: 0,
      counted: 0,
      damaged: 0,
      received: 0,
      returned: 0,
      lost: 0,
    };
  });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  await unit.insert(transferLine, rows);
  return rows;
}

function checkQuantity(quantity: number, path: string): void {
  if (Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY) return;
  throw invalid('errors:form', {}, [{ path, code: 'inventory:error.transfer_quantity' }]);
}

/** Takes a line off a draft together with what was scanned into it. */
export function removeTransferLine(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, lineId }: { transferId: number; lineId: number },
  options?: RunOptions,
): Promise<{ devices: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId);
      authoriseEither(actor, 'inventory.transfer.create', row);
      if (row.state !== 'draft') throw wrongState(row);
      const lines = await transferLines(unit, row.id);
      const line = lines.find(({ id }) => id === lineId);
      if (!line) throw notFound('inventory.transfer_line', lineId);
      const devices = await unit.execute(sql`DELETE FROM transfer_device WHERE line_id = ${line.id}`);
      await unit.execute(sql`DELETE FROM transfer_line WHERE id = ${line.id}`);
      const rest = lines.filter((one) => one !== line);
      await writeTransfer(unit, row, rest, rest);
      return { devices };
    },
    options,
  );
}

export interface CountedLine {
  lineId: number;
  quantity: number;
  /** At arrival, of these. */
  damaged?: number | undefined;
}

/** Counts of goods without serial numbers: for sending (draft, approved), or at arrival (sent). Posts nothing. */
export function countTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, version, lines: counts }: { transferId: number; version: number; lines: readonly CountedLine[] },
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId, version);
      const arriving = row.state === 'sent';
      if (!arriving && row.state !== 'draft' && row.state !== 'approved') throw wrongState(row);
      authorisePhase(actor, row);
      const lines = await transferLines(unit, row.id);
      const cards = await skusByIds(
        unit,
        lines.map(({ skuId }) => skuId),
      );
      const byId = new Map(counts.map((one) => [one.lineId, one]));
      const fields: FieldProblem[] = [];
      const after = lines.map((line) => {
        const given = byId.get(line.id);
        if (!given || cards.get(line.skuId)?.tracking === 'serial') return line;
        const { quantity, damaged = 0 } = given;
        const most = arriving ? openOf(line) : row.state === 'draft' ? MAX_QUANTITY : line.quantity;
        const at = (field: string, code: string): void =>
          void fields.push({ path: `count.l${line.id}.${field}`, code, details: { count: most, line: line.lineNo } });
        if (!Number.isSafeInteger(quantity) || quantity < 0) at('quantity', 'inventory:error.transfer_count');
        else if (quantity > most) at('quantity', 'inventory:error.transfer_count_most');
        if (!Number.isSafeInteger(damaged) || damaged < 0 || damaged > quantity)
          at('damaged', 'inventory:error.transfer_damaged');
        return arriving
          ? { ...line, counted: quantity, damaged }
          : { ...line, picked: quantity, quantity: Math.max(line.quantity, quantity) };
      });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      await writeTransfer(unit, row, lines, after);
      return { id: row.id };
    },
    options,
  );
}

/** Throws 403 unless the actor may scan and count now: the sender before it leaves, the receiver at arrival. */
export function authorisePhase(actor: Actor, row: TransferRow): void {
  if (row.state === 'sent') authorise(actor, 'inventory.transfer.receive', row.toStoreId);
  else authorise(actor, 'inventory.transfer.send', row.fromStoreId);
}
