import { allocate, fen } from '../../../kernel';
import type {
  Bucket,
  DeviceMove,
  DeviceOnBooks,
  Identifier,
  JournalLine,
  PostedDocument,
  Posting,
  StockMove,
} from '../../../ledger';
import type { BuildKind } from './build';
import { placeOfDevice } from './change-posting';

/** Pieces without serial numbers that leave one balance, at their moving average. */
export interface TakenGoods {
  batchId: number | null;
  /** > 0 */
  pieces: number;
  costFen: number;
}

export interface LeavingLine {
  lineId: number;
  skuId: number;
  devices: readonly DeviceOnBooks[];
  goods: readonly TakenGoods[];
}

export interface ComingDevice {
  /** The document's own row; `post` tells the id of a new device by it. */
  ref: string;
  identifiers: readonly Identifier[];
  /** Known: it was built in before, or leaves in this document in its other form. */
  known: DeviceOnBooks | null;
}

export interface ComingLine {
  lineId: number;
  skuId: number;
  quantity: number;
  /** What the line counts when cost is shared, ≥ 0. */
  weight: number;
  batchId: number | null;
  /** As many as pieces, or none: goods without serial numbers. */
  devices: readonly ComingDevice[];
}

export interface Build {
  kind: BuildKind;
  locationId: number;
  /** As what everything comes in. */
  bucket: Bucket;
  /** Of the product, for the history of devices. */
  productName: string;
  out: readonly LeavingLine[];
  into: readonly ComingLine[];
}

export interface BuildPosting extends Posting {
  totalFen: number;
  /** Line → what left or came in at cost. */
  lineFen: ReadonlyMap<number, number>;
}

/**
 * What leaves at its cost comes in again in another form, to the fen: an assembly's product costs the sum of its
 * components; what is taken apart gives its cost to its parts by their weights (largest remainders get the left-over
 * fen). A device that stands on both sides keeps its row and its numbers and changes what it is. Stock as a whole keeps
 * its value; the journal only says of which goods it is.
 */
export function buildPosting(document: PostedDocument, build: Build): BuildPosting {
  const leftFen = build.out.map(
    ({ devices, goods }) => total(devices.map(({ costFen }) => costFen)) + total(goods.map(({ costFen }) => costFen)),
  );
  const totalFen = total(leftFen);
  const cameFen = allocate(
    fen(totalFen),
    build.into.map(({ weight }) => weight),
  );
  const { storeId } = document;
  return {
    document,
    devices: deviceMoves(document, build, cameFen),
    stock: [...goodsOut(build, storeId), ...goodsIn(build, storeId, cameFen)],
    journal: [
      ...build.into.map(({ skuId }, index): JournalLine => ({
        account: 'inventory',
        debitFen: cameFen[index] ?? 0,
        storeId,
        skuId,
      })),
      ...build.out.map(({ skuId }, index): JournalLine => ({
        account: 'inventory',
        creditFen: leftFen[index] ?? 0,
        storeId,
        skuId,
      })),
    ],
    openItems: [],
    totalFen,
    lineFen: new Map([
      ...build.out.map(({ lineId }, index) => [lineId, leftFen[index] ?? 0] as const),
      ...build.into.map(({ lineId }, index) => [lineId, cameFen[index] ?? 0] as const),
    ]),
  };
}

const total = (amounts: readonly number[]): number => amounts.reduce((sum, one) => sum + one, 0);

function goodsOut({ out, locationId }: Build, storeId: number): StockMove[] {
  return out.flatMap(({ skuId, goods }) =>
    goods.map(({ batchId, pieces, costFen }): StockMove => ({
      locationId,
      skuId,
      batchId,
      bucket: 'sellable',
      storeId,
      quantity: -pieces,
      valueFen: 0 - costFen,
    })),
  );
}

function goodsIn({ into, locationId, bucket }: Build, storeId: number, cameFen: readonly number[]): StockMove[] {
  return into.flatMap(({ skuId, batchId, quantity, devices }, index): StockMove[] =>
    devices.length > 0
      ? []
      : [{ locationId, skuId, batchId, bucket, storeId, quantity, valueFen: cameFen[index] ?? 0 }],
  );
}

function deviceMoves(document: PostedDocument, build: Build, cameFen: readonly number[]): DeviceMove[] {
  const coming = build.into.flatMap((line, index) => comingMoves(document, build, line, cameFen[index] ?? 0));
  const transformed = new Set(coming.map((move) => (move.kind === 'move' ? move.deviceId : 0)));
  const leaving = build.out.flatMap(({ devices }) => devices).filter(({ id }) => !transformed.has(id));
  return [
    ...leaving.map((row): DeviceMove => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOfDevice(row),
      to: { ...placeOfDevice(row), state: 'issued', locationId: null, bucket: null },
      event: build.kind === 'assemble' ? 'built_in' : 'taken_apart',
      detail: { reason: build.productName },
    })),
    ...coming,
  ];
}

function comingMoves(
  { storeId }: PostedDocument,
  { kind, locationId, bucket, productName, out }: Build,
  { skuId, devices }: ComingLine,
  lineFen: number,
): DeviceMove[] {
  const leaving = new Set(out.flatMap((line) => line.devices.map(({ id }) => id)));
  const costs = costsOf(kind, lineFen, devices, leaving);
  return devices.map(({ ref, identifiers, known }, index): DeviceMove => {
    const costFen = costs[index] ?? 0;
    const common = {
      to: { state: 'in_stock', storeId, locationId, bucket, ownership: 'own' },
      event: kind === 'assemble' ? 'assembled' : 'taken_out',
      detail: { reason: productName },
    } as const;
    if (!known) return { kind: 'new', ref, skuId, identifiers, costFen, ...common };
    return {
      kind: 'move',
      deviceId: known.id,
      from: placeOfDevice(known),
      ...common,
      costChangeFen: costFen - known.costFen,
      set: { skuId, priceFen: null },
    };
  });
}

/** Evenly; where every piece is a device in its new form, each keeps its own cost and only the rest is even. */
function costsOf(
  kind: BuildKind,
  lineFen: number,
  devices: readonly ComingDevice[],
  leaving: ReadonlySet<number>,
): number[] {
  if (devices.length === 0) return [];
  const even = devices.map(() => 1);
  const own = devices.map(({ known }) => (known && leaving.has(known.id) ? known.costFen : null));
  if (kind !== 'assemble' || own.some((one) => one === null)) return allocate(fen(lineFen), even);
  const rest = allocate(fen(lineFen - total(own.map((one) => one ?? 0))), even);
  return own.map((one, index) => (one ?? 0) + (rest[index] ?? 0));
}
