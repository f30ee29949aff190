import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0007-crm', [
  ...createTable(
    'customer',
    {
      id: col.id().primary(),
      code: col.code(24),
      name: col.text(60).nullable(),
      phoneCipher: col.code(400).nullable(),
      phoneHash: col.code(64).nullable(),
      phoneMasked: col.code(24).nullable(),
      gender: col.code(10).nullable(),
      birthOn: col.date().nullable(),
      note: col.text(400).nullable(),
      consentAt: col.instant().nullable(),
      storeId: col.id().references('store').nullable(),
      searchKey: col.text(400).nullable(),
      active: col.bool(),
      version: col.int(),
      createdAt: col.instant(),
      updatedAt: col.instant(),
    },
    {
      indexes: [
        { name: 'ux_customer_code', columns: ['code'], unique: true },
        { name: 'ux_customer_phone', columns: ['phoneHash'], unique: true, where: 'phone_hash IS NOT NULL' },
        { name: 'ix_customer_store', columns: ['storeId'] },
        { name: 'ix_customer_updated', columns: ['updatedAt', 'id'] },
      ],
    },
  ),
]);
