import { addColumn, col, createIndex, migration } from '../src/platform/database/portable';

export default migration('0030-second-phone-hash', [
  addColumn('customer', 'phoneHashAlt', col.code(64).nullable()),
  createIndex('customer', {
    name: 'ux_customer_phone_alt',
    columns: ['phoneHashAlt'],
    unique: true,
    where: 'phone_hash_alt IS NOT NULL',
  }),
]);
