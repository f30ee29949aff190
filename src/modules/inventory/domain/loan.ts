import type { Bucket, DeviceMove, DeviceOnBooks, PostedDocument, Posting } from '../../../ledger';
import { placeOfDevice } from './change-posting';

/** `back`: every device came back. */
export const LOAN_STATES = ['out', 'back', 'reversed'] as const;
export type LoanState = (typeof LOAN_STATES)[number];

export const LOAN_PURPOSES = ['display', 'trial', 'event', 'training', 'partner', 'other'] as const;
export type LoanPurpose = (typeof LOAN_PURPOSES)[number];

/** As what a lent device may come back. */
export const RETURN_BUCKETS = ['sellable', 'demo', 'defective', 'quarantine'] as const satisfies readonly Bucket[];
export type ReturnBucket = (typeof RETURN_BUCKETS)[number];

/** Why a device cannot be lent from a location; null: it can. */
export function lendProblem(
  device: Pick<DeviceOnBooks, 'state' | 'bucket' | 'ownership' | 'locationId'>,
  locationId: number,
): 'not_in_stock' | 'elsewhere' | 'not_ours' | 'on_hold' | null {
  if (device.state !== 'in_stock') return 'not_in_stock';
  if (device.locationId !== locationId) return 'elsewhere';
  if (device.ownership !== 'own') return 'not_ours';
  return device.bucket === 'quarantine' ? 'on_hold' : null;
}

/**
 * Devices leave the shelf and stay ours, at their cost in the stock of the store: no sale, transfer or count takes them. A
 * defective one stays among the defective, all others stand with the demo devices.
 */
export function lendPosting(document: PostedDocument, borrower: string, devices: readonly DeviceOnBooks[]): Posting {
  return {
    document,
    devices: devices.map((row): DeviceMove => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOfDevice(row),
      to: { ...placeOfDevice(row), state: 'lent', bucket: row.bucket === 'defective' ? 'defective' : 'demo' },
      event: 'lent',
      detail: { borrower },
    })),
    stock: [],
    journal: [],
    openItems: [],
  };
}

/** Devices come back to where they were taken, each as what it is now. */
export function giveBackPosting(
  document: PostedDocument,
  devices: readonly { row: DeviceOnBooks; bucket: ReturnBucket }[],
): Posting {
  return {
    document,
    devices: devices.map(({ row, bucket }): DeviceMove => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOfDevice(row),
      to: { ...placeOfDevice(row), state: 'in_stock', bucket },
      event: 'lent_back',
    })),
    stock: [],
    journal: [],
    openItems: [],
  };
}
