import { addColumn, col, createTable, migration } from '../src/platform/database/portable';

export default migration('0046-supplier-terms', [
  addColumn('supplier', 'paymentTerms', col.code(12).nullable()),
  addColumn('supplier', 'creditLimitFen', col.money().nullable()),
  addColumn('supplier', 'leadDays', col.int().nullable()),
  ...createTable(
    'supplier_contact',
    {
      id: col.id().primary(),
      supplierId: col.id().references('supplier'),
      duty: col.text(40).nullable(),
      nameCipher: col.code(400),
      phoneCipher: col.code(400).nullable(),
      note: col.text(200).nullable(),
      createdAt: col.instant(),
      version: col.int(),
    },
    { indexes: [{ name: 'ix_supplier_contact_of', columns: ['supplierId', 'id'] }] },
  ),
]);
