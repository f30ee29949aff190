import { addColumn, col, createIndex, createTable, migration } from '../src/platform/database/portable';

const sealed = col.code(400).nullable();

export default migration('0023-personal-data', [
  addColumn('customer', 'noteCipher', col.code(1800).nullable()),
  addColumn('customer', 'birthCipher', col.code(120).nullable()),
  addColumn('customer', 'erasedAt', col.instant().nullable()),
  addColumn('staff', 'phoneCipher', sealed),
  addColumn('supplier', 'phoneCipher', sealed),
  addColumn('supplier', 'phoneHash', col.code(64).nullable()),
  addColumn('supplier', 'bankAccountCipher', sealed),
  createIndex('supplier', { name: 'ix_supplier_phone', columns: ['phoneHash'] }),
  ...createTable(
    'password_history',
    {
      id: col.id().primary(),
      userId: col.id().references('user_account'),
      passwordHash: col.code(200),
      setAt: col.instant(),
    },
    { indexes: [{ name: 'ix_password_history_user', columns: ['userId'] }] },
  ),
  ...createTable(
    'upkeep_run',
    {
      id: col.id().primary(),
      kind: col.code(20),
      state: col.code(10),
      startedById: col.id().nullable(),
      startedByName: col.text(80),
      startedAt: col.instant(),
      seenAt: col.instant(),
      finishedAt: col.instant().nullable(),
      done: col.quantity(),
      total: col.quantity(),
      result: col.json().nullable(),
      failure: col.text(400).nullable(),
    },
    { indexes: [{ name: 'ix_upkeep_run_kind', columns: ['kind', 'startedAt'] }] },
  ),
]);
