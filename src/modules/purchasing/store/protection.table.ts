import { col, defineTable, type Row } from '../../../platform/database';
import type { Coverage, Uncovered } from '../domain/protection-coverage';
import type { ProtectionState } from '../domain/protection-state';

/** A claim that a supplier makes good a cut of prices for the devices that were bought before it (价保). */
export const protection = defineTable(
  'price_protection',
  {
    id: col.id().primary(),
    number: col.code(40),
    supplierId: col.id().references('supplier'),
    /** The store that claims; devices may be in others. */
    storeId: col.id().references('store'),
    /** From when the new price holds, and the business day of it. */
    effectiveAt: col.instant(),
    effectiveOn: col.date(),
    /** Devices sold at most so many days before are made good as well; 0: none. */
    windowDays: col.int(),
    /** The amounts are tax-inclusive and the input tax goes down with them. */
    withTax: col.bool(),
    /** The supplier's notice. */
    reference: col.text(80).nullable(),
    note: col.text(400).nullable(),
    state: col.code<ProtectionState>(12),
    /** Of the agreement; until then the day it was begun. */
    businessDate: col.date(),
    /** All that are listed; of these covered: held, on the way and sold. */
    deviceCount: col.int(),
    heldCount: col.int(),
    transitCount: col.int(),
    soldCount: col.int(),
    /** What is asked for, and what the supplier agreed to, its tax, and what of it lowered stock. */
    claimedFen: col.money(),
    agreedFen: col.money().nullable(),
    taxFen: col.money().nullable(),
    stockFen: col.money().nullable(),
    /** What came in the end. */
    settledFen: col.money().nullable(),
    dueOn: col.date().nullable(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    submittedAt: col.instant().nullable(),
    submittedOn: col.date().nullable(),
    agreedAt: col.instant().nullable(),
    /** Settled, refused or reversed. */
    closedAt: col.instant().nullable(),
    refusalReason: col.text(200).nullable(),
    reversalNumber: col.code(40).nullable(),
    reversalReason: col.text(200).nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_price_protection_number', columns: ['number'], unique: true },
      { name: 'ix_price_protection_supplier', columns: ['supplierId', 'state', 'id'] },
      { name: 'ix_price_protection_store', columns: ['storeId', 'state', 'id'] },
    ],
  },
);

export const protectionLine = defineTable(
  'price_protection_line',
  {
    id: col.id().primary(),
    claimId: col.id().references('price_protection'),
    lineNo: col.int(),
    skuId: col.id().references('sku'),
    /** A piece before and after, as the supplier announced. */
    oldPriceFen: col.money().nullable(),
    newPriceFen: col.money().nullable(),
    /** A piece, as claimed and as agreed. */
    unitFen: col.money(),
    agreedUnitFen: col.money().nullable(),
    taxRateBp: col.int(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_price_protection_line', columns: ['claimId', 'lineNo'], unique: true },
      { name: 'ix_price_protect_line_sku', columns: ['skuId'] },
    ],
    checks: [{ name: 'ck_price_protection_line', expression: 'unit_fen > 0' }],
  },
);

export const protectionDevice = defineTable(
  'price_protection_device',
  {
    id: col.id().primary(),
    claimId: col.id().references('price_protection'),
    seq: col.int(),
    mainNumber: col.code(40),
    /** Null: nobody knows this number. */
    deviceId: col.id().references('device').nullable(),
    lineId: col.id().references('price_protection_line').nullable(),
    coverage: col.code<Coverage>(12),
    /** Why it is not covered. */
    reason: col.code<Uncovered>(20).nullable(),
    /** Where it was at the effective hour, or who had sold it. */
    storeId: col.id().references('store').nullable(),
    soldOn: col.date().nullable(),
    saleType: col.code(40).nullable(),
    saleId: col.id().nullable(),
    saleNumber: col.code(40).nullable(),
    claimedFen: col.money(),
    agreedFen: col.money().nullable(),
    /** Without tax. */
    netFen: col.money().nullable(),
    /** The part that lowered stock; the rest is a cost adjustment. */
    stockFen: col.money().nullable(),
    /** What the device's own cost went down by. */
    costDropFen: col.money().nullable(),
  },
  {
    indexes: [
      { name: 'ux_price_protection_device', columns: ['claimId', 'mainNumber'], unique: true },
      { name: 'ix_price_protect_dev_seq', columns: ['claimId', 'seq'] },
      { name: 'ix_price_protect_dev_device', columns: ['deviceId'] },
      { name: 'ix_price_protect_dev_line', columns: ['lineId'] },
      { name: 'ix_price_protect_dev_store', columns: ['storeId'] },
    ],
  },
);

export type ProtectionRow = Row<typeof protection>;
export type ProtectionLineRow = Row<typeof protectionLine>;
export type ProtectionDeviceRow = Row<typeof protectionDevice>;
