import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0047-supplier-bank-changes', [
  ...createTable(
    'supplier_bank_change',
    {
      id: col.id().primary(),
      supplierId: col.id().references('supplier'),
      bank: col.text(80).nullable(),
      accountCipher: col.code(400).nullable(),
      state: col.code(12),
      reason: col.text(200).nullable(),
      requestedAt: col.instant(),
      requestedBy: col.id().nullable(),
      requestedByName: col.text(80),
      decidedAt: col.instant().nullable(),
      decidedBy: col.id().nullable(),
      decidedByName: col.text(80).nullable(),
      decision: col.text(200).nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ix_supplier_bank_change', columns: ['supplierId', 'id'] },
        { name: 'ix_supplier_bank_state', columns: ['state'] },
      ],
    },
  ),
]);
