import { col, defineTable, type Row } from '../../../platform/database';
import type { ShiftState, TenderSums } from '../domain/shift';

/** A till of a store: what shifts are opened on. */
export const register = defineTable(
  'register',
  {
    id: col.id().primary(),
    code: col.code(20),
    name: col.text(40),
    storeId: col.id().references('store'),
    active: col.bool(),
    version: col.int(),
    createdAt: col.instant(),
    /** Channels that may be sold by here beside the store's own sale; null: all. */
    channelIds: col.json<number[]>().nullable(),
  },
  {
    indexes: [{ name: 'ux_register_code', columns: ['storeId', 'code'], unique: true }],
  },
);

/** From opening a till to counting it. `openRegisterId` is the register while open and null afterwards: one open shift a register. */
export const shift = defineTable(
  'shift',
  {
    id: col.id().primary(),
    registerId: col.id().references('register'),
    storeId: col.id().references('store'),
    shiftNumber: col.code(40),
    state: col.code<ShiftState>(10),
    openRegisterId: col.id().nullable(),
    businessDate: col.date(),
    openedById: col.id().nullable(),
    openedByName: col.text(80),
    openedAt: col.instant(),
    openingFloatFen: col.money(),
    closedById: col.id().nullable(),
    closedByName: col.text(80).nullable(),
    closedAt: col.instant().nullable(),
    expected: col.json<TenderSums>().nullable(),
    counted: col.json<TenderSums>().nullable(),
    difference: col.json<TenderSums>().nullable(),
    denominations: col.json<Record<string, number>>().nullable(),
    differenceFen: col.money().nullable(),
    note: col.text(200).nullable(),
    version: col.int(),
    /** Posted sales and returns, and what they came to; kept by whoever posts or reverses one (soldInto). */
    saleCount: col.int().default(0),
    saleGrossFen: col.money().default(0),
  },
  {
    indexes: [
      { name: 'ux_shift_number', columns: ['shiftNumber'], unique: true },
      { name: 'ux_shift_open', columns: ['openRegisterId'], unique: true, where: 'open_register_id IS NOT NULL' },
      { name: 'ix_shift_register', columns: ['registerId', 'openedAt'] },
      { name: 'ix_shift_store', columns: ['storeId', 'openedAt'] },
    ],
  },
);

export type RegisterRow = Row<typeof register>;
export type ShiftRow = Row<typeof shift>;
