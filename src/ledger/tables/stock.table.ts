import { col, defineTable } from '../../platform/database';
import type { Bucket } from '../posting';

/** Sum of the entries of its key. `byDevice`: follows from the moves of devices. */
export const stockBalance = defineTable(
  'stock_balance',
  {
    id: col.id().primary(),
    storeId: col.id(),
    locationId: col.id(),
    skuId: col.id(),
    /** Batch id; 0: goods without batches. */
    batchKey: col.id(),
    bucket: col.code<Bucket>(12),
    byDevice: col.bool(),
    quantity: col.quantity(),
    valueFen: col.money(),
    updatedAt: col.instant(),
  },
  {
    indexes: [
      { name: 'ux_stock_balance_key', columns: ['locationId', 'skuId', 'batchKey', 'bucket'], unique: true },
      { name: 'ix_stock_balance_sku', columns: ['skuId', 'bucket'] },
      { name: 'ix_stock_balance_store', columns: ['storeId', 'bucket', 'skuId'] },
    ],
    checks: [
      { name: 'ck_stock_balance_quantity', expression: 'quantity >= 0' },
      { name: 'ck_stock_balance_value', expression: 'value_fen >= 0 AND (quantity > 0 OR value_fen = 0)' },
    ],
  },
);

/** Append-only. */
export const stockEntry = defineTable(
  'stock_entry',
  {
    id: col.id().primary(),
    postingId: col.id().references('posting'),
    balanceId: col.id().references('stock_balance'),
    storeId: col.id(),
    locationId: col.id(),
    skuId: col.id(),
    /** Batch id; 0: goods without batches. */
    batchKey: col.id(),
    bucket: col.code<Bucket>(12),
    quantity: col.quantity(),
    valueFen: col.money(),
    businessDate: col.date(),
    at: col.instant(),
  },
  {
    indexes: [
      { name: 'ix_stock_entry_posting', columns: ['postingId'] },
      { name: 'ix_stock_entry_balance', columns: ['balanceId'] },
      { name: 'ix_stock_entry_sku', columns: ['skuId', 'businessDate'] },
    ],
  },
);

/** Goods that a document counts and nobody else may move (盘点冻结); the rows go when it ends. */
export const stockFreeze = defineTable(
  'stock_freeze',
  {
    id: col.id().primary(),
    locationId: col.id(),
    /** 0: everything at the location. */
    skuId: col.id(),
    documentType: col.code(40),
    documentId: col.id(),
    documentNumber: col.code(40),
    since: col.instant(),
  },
  {
    indexes: [
      { name: 'ux_stock_freeze', columns: ['locationId', 'skuId', 'documentType', 'documentId'], unique: true },
      { name: 'ix_stock_freeze_document', columns: ['documentType', 'documentId'] },
    ],
  },
);
