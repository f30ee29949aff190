import { addColumn, col, createTable, migration } from '../src/platform/database/portable';

/** Stocktakes that freeze what they count, and whose differences are approved by amount. */
export default migration('0049-stocktake-approval', [
  ...createTable(
    'stock_freeze',
    {
      id: col.id().primary(),
      locationId: col.id(),
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
  ),
  addColumn('stocktake', 'frozen', col.bool().nullable()),
  addColumn('stocktake', 'amountFen', col.money().nullable()),
  addColumn('stocktake', 'submission', col.int().nullable()),
  addColumn('stocktake', 'submittedAt', col.instant().nullable()),
  addColumn('stocktake', 'submittedBy', col.id().nullable()),
  addColumn('stocktake', 'approvedAt', col.instant().nullable()),
]);
