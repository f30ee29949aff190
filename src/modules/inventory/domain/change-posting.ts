import { costOut } from '../../../kernel';
import type {
  DeviceMove,
  DeviceOnBooks,
  DevicePlace,
  PostedDocument,
  Posting,
  StockKey,
  StockMove,
  StockOnBooks,
} from '../../../ledger';
import type { StatusEffect } from './change-effect';

/** Pieces of goods without serial numbers that stand in the bucket of the key. */
export interface ChangedGoods extends StockKey {
  /** > 0 */
  pieces: number;
  balance: StockOnBooks;
}

export interface StatusChange {
  effect: StatusEffect;
  /** In the words of the company; stands in the history of each device. */
  reason: string;
  devices: readonly DeviceOnBooks[];
  goods: readonly ChangedGoods[];
}

/** Devices and goods change their bucket and nothing else: the stock account stays as it is. */
export function statusPosting(
  document: PostedDocument,
  { effect, reason, devices, goods }: StatusChange,
): Posting & { goodsFen: readonly number[] } {
  const goodsFen = goods.map(({ balance, pieces }) => costOut(balance, pieces));
  const move = (one: ChangedGoods, valueFen: number, bucket: StockKey['bucket'], sign: 1 | -1): StockMove => ({
    locationId: one.locationId,
    skuId: one.skuId,
    batchId: one.batchId,
    bucket,
    storeId: document.storeId,
    quantity: sign * one.pieces,
    valueFen: sign * valueFen + 0,
  });
  return {
    document,
    devices: devices.map((row): DeviceMove => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOfDevice(row),
      to: { ...placeOfDevice(row), bucket: effect },
      event: `status_${effect}`,
      detail: { reason },
    })),
    stock: merged(
      goods.flatMap((one, index) => [
        move(one, goodsFen[index] ?? 0, one.bucket, -1),
        move(one, goodsFen[index] ?? 0, effect, 1),
      ]),
    ),
    journal: [],
    openItems: [],
    goodsFen,
  };
}

export const placeOfDevice = ({ state, storeId, locationId, bucket, ownership }: DeviceOnBooks): DevicePlace => ({
  state,
  storeId,
  locationId,
  bucket,
  ownership,
});

const keyText = ({ locationId, skuId, batchId, bucket }: StockKey): string =>
  `${locationId}/${skuId}/${batchId ?? 0}/${bucket}`;

/** A balance changes once in a posting: what comes into one bucket from several is one move. */
function merged(moves: readonly StockMove[]): StockMove[] {
  const byKey = new Map<string, StockMove>();
  for (const one of moves) {
    const known = byKey.get(keyText(one));
    byKey.set(keyText(one), {
      ...one,
      quantity: one.quantity + (known?.quantity ?? 0),
      valueFen: one.valueFen + (known?.valueFen ?? 0),
    });
  }
  return [...byKey.values()];
}
