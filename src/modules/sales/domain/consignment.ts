import type { Bucket, DeviceMove, DeviceOnBooks, DevicePlace, PostedDocument, Posting } from '../../../ledger';

/** `out`: something is still with the partner. `closed`: all of it is settled or came back. */
export const CONSIGNMENT_STATES = ['out', 'closed', 'reversed'] as const;
export type ConsignmentState = (typeof CONSIGNMENT_STATES)[number];

/** Ledger documents. */
export const CONSIGNMENT_DOCUMENT = 'sales.consignment';
export const CONSIGNMENT_RETURN_DOCUMENT = 'sales.consignment_return';

/** Devices of one document. */
export const MOST_CONSIGNED = 500;

/** As what a device may come back from a partner. */
export const BACK_BUCKETS = ['sellable', 'demo', 'defective', 'quarantine'] as const satisfies readonly Bucket[];
export type BackBucket = (typeof BACK_BUCKETS)[number];

type Held = Pick<
  DeviceOnBooks,
  'id' | 'skuId' | 'state' | 'storeId' | 'locationId' | 'bucket' | 'ownership' | 'costFen' | 'priceFen'
>;

const placeOf = ({ state, storeId, locationId, bucket, ownership }: Held): DevicePlace => ({
  state,
  storeId,
  locationId,
  bucket,
  ownership,
});

/** Why a device cannot be given to a partner from a location; null: it can. */
export function consignProblem(
  device: Pick<Held, 'state' | 'bucket' | 'ownership' | 'locationId'>,
  locationId: number,
): 'not_in_stock' | 'elsewhere' | 'not_ours' | 'not_for_sale' | null {
  if (device.state !== 'in_stock') return 'not_in_stock';
  if (device.locationId !== locationId) return 'elsewhere';
  if (device.ownership !== 'own') return 'not_ours';
  return device.bucket === 'sellable' || device.bucket === 'demo' ? null : 'not_for_sale';
}

/**
 * Devices go to a partner and stay ours, at their cost in the stock of the store (1405): no till, transfer or count takes them,
 * and nothing is earned before the partner has told what was sold (小企业会计准则 59: revenue when the 代销清单 comes).
 */
export function consignPosting(document: PostedDocument, customerId: number, devices: readonly Held[]): Posting {
  return onlyMoves(
    document,
    devices.map((row) => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOf(row),
      to: { ...placeOf(row), state: 'at_partner', bucket: 'demo' },
      event: 'consigned_out',
      detail: { customerId },
    })),
  );
}

/** Unsold devices come back to where they were taken, each as what it is now. */
export function takeBackPosting(
  document: PostedDocument,
  devices: readonly { row: Held; bucket: BackBucket }[],
): Posting {
  return onlyMoves(
    document,
    devices.map(({ row, bucket }) => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOf(row),
      to: { ...placeOf(row), state: 'in_stock', bucket },
      event: 'consigned_back',
    })),
  );
}

const onlyMoves = (document: PostedDocument, devices: readonly DeviceMove[]): Posting => ({
  document,
  devices,
  stock: [],
  journal: [],
  openItems: [],
});
