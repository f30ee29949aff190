import { invalidField, isBusinessDate, normaliseCode, notFound } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { componentsOf, type SkuCard, skusByCodes, skusByIds } from '../../catalog';
import { sideOf } from '../domain/build';
import { auditBuild, buildLines, buildOver, lockBuild } from '../store/build.store';
import { stockBuild, stockBuildLine, type StockBuildLineRow, type StockBuildRow } from '../store/build.table';
import { readNumbers, replaceNumbers } from './build-numbers';
import { EDIT_BUILDS, MOST_BUILT } from './create-build';

export const MOST_BUILD_LINES = 60;

export interface DraftStep {
  id: number;
  /** As the page showed it. */
  version: number;
}

async function draft(unit: Unit, actor: Actor, { id, version }: DraftStep): Promise<StockBuildRow> {
  const row = await lockBuild(unit, id, version);
  authorise(actor, EDIT_BUILDS, row.storeId);
  if (row.state !== 'draft') throw buildOver(row);
  return row;
}

const assertPieces = (pieces: number, path: string): void => {
  if (!Number.isSafeInteger(pieces) || pieces < 1 || pieces > MOST_BUILT)
    throw invalidField(path, 'inventory:error.build_pieces', { max: MOST_BUILT });
};

export interface AddBuildLine extends DraftStep {
  /** Code or barcode. */
  code: string;
  quantity: number;
}

/** Adds a component that is not in the bill of materials, or all of what has none. */
export function addBuildLine(
  uow: UnitOfWork,
  actor: Actor,
  { code, quantity, ...step }: AddBuildLine,
  options?: RunOptions,
): Promise<{ name: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await draft(unit, actor, step);
      const card = (await skusByCodes(unit, [code])).get(code);
      if (!card) throw invalidField('code', 'inventory:error.build_unknown', { code: code.trim() });
      if (card.tracking === 'service') throw invalidField('code', 'inventory:error.build_service', { name: card.name });
      assertPieces(quantity, 'quantity');
      const lines = await buildLines(unit, row.id);
      if (lines.some(({ skuId }) => skuId === card.id))
        throw invalidField('code', 'inventory:error.build_twice', { name: card.name });
      if (lines.length >= MOST_BUILD_LINES)
        throw invalidField('code', 'inventory:error.build_lines', { max: MOST_BUILD_LINES });
      await unit.insert(stockBuildLine, [
        {
          id: unit.takeIds(stockBuildLine),
          buildId: row.id,
          lineNo: (lines.at(-1)?.lineNo ?? 0) + 1,
          direction: sideOf(row.kind, false),
          skuId: card.id,
          quantity,
          batchCode: null,
          expiresOn: null,
          weightFen: null,
          valueFen: null,
        },
      ]);
      await touch(unit, row, { added: card.name });
      return { name: card.name };
    },
    options,
  );
}

/** Takes a component off; the product stays. */
export function removeBuildLine(
  uow: UnitOfWork,
  actor: Actor,
  { lineId, ...step }: DraftStep & { lineId: number },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await draft(unit, actor, step);
      const line = (await buildLines(unit, row.id)).find(({ id }) => id === lineId);
      if (!line || line.skuId === row.skuId) throw notFound('inventory.build', lineId);
      await unit.execute(sql`DELETE FROM stock_build_device WHERE line_id = ${lineId}`);
      await unit.execute(sql`DELETE FROM stock_build_line WHERE id = ${lineId}`);
      await touch(unit, row, { removed: line.lineNo });
    },
    options,
  );
}

export interface ChangeBuildLine extends DraftStep {
  lineId: number;
  quantity: number;
  /** A device a line. */
  numbers: string;
  batch: string;
  expiresOn: string;
  /** What a piece counts when cost is shared; null: its list price. */
  weightFen: number | null;
}

/** Changes a line; another quantity of the product changes that of the components of its bill of materials with it. */
export function changeBuildLine(
  uow: UnitOfWork,
  actor: Actor,
  command: ChangeBuildLine,
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await draft(unit, actor, command);
      const lines = await buildLines(unit, row.id);
      const line = lines.find(({ id }) => id === command.lineId);
      const card = line && (await skusByIds(unit, [line.skuId])).get(line.skuId);
      if (!line || !card) throw notFound('inventory.build', command.lineId);
      assertPieces(command.quantity, 'quantity');
      await unit.execute(
        sql`UPDATE stock_build_line SET quantity = ${command.quantity}, batch_code = ${batchOf(card, command)},
          expires_on = ${expiryOf(card, command)}, weight_fen = ${weightOf(line, row, command)} WHERE id = ${line.id}`,
      );
      if (card.tracking === 'serial') await replaceNumbers(unit, line, readNumbers(command.numbers));
      const isProduct = line.skuId === row.skuId;
      if (isProduct && command.quantity !== line.quantity) await rescale(unit, row, lines, command.quantity);
      await touch(unit, row, { line: card.name }, isProduct ? { pieces: command.quantity } : {});
    },
    options,
  );
}

function batchOf({ tracking }: SkuCard, { batch }: ChangeBuildLine): string | null {
  if (tracking !== 'batch' || batch.trim() === '') return null;
  const code = normaliseCode(batch);
  if (code.length > 40) throw invalidField('batch', 'errors:field.too_long', { max: 40 });
  return code;
}

function expiryOf({ tracking }: SkuCard, { expiresOn }: ChangeBuildLine): string | null {
  if (tracking !== 'batch' || expiresOn === '') return null;
  if (!isBusinessDate(expiresOn)) throw invalidField('expiresOn', 'errors:field.invalid');
  return expiresOn;
}

function weightOf(line: StockBuildLineRow, row: StockBuildRow, { weightFen }: ChangeBuildLine): number | null {
  if (row.kind !== 'take_apart' || line.direction !== 'in' || weightFen === null) return null;
  if (weightFen < 0) throw invalidField('weightFen', 'errors:field.invalid');
  return weightFen;
}

async function rescale(
  unit: Unit,
  { skuId }: StockBuildRow,
  lines: readonly StockBuildLineRow[],
  pieces: number,
): Promise<void> {
  const bill = (await componentsOf(unit, [skuId])).get(skuId) ?? [];
  for (const { skuId: componentId, quantity } of bill) {
    const line = lines.find((one) => one.skuId === componentId);
    if (line)
      await unit.execute(sql`UPDATE stock_build_line SET quantity = ${quantity * pieces} WHERE id = ${line.id}`);
  }
}

async function touch(
  unit: Unit,
  row: StockBuildRow,
  detail: Record<string, unknown>,
  change: Partial<Pick<StockBuildRow, 'pieces'>> = {},
): Promise<void> {
  await unit.update(stockBuild, row.id, { businessDate: unit.today, ...change }, row.version);
  await auditBuild(unit, row, 'change', detail);
}
