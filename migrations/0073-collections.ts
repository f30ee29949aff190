import { col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

/** Money received from customers and partners, and what it settles (收款单). */
export default migration('0073-collections', [
  ...createTable(
    'collection',
    {
      id: col.id().primary(),
      number: col.code(40),
      customerId: col.id().references('customer'),
      storeId: col.id().references('store'),
      account: col.code(20),
      businessDate: col.date(),
      amountFen: col.money(),
      reference: col.text(80).nullable(),
      note: col.text(200).nullable(),
      state: col.code(12),
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
  ),
  ...createTable(
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
  ),
  numberDocuments('SK'),
]);
