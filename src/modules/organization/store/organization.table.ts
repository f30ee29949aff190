import { col, defineTable, type Row } from '../../../platform/database';
import type { StoreKind } from '../domain/store-kind';

/** The retailer. One row; it owns the books. */
export const company = defineTable('company', {
  id: col.id().primary(),
  name: col.text(100),
  /** 统一社会信用代码 */
  taxNumber: col.code(30).nullable(),
  address: col.text(200).nullable(),
  phone: col.code(30).nullable(),
  /** ISO 4217 */
  currency: col.code(3),
  /** IANA name; business dates are days there. */
  timeZone: col.code(40),
  version: col.int(),
  updatedAt: col.instant(),
});

/** A shop or a warehouse; `code` stands in document numbers. */
export const store = defineTable(
  'store',
  {
    id: col.id().primary(),
    code: col.code(12),
    name: col.text(60),
    kind: col.code<StoreKind>(12),
    phone: col.code(30).nullable(),
    address: col.text(200).nullable(),
    active: col.bool(),
    version: col.int(),
    createdAt: col.instant(),
  },
  { indexes: [{ name: 'ux_store_code', columns: ['code'], unique: true }] },
);

/** Where stock is counted inside a store. Exactly one of a store's locations is the default one. */
export const location = defineTable(
  'location',
  {
    id: col.id().primary(),
    storeId: col.id().references('store'),
    code: col.code(12),
    name: col.text(60),
    isDefault: col.bool(),
    active: col.bool(),
  },
  { indexes: [{ name: 'ux_location_code', columns: ['storeId', 'code'], unique: true }] },
);

export const department = defineTable(
  'department',
  {
    id: col.id().primary(),
    name: col.text(60),
    /** The name as it is compared: one department per name. */
    nameKey: col.code(60),
    active: col.bool(),
    version: col.int(),
  },
  { indexes: [{ name: 'ux_department_name', columns: ['nameKey'], unique: true }] },
);

/** People who work here; who may sign in is a user's matter. */
export const staff = defineTable(
  'staff',
  {
    id: col.id().primary(),
    code: col.code(20),
    name: col.text(60),
    /** Home store; null for head office. */
    storeId: col.id().references('store').nullable(),
    departmentId: col.id().references('department').nullable(),
    jobTitle: col.text(40).nullable(),
    /** Of earlier versions: empty since the numbers are encrypted. */
    phone: col.code(30).nullable(),
    phoneCipher: col.code(400).nullable(),
    searchKey: col.text(400),
    active: col.bool(),
    version: col.int(),
    createdAt: col.instant(),
  },
  {
    indexes: [
      { name: 'ux_staff_code', columns: ['code'], unique: true },
      { name: 'ix_staff_store', columns: ['storeId'] },
      { name: 'ix_staff_department', columns: ['departmentId'] },
    ],
  },
);

export type CompanyRow = Row<typeof company>;
export type StoreRow = Row<typeof store>;
export type LocationRow = Row<typeof location>;
export type DepartmentRow = Row<typeof department>;
export type StaffRow = Row<typeof staff>;
