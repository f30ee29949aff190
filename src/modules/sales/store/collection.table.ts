import { col, defineTable, type Row } from '../../../platform/database';
import type { ReceivingAccount } from '../domain/collection-posting';
import type { SaleState } from '../domain/sale';

/** Money received from a customer or partner for what was sold on account (收款单). */
export const collection = defineTable(
  'collection',
  {
    id: col.id().primary(),
    number: col.code(40),
    customerId: col.id().references('customer'),
    /** Whose account the money came to. */
    storeId: col.id().references('store'),
    account: col.code<ReceivingAccount>(20),
    businessDate: col.date(),
    amountFen: col.money(),
    /** Number of the transfer at the bank. */
    reference: col.text(80).nullable(),
    note: col.text(200).nullable(),
    state: col.code<SaleState>(12),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    reversedAt: col.instant().nullable(),
    reversedByName: col.text(80).nullable(),
    reversalNumber: col.code(40).nullable(),
    reversalReason: col.text(200).nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_collection_number', columns: ['number'], unique: true },
      { name: 'ix_collection_store', columns: ['storeId', 'state', 'id'] },
      { name: 'ix_collection_customer', columns: ['customerId', 'id'] },
    ],
    checks: [{ name: 'ck_collection_amount', expression: 'amount_fen > 0' }],
  },
);

/** What the money settles. */
export const collectionLine = defineTable(
  'collection_line',
  {
    id: col.id().primary(),
    collectionId: col.id().references('collection'),
    openItemId: col.id().references('open_item'),
    amountFen: col.money(),
  },
  {
    indexes: [
      { name: 'ux_collection_line', columns: ['collectionId', 'openItemId'], unique: true },
      { name: 'ix_collection_line_item', columns: ['openItemId'] },
    ],
    checks: [{ name: 'ck_collection_line_amount', expression: 'amount_fen > 0' }],
  },
);

export type CollectionRow = Row<typeof collection>;
