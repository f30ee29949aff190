import type { Bucket, DevicePlace, DeviceState, Ownership } from './posting';

/** Buckets in which a device of this state may stand; null: it does not count as stock. */
const BUCKETS_OF: Readonly<Record<DeviceState, readonly (Bucket | null)[]>> = {
  in_stock: ['sellable', 'demo', 'defective', 'quarantine'],
  in_transit: ['in_transit'],
  // Still ours and in the books, but nothing a sale may take; a customer's own phone is in no bucket.
  lent: ['demo', 'defective', null],
  at_repairer: ['demo', 'defective', null],
  at_partner: ['demo'],
  sold: [null],
  returned_to_supplier: [null],
  scrapped: [null],
  issued: [null],
  missing: [null],
  customer_owned: [null],
  void: [null],
};

const OWNERS_OF: Partial<Record<DeviceState, Ownership>> = { sold: 'customer', customer_owned: 'customer' };

/** Why a device cannot be in this place; undefined when it can. The same rules stand in verify/devices. */
export function placeProblem({ state, storeId, locationId, bucket, ownership }: DevicePlace): string | undefined {
  const place = `${state}/${ownership}/${bucket ?? 'no bucket'}`;
  if (!BUCKETS_OF[state].includes(bucket)) return place;
  if (bucket !== null && (storeId === null || locationId === null)) return `${place} without store or location`;
  if (bucket !== null && ownership === 'customer') return place;
  if (bucket === null && (state === 'lent' || state === 'at_repairer') && ownership !== 'customer') return place;
  if (state === 'at_partner' && ownership !== 'own') return place;
  if ((OWNERS_OF[state] ?? ownership) !== ownership) return place;
  return undefined;
}
