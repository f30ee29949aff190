import type { Bucket } from '../../../ledger';
import { col, defineTable, type Row } from '../../../platform/database';
import type { BuildKind, BuildState } from '../domain/build';

/** Goods put together into another, or taken apart into others, at one location (组装单, 拆分单). */
export const stockBuild = defineTable(
  'stock_build',
  {
    id: col.id().primary(),
    number: col.code(40),
    kind: col.code<BuildKind>(12),
    storeId: col.id().references('store'),
    locationId: col.id().references('location'),
    /** Of the posting; of a draft the day it was begun. */
    businessDate: col.date(),
    /** What is put together, or taken apart. */
    skuId: col.id().references('sku'),
    pieces: col.quantity(),
    /** As what the parts of something taken apart come into stock. */
    intoBucket: col.code<Bucket>(12),
    note: col.text(400).nullable(),
    state: col.code<BuildState>(12),
    /** What changed its form, at cost; null until posted. */
    valueFen: col.money().nullable(),
    postedAt: col.instant().nullable(),
    reversalNumber: col.code(40).nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_stock_build_number', columns: ['number'], unique: true },
      { name: 'ix_stock_build_store', columns: ['storeId', 'state', 'id'] },
      { name: 'ix_stock_build_sku', columns: ['skuId'] },
    ],
  },
);

/** The first line is the product; all others are components. */
export const stockBuildLine = defineTable(
  'stock_build_line',
  {
    id: col.id().primary(),
    buildId: col.id().references('stock_build'),
    lineNo: col.int(),
    direction: col.code<'out' | 'in'>(4),
    skuId: col.id().references('sku'),
    /** Of the whole document. */
    quantity: col.quantity(),
    /** Of goods kept by batch that come in. */
    batchCode: col.code(40).nullable(),
    expiresOn: col.date().nullable(),
    /** What a piece counts when the cost of something taken apart is shared; null: its list price. */
    weightFen: col.money().nullable(),
    valueFen: col.money().nullable(),
  },
  {
    indexes: [
      { name: 'ux_stock_build_line', columns: ['buildId', 'skuId'], unique: true },
      { name: 'ix_stock_build_line_sku', columns: ['skuId'] },
    ],
  },
);

export const stockBuildDevice = defineTable(
  'stock_build_device',
  {
    id: col.id().primary(),
    buildId: col.id().references('stock_build'),
    lineId: col.id().references('stock_build_line'),
    /** In the order in which they were entered, from 1. */
    seq: col.int(),
    mainNumber: col.code(40),
    /** All numbers that were entered: "imei:356938035643809 imei:356938035643817". */
    identifiers: col.text(200),
    /** Once posted. */
    deviceId: col.id().nullable(),
  },
  {
    indexes: [
      { name: 'ux_stock_build_device', columns: ['lineId', 'mainNumber'], unique: true },
      { name: 'ix_stock_build_device_id', columns: ['deviceId'] },
      { name: 'ix_stock_build_device_build', columns: ['buildId'] },
    ],
  },
);

export type StockBuildRow = Row<typeof stockBuild>;
export type StockBuildLineRow = Row<typeof stockBuildLine>;
export type StockBuildDeviceRow = Row<typeof stockBuildDevice>;
