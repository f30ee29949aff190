import { col, defineTable, type Row } from '../../../platform/database';
import type { Gender } from '../domain/customer';

/**
 * Names and phone numbers are encrypted. The keyed hash finds a customer by the whole number, the mask is for people to read;
 * names are found by their parts: customer_name_token.
 */
export const customer = defineTable(
  'customer',
  {
    id: col.id().primary(),
    code: col.code(24),
    /** Of earlier versions, as `searchKey`: empty since names are encrypted. */
    name: col.text(60).nullable(),
    nameCipher: col.code(400).nullable(),
    /** Key of the hashes in customer_name_token; null: there are none. */
    nameIndex: col.code(12).nullable(),
    phoneCipher: col.code(400).nullable(),
    /** Under the keys k1, k3, …; under the others in `phoneHashAlt`; while the key is changed, both. */
    phoneHash: col.code(64).nullable(),
    phoneHashAlt: col.code(64).nullable(),
    /** 138****5678 */
    phoneMasked: col.code(24).nullable(),
    gender: col.code<Gender>(10).nullable(),
    /** Of earlier versions, as `note`: empty since both are encrypted. */
    birthOn: col.date().nullable(),
    birthCipher: col.code(120).nullable(),
    note: col.text(400).nullable(),
    noteCipher: col.code(1800).nullable(),
    /** When the customer agreed to being contacted; null: not agreed. */
    consentAt: col.instant().nullable(),
    /** Where they first came. */
    storeId: col.id().references('store').nullable(),
    searchKey: col.text(400).nullable(),
    /** When everything that tells who they are was erased. */
    erasedAt: col.instant().nullable(),
    active: col.bool(),
    version: col.int(),
    createdAt: col.instant(),
    updatedAt: col.instant(),
    /** Record of the configuration set pricing.levels; null: no member. */
    levelId: col.id().nullable(),
  },
  {
    indexes: [
      { name: 'ux_customer_code', columns: ['code'], unique: true },
      { name: 'ux_customer_phone', columns: ['phoneHash'], unique: true, where: 'phone_hash IS NOT NULL' },
      { name: 'ux_customer_phone_alt', columns: ['phoneHashAlt'], unique: true, where: 'phone_hash_alt IS NOT NULL' },
      { name: 'ix_customer_store', columns: ['storeId'] },
      { name: 'ix_customer_updated', columns: ['updatedAt', 'id'] },
    ],
  },
);

export type CustomerRow = Row<typeof customer>;
