import { col, defineTable, type Row } from '../../../platform/database';

/** Who goods are bought from. */
export const supplier = defineTable(
  'supplier',
  {
    id: col.id().primary(),
    code: col.code(20),
    name: col.text(80),
    /** The name of a record of purchasing.supplierCategories; of imported suppliers also other words. */
    category: col.text(40).nullable(),
    /** Of earlier versions, as `phone` and `bankAccount`: empty since they are encrypted. */
    contact: col.text(40).nullable(),
    contactCipher: col.code(400).nullable(),
    /** Of the whole name. */
    contactHash: col.code(64).nullable(),
    phone: col.code(30).nullable(),
    phoneCipher: col.code(400).nullable(),
    /** Of its digits: finds a supplier by the whole number. */
    phoneHash: col.code(64).nullable(),
    /** 统一社会信用代码 */
    taxNumber: col.code(30).nullable(),
    bank: col.text(80).nullable(),
    bankAccount: col.code(40).nullable(),
    bankAccountCipher: col.code(400).nullable(),
    address: col.text(200).nullable(),
    /** Days from the business date of a receipt to the day its payable is due; 0: at once. */
    paymentDays: col.int(),
    note: col.text(400).nullable(),
    active: col.bool(),
    searchKey: col.text(400).nullable(),
    createdAt: col.instant(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_supplier_code', columns: ['code'], unique: true },
      { name: 'ix_supplier_name', columns: ['name'] },
      { name: 'ix_supplier_phone', columns: ['phoneHash'] },
      { name: 'ix_supplier_contact', columns: ['contactHash'] },
    ],
  },
);

export type SupplierRow = Row<typeof supplier>;
