import { addColumn, col, createIndex, migration } from '../src/platform/database/portable';

/** The red-letter invoice (红字发票) that the supplier sends for returned goods, kept as a reference. */
export default migration('0044-credit-notes', [
  addColumn('purchase_return', 'creditNoteNumber', col.code(40).nullable()),
  addColumn('purchase_return', 'creditNoteOn', col.date().nullable()),
  createIndex('purchase_return', { name: 'ix_purchase_return_credit', columns: ['creditNoteNumber'] }),
]);
