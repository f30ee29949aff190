import { DomainError, invalid, invalidField, normaliseCode } from '../../../kernel';
import { type Bucket, BUCKETS } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { type SkuCard, skusByCodes } from '../../catalog';
import { type ChangeAnswer, type ChangeScan, checkChangeScans } from '../domain/change-scan';
import { averageCosts } from '../queries/average-costs';
import { rightOf } from '../queries/change-reasons';
import { knownForChange } from '../queries/known-for-change';
import { assertDraft, lockChange, writeTotals } from '../store/change.store';
import { stockChangeLine, type StockChangeLineRow, type StockChangeRow } from '../store/change.table';

export const MOST_CHANGE_LINES = 5000;
const MOST_PIECES = 1_000_000;

/**
 * Takes devices by their scans; what is wrong is answered and leaves nothing. Each scan comes with the key made where it
 * happened: one that comes again gets the same answer and is not counted twice.
 */
export function scanIntoChange(
  uow: UnitOfWork,
  actor: Actor,
  { id, scans }: { id: number; scans: readonly ChangeScan[] },
  options?: RunOptions,
): Promise<ChangeAnswer[]> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, id);
      const { answers, taken } = checkChangeScans(scans, await knownForChange(unit, row, scans));
      await addLines(
        unit,
        row,
        taken.map(({ scan, device }) => ({
          lineKey: `d${device.deviceId}`,
          deviceId: device.deviceId,
          skuId: device.skuId,
          batchKey: 0,
          bucket: device.bucket ?? 'sellable',
          quantity: 1,
          scanKey: scan.key,
          unitCostFen: null,
        })),
      );
      const of = (outcome: ChangeAnswer['outcome']): number => answers.filter((one) => one.outcome === outcome).length;
      await writeTotals(unit, row, { double: of('double'), wrong: of('wrong') });
      return answers;
    },
    options,
  );
}

export interface ChangeGoods {
  id: number;
  /** Code or barcode. */
  code: string;
  /** Where the pieces stand now. */
  bucket: string;
  /** Of goods kept by batch; may be left out where there is only one. */
  batch: string;
  pieces: number;
  /** Cost of a piece: of what was found (null: the average), or what a piece shall cost. */
  unitCostFen?: number | null;
}

/** Adds pieces of goods without serial numbers. Throws 422 at the field that is wrong. */
export function addGoodsToChange(
  uow: UnitOfWork,
  actor: Actor,
  command: ChangeGoods,
  options?: RunOptions,
): Promise<{ name: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, command.id);
      const card = await goodsCard(unit, command.code);
      const bucket = BUCKETS.find((one) => one === command.bucket && one !== 'in_transit');
      if (!bucket) throw invalidField('bucket', 'errors:field.invalid');
      if (bucket === row.effect) throw invalidField('bucket', 'inventory:error.change_same_state');
      const { effect } = row;
      const typedFen = command.unitCostFen ?? null;
      if (typedFen !== null) authorise(actor, COST_PERMISSION, row.storeId);
      const unitCostFen = effect === 'gain' || effect === 'value' ? typedFen : null;
      if (effect === 'value' && unitCostFen === null) throw invalidField('unitCost', 'errors:field.required');
      const lot =
        effect === 'gain'
          ? await foundLot(unit, card, command.batch)
          : await lotOf(unit, row, card, bucket, command.batch);
      // A cost is corrected for all pieces that lie there.
      const pieces = effect === 'value' ? lot.quantity : command.pieces;
      if (!Number.isSafeInteger(pieces) || pieces < 1 || pieces > MOST_PIECES)
        throw invalidField('pieces', 'inventory:error.change_pieces');
      if (effect === 'gain') await requireCost(unit, card, unitCostFen);
      else if (lot.quantity < pieces)
        throw invalidField('pieces', 'inventory:error.change_short', { name: card.name, left: lot.quantity });
      await addLines(unit, row, [
        {
          lineKey: `g${card.id}/${lot.batchKey}/${bucket}`,
          deviceId: null,
          skuId: card.id,
          batchKey: lot.batchKey,
          bucket,
          quantity: pieces,
          scanKey: null,
          unitCostFen,
        },
      ]);
      await writeTotals(unit, row);
      return { name: card.name };
    },
    options,
  );
}

/** Takes lines off a draft. */
export function removeChangeLines(
  uow: UnitOfWork,
  actor: Actor,
  { id, lineIds }: { id: number; lineIds: readonly number[] },
  options?: RunOptions,
): Promise<{ removed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, id);
      let removed = 0;
      for (const chunk of chunked(lineIds))
        removed += await unit.execute(
          sql`DELETE FROM stock_change_line WHERE change_id = ${row.id} AND id IN (${sql.list(chunk)})`,
        );
      if (removed > 0) await writeTotals(unit, row);
      return { removed };
    },
    options,
  );
}

