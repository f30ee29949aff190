import { costOut, type FieldProblem } from '../../../kernel';
import { balancesFor, type StockKey, stockKeyText, type StockOnBooks } from '../../../ledger';
import type { Unit } from '../../../platform/unit-of-work';
import type { SkuCard } from '../../catalog';
import { pricesOf } from '../../pricing';
import { readIdentifiers } from '../domain/build';
import type { ComingLine, LeavingLine, TakenGoods } from '../domain/build-posting';
import { type Shelf, shelvesAt } from '../queries/build-shelves';
import type { StockBuildLineRow, StockBuildRow } from '../store/build.table';
import { type DevicesOfBuild, refuse } from './build-devices';
import { batchKeyText, ensureBatches } from './ensure-batches';

export interface PostedBuild {
  row: StockBuildRow;
  lines: readonly StockBuildLineRow[];
  cards: ReadonlyMap<number, SkuCard>;
}

/** What comes in, with its batches and what each line counts. 409 with each line that does not say enough. */
export async function comingLines(unit: Unit, build: PostedBuild, devices: DevicesOfBuild): Promise<ComingLine[]> {
  const { row, cards } = build;
  const lines = build.lines.filter(({ direction }) => direction === 'in');
  const byBatch = lines.filter(({ skuId }) => cards.get(skuId)?.tracking === 'batch');
  const prices =
    row.kind === 'assemble'
      ? new Map<number, { priceFen: number }>()
      : await pricesOf(
          unit,
          lines.map(({ skuId }) => skuId),
          { storeId: row.storeId, at: unit.now, on: unit.today },
        );
  // The product of an assembly takes all that its components cost.
  const each = ({ skuId, weightFen }: StockBuildLineRow): number | undefined =>
    row.kind === 'assemble' ? 1 : (weightFen ?? prices.get(skuId)?.priceFen);
  const problem = (line: StockBuildLineRow, code: string): FieldProblem => ({
    path: `line.${line.id}`,
    code: `inventory:error.build_${code}`,
    details: { name: cards.get(line.skuId)?.name ?? '' },
  });
  refuse([
    ...byBatch.filter(({ batchCode }) => batchCode === null).map((line) => problem(line, 'batch')),
    ...lines.filter((line) => each(line) === undefined).map((line) => problem(line, 'weight')),
    ...(lines.length === 0 ? [{ path: 'lines', code: 'inventory:error.build_no_parts' }] : []),
  ]);
  if (lines.every((line) => each(line) === 0)) refuse(lines.map((line) => problem(line, 'weight')));
  const batches = await ensureBatches(
    unit,
    byBatch.map(({ skuId, batchCode, expiresOn }) => ({
      skuId,
      code: batchCode ?? '',
      expiresOn,
      receivedOn: unit.today,
    })),
  );
  return lines.map((line): ComingLine => ({
    lineId: line.id,
    skuId: line.skuId,
    quantity: line.quantity,
    weight: (each(line) ?? 0) * line.quantity,
    batchId: batches.get(batchKeyText({ skuId: line.skuId, code: line.batchCode ?? '' })) ?? null,
    devices: devices.rowsOf(line.id).map((one) => ({
      ref: `b${one.id}`,
      identifiers: readIdentifiers(one.identifiers),
      known: devices.knownOf(one.id),
    })),
  }));
}

/** What leaves: devices as they are, goods from what expires first. Locks all balances of the document in one order. */
export async function leavingLines(
  unit: Unit,
  { row, lines: all, cards }: PostedBuild,
  devices: DevicesOfBuild,
  into: readonly ComingLine[],
): Promise<LeavingLine[]> {
  const lines = all.filter(({ direction }) => direction === 'out');
  const goods = lines.filter(({ skuId }) => cards.get(skuId)?.tracking !== 'serial');
  const shelves = await shelvesAt(
    unit,
    row.locationId,
    goods.map(({ skuId }) => skuId),
    unit.today,
  );
  const key = (skuId: number, batchId: number | null, bucket: StockKey['bucket']): StockKey => ({
    locationId: row.locationId,
    skuId,
    batchId,
    bucket,
  });
  const balances = await balancesFor(unit, [
    ...shelves.map(({ skuId, batchKey }) => key(skuId, batchKey || null, 'sellable')),
    ...into.map(({ skuId, batchId }) => key(skuId, batchId, row.intoBucket)),
  ]);
  const problems: FieldProblem[] = [];
  const leaving = lines.map((line): LeavingLine => {
    const common = { lineId: line.id, skuId: line.skuId };
    if (cards.get(line.skuId)?.tracking === 'serial')
      return { ...common, devices: devices.rowsOf(line.id).flatMap(({ id }) => devices.knownOf(id) ?? []), goods: [] };
    const own = shelves.filter(({ skuId }) => skuId === line.skuId);
    const taken = take(own, line.quantity, ({ batchKey }) =>
      balances.get(stockKeyText(key(line.skuId, batchKey || null, 'sellable'))),
    );
    if (taken.left > 0)
      problems.push({
        path: `line.${line.id}`,
        code: 'inventory:error.build_short',
        details: {
          name: cards.get(line.skuId)?.name ?? '',
          wanted: line.quantity,
          left: line.quantity - taken.left,
        },
      });
    return { ...common, devices: [], goods: taken.goods };
  });
  refuse(problems);
  return leaving;
}

function take(
  shelves: readonly Shelf[],
  pieces: number,
  balanceOf: (shelf: Shelf) => StockOnBooks | undefined,
): { goods: TakenGoods[]; left: number } {
  const goods: TakenGoods[] = [];
  let left = pieces;
  for (const shelf of shelves) {
    const balance = balanceOf(shelf);
    const now = Math.min(left, balance?.quantity ?? 0);
    if (!balance || now <= 0) continue;
    goods.push({ batchId: shelf.batchKey || null, pieces: now, costFen: costOut(balance, now) });
    left -= now;
  }
  return { goods, left };
}
