import { col, defineTable, type Row } from '../../../platform/database';
import type { AlertKind } from '../domain/stock-alerts';

/** What wants somebody's attention, as one computation found it. The next computation takes its place. */
export const stockAlert = defineTable(
  'stock_alert',
  {
    id: col.id().primary(),
    /** The upkeep run that computed it. Within a run the ids are in the order of urgency of their kind. */
    runId: col.id(),
    kind: col.code<AlertKind>(10),
    storeId: col.id().references('store'),
    skuId: col.id().references('sku').nullable(),
    /** Where it would go (above, idle), where it comes from (transit). */
    otherStoreId: col.id().references('store').nullable(),
    /** What there is of it; what is missing of a document. */
    quantity: col.quantity(),
    /** Minimum or order point, or maximum. */
    limitQuantity: col.quantity().nullable(),
    /** How much a document made from it asks for; 0: none can be made. */
    wanted: col.quantity(),
    /** Old, idle, overdue, waiting for so many days; lasts so many days; until it expires. */
    days: col.int().nullable(),
    dueOn: col.date().nullable(),
    /** Transfer, return or batch that it is about. */
    documentId: col.id().nullable(),
    documentNumber: col.text(60).nullable(),
    /** `done`: a document was made from it. */
    state: col.code<'open' | 'done'>(10),
    madeType: col.code<'transfer' | 'requisition'>(12).nullable(),
    madeId: col.id().nullable(),
    madeNumber: col.code(40).nullable(),
  },
  {
    indexes: [
      { name: 'ix_stock_alert_run', columns: ['runId', 'kind', 'id'] },
      { name: 'ix_stock_alert_store', columns: ['storeId'] },
      { name: 'ix_stock_alert_sku', columns: ['skuId'] },
      { name: 'ix_stock_alert_other', columns: ['otherStoreId'] },
    ],
  },
);

export type StockAlertRow = Row<typeof stockAlert>;
