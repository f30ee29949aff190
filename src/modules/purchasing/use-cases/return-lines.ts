import { type FieldProblem, invalid, normaliseCode, notFound, stale } from '../../../kernel';
import type { Bucket } from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, can, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { priceProblem, quantityProblem } from '../domain/receipt-lines';
import { FOREIGN_RETURNS } from '../queries/known-for-return';
import { lastPrices } from '../queries/last-prices';
import { returnAmounts, returnLinesOf, writeReturnTotals } from '../store/return.store';
import { purchaseReturnLine, type ReturnLineRow } from '../store/return.table';
import { tooLong } from './receipt-header';
import { auditReturn, lockDraft } from './save-return';
import { changesOf, requireRoom } from './scan-into-return';

export interface NewReturnLine {
  skuId: number;
  quantity: number | null;
  /** Left out or null: the price at which it was last bought from this supplier. */
  unitPriceFen?: number | null | undefined;
  bucket: Exclude<Bucket, 'in_transit'>;
  batchCode: string | null;
}

/** Adds goods without serial numbers; devices are scanned. */
export function addReturnLine(
  uow: UnitOfWork,
  actor: Actor,
  { returnId, ...wanted }: NewReturnLine & { returnId: number },
  options?: RunOptions,
): Promise<{ lineId: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, { returnId });
      const before = await returnLinesOf(unit, row.id);
      requireRoom(before.length + 1);
      const card = (await skusByIds(unit, [wanted.skuId])).get(wanted.skuId);
      const boughtFen = (await lastPrices(unit, row.supplierId, [wanted.skuId])).get(wanted.skuId) ?? null;
      const fields: FieldProblem[] = [];
      const at = (path: string, code: string, details?: Record<string, unknown>): void =>
        void fields.push({ path, code, ...(details ? { details } : {}) });
      if (!card) at('sku', 'purchasing:error.sku_unknown');
      else if (card.tracking === 'serial') at('sku', 'purchasing:error.return_serial', { name: card.name });
      else if (card.tracking === 'service') at('sku', 'purchasing:error.sku_service', { name: card.name });
      else if (boughtFen === null && !can(actor, FOREIGN_RETURNS, row.storeId))
        at('sku', 'purchasing:error.return_not_bought', { name: card.name });
      const quantity = quantityProblem({ serial: false, quantity: wanted.quantity, received: 0 });
      if (quantity) at('quantity', quantity);
      const given = can(actor, COST_PERMISSION, row.storeId) ? wanted.unitPriceFen : undefined;
      const unitPriceFen = given ?? boughtFen;
      const price = priceProblem(unitPriceFen);
      if (price) at('unitPrice', price);
      const batchCode = card?.tracking === 'batch' ? normaliseCode(wanted.batchCode ?? '') || null : null;
      if ([...(batchCode ?? '')].length > 40) fields.push(tooLong('batchCode', 40));
      if (fields.length > 0 || !card) throw invalid('errors:form', {}, fields);
      const pieces = wanted.quantity ?? 0;
      const priced = { quantity: pieces, unitPriceFen, taxRateBp: card.taxRateBp };
      const line: ReturnLineRow = {
        id: unit.takeIds(purchaseReturnLine),
        returnId: row.id,
        lineNo: Math.max(0, ...before.map(({ lineNo }) => lineNo)) + 1,
        skuId: card.id,
        bucket: wanted.bucket,
        batchCode,
        boughtFen,
        ...priced,
        ...returnAmounts(priced),
        costFen: null,
        foreignPieces: boughtFen === null ? pieces : 0,
        version: 1,
      };
      await unit.insert(purchaseReturnLine, [line]);
      await writeReturnTotals(unit, row, [...before, line]);
      await auditReturn(unit, row, 'add_line', { name: card.name, quantity: pieces });
      return { lineId: line.id };
    },
    options,
  );
}

export interface ChangedReturnLine {
  id: number;
  version: number;
  /** Of goods without serial numbers; of devices the scans are what counts. */
  quantity?: number | null | undefined;
  /** Left out: stays. */
  unitPriceFen?: number | null | undefined;
}