export async function lockDraft(unit: Unit, actor: Actor, id: number): Promise<StockChangeRow> {
  const row = await lockChange(unit, id);
  authorise(actor, rightOf(row.effect), row.storeId);
  assertDraft(row);
  return row;
}

type NewLine = Pick<
  StockChangeLineRow,
  'lineKey' | 'deviceId' | 'skuId' | 'batchKey' | 'bucket' | 'quantity' | 'scanKey' | 'unitCostFen'
>;

async function addLines(unit: Unit, row: StockChangeRow, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  const before = await unit.one<{ n: number; last: number | null }>(
    sql`SELECT COUNT(*) AS n, MAX(line_no) AS last FROM stock_change_line WHERE change_id = ${row.id}`,
  );
  if (Number(before?.n ?? 0) + lines.length > MOST_CHANGE_LINES)
    throw new DomainError('inventory:error.change_lines', { details: { max: MOST_CHANGE_LINES } });
  const goods = lines.find(({ deviceId }) => deviceId === null);
  if (goods && (await unit.find(stockChangeLine, { changeId: row.id, lineKey: goods.lineKey })).length > 0)
    throw invalid('inventory:error.change_twice');
  const firstId = unit.takeIds(stockChangeLine, lines.length);
  await unit.insert(
    stockChangeLine,
    lines.map((line, index) => ({
      ...line,
      id: firstId + index,
      changeId: row.id,
      lineNo: Number(before?.last ?? 0) + index + 1,
      valueFen: null,
      addedAt: unit.now,
      addedBy: unit.actor.userId,
      addedByName: unit.actor.name,
    })),
  );
}

async function goodsCard(read: Reader, code: string): Promise<SkuCard> {
  const card = (await skusByCodes(read, [code.trim()])).get(code.trim());
  if (!card) throw invalidField('code', 'inventory:error.transfer_sku');
  if (card.tracking === 'service') throw invalidField('code', 'inventory:error.transfer_service', { name: card.name });
  if (card.tracking === 'serial') throw invalidField('code', 'inventory:error.change_serial', { name: card.name });
  return card;
}

/** Goods that turn up need not lie there in the books; a batch must be known, new ones come by a receipt. */
async function foundLot(
  read: Reader,
  { id: skuId, name, tracking }: SkuCard,
  batch: string,
): Promise<{ batchKey: number; quantity: number }> {
  const code = normaliseCode(batch);
  if (tracking !== 'batch' && code === '') return { batchKey: 0, quantity: 0 };
  const found = await read.one<{ id: number }>(sql`SELECT id FROM batch WHERE sku_id = ${skuId} AND code = ${code}`);
  if (!found) throw invalidField('batch', 'inventory:error.change_batch_unknown', { name });
  return { batchKey: found.id, quantity: 0 };
}

async function requireCost(read: Reader, { id }: SkuCard, unitCostFen: number | null): Promise<void> {
  if (unitCostFen === null && !(await averageCosts(read, [id])).has(id))
    throw invalidField('unitCost', 'inventory:error.change_cost_needed');
}

/** What lies there of the goods, in the batch that was named or the only one there is. */
async function lotOf(
  read: Reader,
  { locationId }: StockChangeRow,
  { id: skuId, name }: SkuCard,
  bucket: Bucket,
  batch: string,
): Promise<{ batchKey: number; quantity: number }> {
  const lots = await read.all<{ batchKey: number; code: string | null; quantity: number }>(
    sql`SELECT b.batch_key, t.code, b.quantity FROM stock_balance b LEFT JOIN batch t ON t.id = b.batch_key
      WHERE b.location_id = ${locationId} AND b.sku_id = ${skuId} AND b.bucket = ${bucket} AND b.by_device = 0 AND b.quantity > 0
      ORDER BY COALESCE(t.expires_on, '9999-12-31'), b.batch_key`,
  );
  const wanted = normaliseCode(batch);
  const found = wanted === '' ? lots : lots.filter(({ code }) => code === wanted);
  const [lot] = found;
  if (!lot) throw invalidField(wanted === '' ? 'code' : 'batch', 'inventory:error.change_none', { name });
  if (found.length > 1) {
    const codes = found.map(({ code }) => code ?? '').join('、');
    throw invalidField('batch', 'inventory:error.change_which_batch', { name, codes });
  }
  return { batchKey: lot.batchKey, quantity: lot.quantity };
}
