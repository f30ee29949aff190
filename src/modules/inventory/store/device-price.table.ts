import { col, defineTable, type Row } from '../../../platform/database';
import type { PriceChangeState, PriceWay } from '../domain/device-pricing';

/** Prices of single devices of one store that were changed at once (单台调价单); posted when it is made. */
export const devicePriceChange = defineTable(
  'device_price_change',
  {
    id: col.id().primary(),
    number: col.code(40),
    storeId: col.id().references('store'),
    businessDate: col.date(),
    way: col.code<PriceWay>(10),
    /** Fen, or basis points of the list price; null: back to the list. */
    value: col.money().nullable(),
    reason: col.text(200),
    state: col.code<PriceChangeState>(12),
    devices: col.int(),
    reversalNumber: col.code(40).nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_device_price_number', columns: ['number'], unique: true },
      { name: 'ix_device_price_store', columns: ['storeId', 'state', 'id'] },
    ],
  },
);

export const devicePriceLine = defineTable(
  'device_price_line',
  {
    id: col.id().primary(),
    changeId: col.id().references('device_price_change'),
    lineNo: col.int(),
    deviceId: col.id().references('device'),
    /** Of the list, when it was changed. */
    listFen: col.money().nullable(),
    /** The device's own price before and after; null: the list's. */
    beforeFen: col.money().nullable(),
    afterFen: col.money().nullable(),
    /** Below the floor of its product, by somebody who may. */
    belowFloor: col.bool(),
  },
  {
    indexes: [
      { name: 'ux_device_price_line', columns: ['changeId', 'lineNo'], unique: true },
      { name: 'ix_device_price_line_dev', columns: ['deviceId'] },
    ],
  },
);

export type DevicePriceChangeRow = Row<typeof devicePriceChange>;
export type DevicePriceLineRow = Row<typeof devicePriceLine>;