/** Changes quantities and agreed prices: all of them, or none with every problem at `lines.<index>.<field>`. */
export function changeReturnLines(
  uow: UnitOfWork,
  actor: Actor,
  { returnId, lines: changes }: { returnId: number; lines: readonly ChangedReturnLine[] },
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, { returnId });
      const before = await returnLinesOf(unit, row.id);
      const after = new Map(before.map((line) => [line.id, line]));
      const fields: FieldProblem[] = [];
      const seesCost = can(actor, COST_PERMISSION, row.storeId);
      changes.forEach((change, index) => {
        const line = after.get(change.id);
        if (!line) throw notFound('purchasing.return_line', change.id);
        if (line.version !== change.version) throw stale();
        const scanned = line.bucket === null;
        const quantity = scanned || change.quantity === undefined ? line.quantity : change.quantity;
        const problem = quantityProblem({ serial: false, quantity, received: 0 });
        if (problem) fields.push({ path: `lines.${index}.quantity`, code: problem });
        const unitPriceFen = seesCost && change.unitPriceFen !== undefined ? change.unitPriceFen : line.unitPriceFen;
        const price = priceProblem(unitPriceFen);
        if (price) fields.push({ path: `lines.${index}.unitPrice`, code: price });
        const priced = { ...line, quantity: quantity ?? 0, unitPriceFen };
        const foreignPieces = scanned || line.foreignPieces === 0 ? line.foreignPieces : priced.quantity;
        after.set(line.id, { ...priced, foreignPieces, ...returnAmounts(priced) });
      });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      let changed = 0;
      for (const line of before) {
        const now = after.get(line.id);
        if (!now || (now.quantity === line.quantity && now.unitPriceFen === line.unitPriceFen)) continue;
        const { unitPriceFen } = now;
        await unit.update(purchaseReturnLine, line.id, { ...changesOf(now), unitPriceFen }, line.version);
        changed += 1;
      }
      if (changed === 0) return { changed };
      await writeReturnTotals(unit, row, [...after.values()]);
      await auditReturn(unit, row, 'edit_lines', { lines: changed });
      return { changed };
    },
    options,
  );
}

/** Takes a line off a draft together with what was scanned into it. */
export function removeReturnLine(
  uow: UnitOfWork,
  actor: Actor,
  { returnId, lineId }: { returnId: number; lineId: number },
  options?: RunOptions,
): Promise<{ quantity: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, { returnId });
      const lines = await returnLinesOf(unit, row.id);
      const line = lines.find(({ id }) => id === lineId);
      if (!line) throw notFound('purchasing.return_line', lineId);
      await unit.execute(sql`DELETE FROM purchase_return_device WHERE line_id = ${line.id}`);
      await unit.execute(sql`DELETE FROM purchase_return_line WHERE id = ${line.id}`);
      const rest = lines.filter(({ id }) => id !== line.id);
      await writeReturnTotals(unit, row, rest);
      await auditReturn(unit, row, 'remove_line', { skuId: line.skuId, quantity: line.quantity });
      return { quantity: line.quantity };
    },
    options,
  );
}

/** Takes one scanned device off a draft; a line without devices goes. */
export function removeReturnDevice(
  uow: UnitOfWork,
  actor: Actor,
  { returnId, rowId }: { returnId: number; rowId: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, { returnId });
      const found = await unit.one<{ lineId: number; mainNumber: string; foreignPiece: number }>(
        sql`SELECT line_id, main_number, foreign_piece FROM purchase_return_device
          WHERE id = ${rowId} AND return_id = ${row.id}`,
      );
      if (!found) throw notFound('purchasing.return_device', rowId);
      await unit.execute(sql`DELETE FROM purchase_return_device WHERE id = ${rowId}`);
      const lines = await returnLinesOf(unit, row.id);
      const rest = lines.flatMap((line): ReturnLineRow[] => {
        if (line.id !== found.lineId) return [line];
        if (line.quantity === 1) return [];
        const less = { ...line, quantity: line.quantity - 1 };
        return [{ ...less, foreignPieces: line.foreignPieces - Number(found.foreignPiece), ...returnAmounts(less) }];
      });
      const now = rest.find(({ id }) => id === found.lineId);
      if (now) await unit.update(purchaseReturnLine, now.id, changesOf(now), now.version);
      else await unit.execute(sql`DELETE FROM purchase_return_line WHERE id = ${found.lineId}`);
      await writeReturnTotals(unit, row, rest);
      await auditReturn(unit, row, 'remove_device', { device: found.mainNumber });
      return { number: found.mainNumber };
    },
    options,
  );
}
