import { col, defineTable } from '../../../platform/database';

/** What an encrypted name is found by: keyed hashes of its parts. The id is made of the customer's. */
export const customerNameToken = defineTable(
  'customer_name_token',
  { id: col.id().primary(), token: col.quantity(), customerId: col.id() },
  { indexes: [{ name: 'ix_customer_name_token', columns: ['token', 'customerId'] }] },
);
