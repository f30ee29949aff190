import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0002-organization', [
  ...createTable('company', {
    id: col.id().primary(),
    name: col.text(100),
    taxNumber: col.code(30).nullable(),
    address: col.text(200).nullable(),
    phone: col.code(30).nullable(),
    currency: col.code(3),
    timeZone: col.code(40),
    version: col.int(),
    updatedAt: col.instant(),
  }),
  ...createTable(
    'store',
    {
      id: col.id().primary(),
      code: col.code(12),
      name: col.text(60),
      kind: col.code(12),
      phone: col.code(30).nullable(),
      address: col.text(200).nullable(),
      active: col.bool(),
      version: col.int(),
      createdAt: col.instant(),
    },
    { indexes: [{ name: 'ux_store_code', columns: ['code'], unique: true }] },
  ),
  ...createTable(
    'location',
    {
      id: col.id().primary(),
      storeId: col.id().references('store'),
      code: col.code(12),
      name: col.text(60),
      isDefault: col.bool(),
      active: col.bool(),
    },
    { indexes: [{ name: 'ux_location_code', columns: ['storeId', 'code'], unique: true }] },
  ),
  ...createTable(
    'department',
    {
      id: col.id().primary(),
      name: col.text(60),
      nameKey: col.code(60),
      active: col.bool(),
      version: col.int(),
    },
    { indexes: [{ name: 'ux_department_name', columns: ['nameKey'], unique: true }] },
  ),
  ...createTable(
    'staff',
    {
      id: col.id().primary(),
      code: col.code(20),
      name: col.text(60),
      storeId: col.id().references('store').nullable(),
      departmentId: col.id().references('department').nullable(),
      jobTitle: col.text(40).nullable(),
      phone: col.code(30).nullable(),
      searchKey: col.text(400),
      active: col.bool(),
      version: col.int(),
      createdAt: col.instant(),
    },
    {
      indexes: [
        { name: 'ux_staff_code', columns: ['code'], unique: true },
        { name: 'ix_staff_store', columns: ['storeId'] },
        { name: 'ix_staff_department', columns: ['departmentId'] },
      ],
    },
  ),
]);
