import type { DeviceMove, DevicePlace, Identifier, PostedDocument, Posting } from '../../../ledger';

/**
 * What a document of goods on consignment (代销) does: brings them, settles what was sold, gives unsold ones back, or makes
 * them our own.
 */
export const CONSIGNMENT_KINDS = ['receipt', 'settlement', 'return', 'purchase'] as const;
export type ConsignmentKind = (typeof CONSIGNMENT_KINDS)[number];

export const CONSIGNMENT_STATES = ['draft', 'posted', 'reversed'] as const;
export type ConsignmentState = (typeof CONSIGNMENT_STATES)[number];

export const CONSIGNMENT_DOCUMENT = 'purchasing.consignment';

/** At most so many devices in one document. */
export const MOST_CONSIGNED = 500;

export interface ArrivingDevice {
  /** Of its row; its `ref` in the posting. */
  id: number;
  skuId: number;
  identifiers: readonly Identifier[];
  /** A device that was here before and went back to a supplier. */
  known?: { deviceId: number; place: DevicePlace; costFen: number; add: readonly Identifier[] } | undefined;
}

/**
 * Devices come onto the shelf and stay the supplier's: they are counted, scanned and sold as others are, and have no value in
 * our books. Nothing is owed for them.
 */
export function arrivalPosting(
  document: PostedDocument,
  { locationId, supplierId, supplierName }: { locationId: number; supplierId: number; supplierName: string },
  devices: readonly ArrivingDevice[],
): Posting {
  const { storeId, businessDate } = document;
  const common = {
    to: { state: 'in_stock', storeId, locationId, bucket: 'sellable', ownership: 'consigned' },
    event: 'consigned',
    detail: { supplierName },
  } as const;
  return {
    document,
    devices: devices.map(({ id, skuId, identifiers, known }): DeviceMove => {
      const facts = { skuId, supplierId, receivedOn: businessDate };
      if (!known) return { kind: 'new', ref: String(id), identifiers, costFen: 0, ...facts, ...common };
      return {
        kind: 'move',
        deviceId: known.deviceId,
        from: known.place,
        ...common,
        // What it cost when it was here before is not what it costs now.
        costChangeFen: 0 - known.costFen,
        set: { ...facts, priceFen: null },
        ...(known.add.length > 0 ? { numbers: { end: [], add: known.add } } : {}),
      };
    }),
    stock: [],
    journal: [],
    openItems: [],
  };
}
