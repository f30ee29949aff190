import type { Bucket, DeviceMove, DeviceOnBooks, Identifier, PostedDocument, Posting } from '../../../ledger';
import { placeOfDevice } from './change-posting';

/** `back`: every device came back. */
export const LOAN_STATES = ['out', 'back', 'reversed'] as const;
export type LoanState = (typeof LOAN_STATES)[number];

export const LOAN_PURPOSES = ['display', 'trial', 'event', 'training', 'partner', 'other'] as const;
export type LoanPurpose = (typeof LOAN_PURPOSES)[number];

/** `out`: we lend. `in`: others lend us. */
export const LOAN_DIRECTIONS = ['out', 'in'] as const;
export type LoanDirection = (typeof LOAN_DIRECTIONS)[number];

export const directionOf = ({ inbound }: { inbound: boolean }): LoanDirection => (inbound ? 'in' : 'out');

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

export interface BorrowedDevice {
  ref: string;
  identifiers: readonly Identifier[];
  /** A device that was here before and went away again. */
  known?: DeviceOnBooks | undefined;
}

/**
 * Devices of somebody else come to us: they are counted and found, have no value in our books, stand with the demo devices and
 * cannot be sold.
 */
export function borrowPosting(
  document: PostedDocument,
  { lender, locationId, skuId }: { lender: string; locationId: number; skuId: number },
  devices: readonly BorrowedDevice[],
): Posting {
  const { storeId, businessDate: receivedOn } = document;
  const common = {
    to: { state: 'in_stock', storeId, locationId, bucket: 'demo', ownership: 'borrowed' },
    event: 'borrowed',
    detail: { lender },
  } as const;
  return {
    document,
    devices: devices.map(({ ref, identifiers, known }): DeviceMove => {
      const facts = { skuId, supplierId: null, receivedOn };
      if (!known) return { kind: 'new', ref, identifiers, costFen: 0, ...facts, ...common };
      return {
        kind: 'move',
        deviceId: known.id,
        from: placeOfDevice(known),
        ...common,
        costChangeFen: 0 - known.costFen,
        set: { ...facts, priceFen: null },
      };
    }),
    stock: [],
    journal: [],
    openItems: [],
  };
}

/** What was borrowed goes back to who lent it; what was lost ends so as well, once it is made good. */
export function handBackPosting(document: PostedDocument, devices: readonly DeviceOnBooks[]): Posting {
  return {
    document,
    devices: devices.map((row): DeviceMove => ({
      kind: 'move',
      deviceId: row.id,
      from: placeOfDevice(row),
      to: { ...placeOfDevice(row), state: 'returned_to_supplier', locationId: null, bucket: null },
      event: 'borrowed_back',
    })),
    stock: [],
    journal: [],
    openItems: [],
  };
}

/** Why a borrowed device cannot be given back now; null: it can. */
export const handBackProblem = (
  row: Pick<DeviceOnBooks, 'state'>,
  picked: boolean,
): 'not_in_stock' | 'in_transfer' | null => {
  if (row.state !== 'in_stock' && row.state !== 'missing') return 'not_in_stock';
  return picked ? 'in_transfer' : null;
};
