import { placeholder } from '../src/platform/database/dialect';
import { addColumn, change, col, createIndex, createTable, migration } from '../src/platform/database/portable';

export default migration('0028-sealed-names', [
  addColumn('customer', 'nameCipher', col.code(400).nullable()),
  addColumn('customer', 'nameIndex', col.code(12).nullable()),
  addColumn('supplier', 'contactCipher', col.code(400).nullable()),
  addColumn('supplier', 'contactHash', col.code(64).nullable()),
  createIndex('supplier', { name: 'ix_supplier_contact', columns: ['contactHash'] }),
  addColumn('held_sale', 'customerId', col.id().nullable()),
  change('held sales keep of their customer only the id', async (runner, dialect) => {
    const rows: unknown = await runner.query('SELECT id, draft FROM held_sale WHERE customer_id IS NULL');
    for (const row of rows as object[]) {
      const [id, text] = Object.values(row) as [number | string, unknown];
      const draft = (typeof text === 'string' ? JSON.parse(text) : text) as { customer?: { id?: unknown } | null };
      const customerId = Number(draft.customer?.id ?? 0);
      if (customerId === 0) continue;
      await runner.query(
        `UPDATE held_sale SET customer_id = ${placeholder(dialect, 0)}, draft = ${placeholder(dialect, 1)}, label = NULL WHERE id = ${placeholder(dialect, 2)}`,
        [customerId, JSON.stringify({ ...draft, customer: { id: customerId } }), id],
      );
    }
  }),
  ...createTable(
    'customer_name_token',
    { id: col.id().primary(), token: col.quantity(), customerId: col.id() },
    { indexes: [{ name: 'ix_customer_name_token', columns: ['token', 'customerId'] }] },
  ),
]);
