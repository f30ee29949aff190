import { allocate, fen, type Money } from '../../../kernel';
import type { DevicePlace, StockKey } from '../../../ledger';

/** A device of a receipt line as the books have it now. */
export interface InvoicedDevice {
  deviceId: number;
  skuId: number;
  place: DevicePlace;
  costFen: number;
  /** In stock, ours, and last bought with this line: what it costs changes. */
  held: boolean;
  /** The posting that sold it; null: not sold, or held. */
  salePostingId: number | null;
}

/** A balance in which goods of a line may still lie; `freePieces` goes down as lines are given their part. */
export interface GoodsLot {
  key: StockKey;
  storeId: number;
  freePieces: number;
  valueFen: number;
}

/** A part of a line's difference: what one device, or goods together, take of it. */
export interface DifferenceShare {
  deviceId: number | null;
  pieces: number;
  held: boolean;
  amountFen: number;
  salePostingId: number | null;
}

/**
 * Every device of the line takes the same part: those held by costing more or less, the others by a cost adjustment. Nothing
 * is made cheaper than free: what would be is a cost adjustment as well.
 */
export function spreadOverDevices(amountFen: Money, devices: readonly InvoicedDevice[]): DifferenceShare[] {
  if (amountFen === 0) return [];
  if (devices.length === 0) return [outside(0, amountFen)];
  const parts = allocate(
    amountFen,
    devices.map(() => 1),
  );
  const shares = devices.flatMap((device, index): DifferenceShare[] => {
    const { deviceId, costFen, salePostingId } = device;
    const part = parts[index] ?? 0;
    const heldFen = device.held ? Math.max(part, -costFen) : 0;
    return [
      { deviceId, pieces: 1, held: true, amountFen: heldFen, salePostingId: null },
      { deviceId, pieces: device.held ? 0 : 1, held: false, amountFen: part - heldFen, salePostingId },
    ];
  });
  return shares.filter((share) => share.amountFen !== 0);
}

/**
 * Goods without serial numbers: of the pieces of the line as many are held as lie in the lots, in their order; these take
 * their part as value, the rest is a cost adjustment. The lots are lowered by what the line is taken to have in them, so that
 * the next line does not count the same pieces.
 */
export function spreadOverGoods(
  amountFen: Money,
  pieces: number,
  lots: GoodsLot[],
): { shares: DifferenceShare[]; values: { lot: GoodsLot; valueFen: number }[] } {
  if (amountFen === 0) return { shares: [], values: [] };
  const taken: { lot: GoodsLot; pieces: number }[] = [];
  let missing = pieces;
  for (const lot of lots) {
    const part = Math.min(missing, lot.freePieces);
    if (part <= 0) continue;
    taken.push({ lot, pieces: part });
    missing -= part;
  }
  const parts = taken.length === 0 ? [] : allocate(amountFen, [...taken.map((one) => one.pieces), missing]);
  const values = taken.map(({ lot, pieces: part }, index) => {
    const valueFen = Math.max(parts[index] ?? 0, -lot.valueFen);
    lot.freePieces -= part;
    lot.valueFen += valueFen;
    return { lot, valueFen };
  });
  const heldFen = values.reduce((total, { valueFen }) => total + valueFen, 0);
  const held = { deviceId: null, pieces: pieces - missing, held: true, amountFen: heldFen, salePostingId: null };
  const shares = [held, outside(missing, fen(amountFen - heldFen))].filter((share) => share.amountFen !== 0);
  return { shares, values: values.filter(({ valueFen }) => valueFen !== 0) };
}

const outside = (pieces: number, amountFen: number): DifferenceShare => ({
  deviceId: null,
  pieces,
  held: false,
  amountFen,
  salePostingId: null,
});
