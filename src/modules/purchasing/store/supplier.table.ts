import { col, defineTable, type Row } from '../../../platform/database';
import type { PaymentTerms } from '../domain/payment-terms';

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
    /** From when the payment days count; null: from the business date. */
    paymentTerms: col.code<PaymentTerms>(12).nullable(),
    /** Days to the day a payable is due; 0: at once. */
    paymentDays: col.int(),
    /** Up to here the supplier delivers without money; null: no limit is known. */
    creditLimitFen: col.money().nullable(),
    /** From order to delivery, where an order does not say. */
    leadDays: col.int().nullable(),
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

/** Further people at a supplier; the first stands with the supplier itself. */
export const supplierContact = defineTable(
  'supplier_contact',
  {
    id: col.id().primary(),
    supplierId: col.id().references('supplier'),
    /** What they are asked for: sales, accounts, returns. */
    duty: col.text(40).nullable(),
    nameCipher: col.code(400),
    phoneCipher: col.code(400).nullable(),
    note: col.text(200).nullable(),
    createdAt: col.instant(),
    version: col.int(),
  },
  { indexes: [{ name: 'ix_supplier_contact_of', columns: ['supplierId', 'id'] }] },
);

export type SupplierRow = Row<typeof supplier>;
