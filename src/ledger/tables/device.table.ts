import { col, defineTable } from '../../platform/database';
import type { Bucket, DeviceState, IdentifierKind, Ownership } from '../posting';

/** One row for ever, whatever happens to the device. Only the ledger's writer changes it. */
export const device = defineTable(
  'device',
  {
    id: col.id().primary(),
    skuId: col.id(),
    state: col.code<DeviceState>(20),
    storeId: col.id().nullable(),
    locationId: col.id().nullable(),
    /** Set while the device counts as stock. */
    bucket: col.code<Bucket>(12).nullable(),
    ownership: col.code<Ownership>(10),
    costFen: col.money(),
    /** Individual price; null: the price list. */
    priceFen: col.money().nullable(),
    grade: col.code(10).nullable(),
    /** Percent. */
    batteryHealth: col.int().nullable(),
    supplierId: col.id().nullable(),
    receivedOn: col.date(),
    /** Age in stock counts from here. */
    stockedOn: col.date().nullable(),
    makerWarrantyUntil: col.date().nullable(),
    shopWarrantyUntil: col.date().nullable(),
    /** The posting that brought it in first. */
    sourcePostingId: col.id().references('posting'),
    /** `seq` of its last event. */
    lastSeq: col.int(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ix_device_sku', columns: ['skuId', 'state'] },
      { name: 'ix_device_store', columns: ['storeId', 'state', 'stockedOn'] },
      { name: 'ix_device_location', columns: ['locationId', 'bucket', 'skuId'] },
      { name: 'ix_device_bucket', columns: ['bucket', 'stockedOn', 'id'] },
      { name: 'ix_device_source', columns: ['sourcePostingId'] },
    ],
    checks: [{ name: 'ck_device_cost', expression: 'cost_fen >= 0' }],
  },
);

/** Every number a device ever had. */
export const deviceIdentifier = defineTable(
  'device_identifier',
  {
    id: col.id().primary(),
    deviceId: col.id().references('device'),
    kind: col.code<IdentifierKind>(10),
    value: col.code(40),
    /** The value while it is active: two active devices cannot have the same number. */
    activeKey: col.code(40).nullable(),
    /** 1 is the number shown first. */
    position: col.int(),
    /** Its last 8 characters backwards: people type the last few, and an index finds them. */
    tail: col.code(8),
    endedAt: col.instant().nullable(),
  },
  {
    indexes: [
      { name: 'ix_identifier_device', columns: ['deviceId'] },
      { name: 'ix_identifier_value', columns: ['value'] },
      { name: 'ix_identifier_tail', columns: ['tail'] },
      { name: 'ux_identifier_active', columns: ['activeKey'], unique: true, where: 'active_key IS NOT NULL' },
    ],
  },
);

/** A fact of a device before and after an event. */
export type FactChanges = Record<string, [before: string | number | null, after: string | number | null]>;

/** Append-only: a device's life. The first event (seq 1) has no `from…`. */
export const deviceEvent = defineTable(
  'device_event',
  {
    id: col.id().primary(),
    deviceId: col.id().references('device'),
    seq: col.int(),
    at: col.instant(),
    businessDate: col.date(),
    postingId: col.id().references('posting'),
    event: col.code(30),
    fromState: col.code<DeviceState>(20).nullable(),
    fromStoreId: col.id().nullable(),
    fromLocationId: col.id().nullable(),
    fromBucket: col.code<Bucket>(12).nullable(),
    fromOwnership: col.code<Ownership>(10).nullable(),
    toState: col.code<DeviceState>(20),
    toStoreId: col.id().nullable(),
    toLocationId: col.id().nullable(),
    toBucket: col.code<Bucket>(12).nullable(),
    toOwnership: col.code<Ownership>(10),
    costChangeFen: col.money(),
    costAfterFen: col.money(),
    /** Facts that changed with it: SKU, price, warranty. */
    changes: col.json<FactChanges>().nullable(),
    detail: col.json<Record<string, unknown>>().nullable(),
    actorId: col.id().nullable(),
    actorName: col.text(80),
  },
  {
    indexes: [
      { name: 'ux_device_event_seq', columns: ['deviceId', 'seq'], unique: true },
      { name: 'ix_device_event_posting', columns: ['postingId'] },
    ],
  },
);
