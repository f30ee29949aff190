import type { BalanceOnBooks, DeviceOnBooks } from './books';
import { placeProblem } from './check-place';
import type { DeviceFacts, DevicePlace, Identifier, MovedDevice, NewDevice, StockMove } from './posting';
import type { FactChanges } from './tables';

/** A move together with the device as it stands in the books. */
export interface MoveEffect {
  move: MovedDevice;
  row: DeviceOnBooks;
  costChangeFen: number;
  costAfterFen: number;
  skuAfter: number;
  /** Facts to write, with those that follow from the move. */
  facts: DeviceFacts;
  changes: FactChanges | null;
}

/** Computes what a move does. A device that comes into stock starts to age, unless the document says from when. */
export function effectOf(move: MovedDevice, row: DeviceOnBooks, businessDate: string): MoveEffect {
  const entersStock = row.bucket === null && move.to.bucket !== null;
  const wanted: DeviceFacts = entersStock ? { stockedOn: businessDate, ...move.set } : { ...move.set };
  const facts: Record<string, string | number | null> = {};
  const changes: FactChanges = {};
  for (const [name, value] of Object.entries(wanted)) {
    const before = row[name as keyof DeviceFacts] ?? null;
    const after = (value as string | number | null | undefined) ?? null;
    if (value === undefined || before === after) continue;
    facts[name] = after;
    changes[name] = [before, after];
  }
  if (move.numbers) changes['numbers'] = [numbersText(move.numbers.end), numbersText(move.numbers.add)];
  const costChangeFen = move.costChangeFen ?? 0;
  return {
    move,
    row,
    costChangeFen,
    costAfterFen: row.costFen + costChangeFen,
    skuAfter: (facts['skuId'] as number | undefined) ?? row.skuId,
    facts,
    changes: Object.keys(changes).length > 0 ? changes : null,
  };
}

/** How an event tells numbers: `imei:356938035643809 sn:F2LX`; null for none. */
const numbersText = (numbers: readonly Identifier[]): string | null =>
  numbers.map(({ kind, value }) => `${kind}:${value}`).join(' ') || null;

export function numbersFromText(text: string | number | null | undefined): Identifier[] {
  if (typeof text !== 'string') return [];
  return text.split(' ').map((one) => {
    const colon = one.indexOf(':');
    return { kind: one.slice(0, colon) as Identifier['kind'], value: one.slice(colon + 1) };
  });
}

/** Rules that need the device's cost: it is never negative, and what is not ours has no value in the books. */
export function effectProblems(effects: readonly MoveEffect[], born: readonly NewDevice[]): string[] {
  const problems: string[] = [];
  const check = (name: string, to: DevicePlace, costFen: number): void => {
    if (costFen < 0) problems.push(`${name} would cost ${costFen} fen`);
    if (to.bucket !== null && to.ownership !== 'own' && costFen !== 0)
      problems.push(`${name} is ${to.ownership} and costs ${costFen} fen`);
    const place = placeProblem(to);
    if (place) problems.push(`${name} to ${place}`);
  };
  for (const { move, costAfterFen } of effects) check(`device ${move.deviceId}`, move.to, costAfterFen);
  for (const device of born) check(`new device ${device.ref}`, device.to, device.costFen);
  return problems;
}

/** One row of stock_entry to be: at most one for each balance. */
export interface StockChange {
  storeId: number;
  locationId: number;
  skuId: number;
  batchKey: number;
  bucket: BalanceOnBooks['bucket'];
  byDevice: boolean;
  quantity: number;
  valueFen: number;
}

/** Entries of a posting: what follows from the devices' moves, and what the document says of all other goods. */
export function stockChanges(
  effects: readonly MoveEffect[],
  born: readonly NewDevice[],
  stock: readonly StockMove[],
): StockChange[] {
  const changes = new Map<string, StockChange>();
  const add = (change: StockChange): void => {
    const key = `${change.byDevice ? 'd' : 'p'}/${change.storeId}/${change.locationId}/${change.skuId}/${change.batchKey}/${change.bucket}`;
    const known = changes.get(key);
    if (!known) changes.set(key, { ...change });
    else {
      known.quantity += change.quantity;
      known.valueFen += change.valueFen;
    }
  };
  const addDevice = (place: DevicePlace, skuId: number, sign: 1 | -1, costFen: number): void => {
    const { storeId, locationId, bucket } = place;
    if (storeId === null || locationId === null || bucket === null) return;
    add({ storeId, locationId, skuId, batchKey: 0, bucket, byDevice: true, quantity: sign, valueFen: sign * costFen });
  };
  for (const { move, row, skuAfter, costAfterFen } of effects) {
    addDevice(move.from, row.skuId, -1, row.costFen);
    addDevice(move.to, skuAfter, 1, costAfterFen);
  }
  for (const device of born) addDevice(device.to, device.skuId, 1, device.costFen);
  for (const { batchId, ...move } of stock) add({ ...move, batchKey: batchId ?? 0, byDevice: false });
  return [...changes.values()]
    .map((change) => ({ ...change, quantity: change.quantity + 0, valueFen: change.valueFen + 0 }))
    .filter((change) => change.quantity !== 0 || change.valueFen !== 0);
}
