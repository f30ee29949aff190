import type { QueryRunner } from 'typeorm';
import { type Dialect, placeholder } from '../src/platform/database/dialect';
import { appendOnly, change, col, createTable, migration } from '../src/platform/database/portable';
import { DEFAULT_ACCOUNTS, DEFAULT_ROLES } from './0003-ledger-chart';

export default migration('0003-ledger', [
  ...createTable(
    'account',
    {
      id: col.id().primary(),
      code: col.code(20),
      name: col.text(60),
      nameEn: col.text(60),
      kind: col.code(10),
      book: col.code(12).nullable(),
      active: col.bool(),
      version: col.int(),
    },
    { indexes: [{ name: 'ux_account_code', columns: ['code'], unique: true }] },
  ),
  ...createTable(
    'account_role',
    { id: col.id().primary(), role: col.code(30), accountId: col.id().references('account') },
    {
      indexes: [
        { name: 'ux_account_role', columns: ['role'], unique: true },
        { name: 'ix_account_role_account', columns: ['accountId'] },
      ],
    },
  ),
  ...createTable(
    'accounting_period',
    {
      id: col.id().primary(),
      month: col.code(7),
      closedAt: col.instant().nullable(),
      closedBy: col.id().nullable(),
      version: col.int(),
    },
    { indexes: [{ name: 'ux_period_month', columns: ['month'], unique: true }] },
  ),
  ...createTable(
    'posting',
    {
      id: col.id().primary(),
      documentType: col.code(40),
      documentId: col.id(),
      kind: col.code(10),
      documentNumber: col.code(40),
      businessDate: col.date(),
      storeId: col.id(),
      reversesId: col.id().nullable().references('posting'),
      postedAt: col.instant(),
      actorId: col.id().nullable(),
      actorName: col.text(80),
      deviceEvents: col.int(),
      stockEntries: col.int(),
      journalLines: col.int(),
      openedItems: col.int(),
      settlements: col.int(),
    },
    {
      indexes: [
        { name: 'ux_posting_document', columns: ['documentType', 'documentId', 'kind'], unique: true },
        { name: 'ux_posting_reverses', columns: ['reversesId'], unique: true, where: 'reverses_id IS NOT NULL' },
        { name: 'ix_posting_number', columns: ['documentNumber'] },
        { name: 'ix_posting_store', columns: ['storeId', 'businessDate'] },
      ],
    },
  ),
  ...appendOnly('posting'),
  ...createTable(
    'device',
    {
      id: col.id().primary(),
      skuId: col.id(),
      state: col.code(20),
      storeId: col.id().nullable(),
      locationId: col.id().nullable(),
      bucket: col.code(12).nullable(),
      ownership: col.code(10),
      costFen: col.money(),
      priceFen: col.money().nullable(),
      grade: col.code(10).nullable(),
      batteryHealth: col.int().nullable(),
      supplierId: col.id().nullable(),
      receivedOn: col.date(),
      stockedOn: col.date().nullable(),
      makerWarrantyUntil: col.date().nullable(),
      shopWarrantyUntil: col.date().nullable(),
      sourcePostingId: col.id().references('posting'),
      lastSeq: col.int(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ix_device_sku', columns: ['skuId', 'state'] },
        { name: 'ix_device_store', columns: ['storeId', 'state', 'stockedOn'] },
        { name: 'ix_device_location', columns: ['locationId', 'bucket', 'skuId'] },
        { name: 'ix_device_source', columns: ['sourcePostingId'] },
      ],
      checks: [{ name: 'ck_device_cost', expression: 'cost_fen >= 0' }],
    },
  ),
  ...createTable(
    'device_identifier',
    {
      id: col.id().primary(),
      deviceId: col.id().references('device'),
      kind: col.code(10),
      value: col.code(40),
      activeKey: col.code(40).nullable(),
      position: col.int(),
      tail: col.code(8),
      endedAt: col.instant().nullable(),
    },
    {
      indexes: [
        { name: 'ix_identifier_device', columns: ['deviceId'] },
        { name: 'ix_identifier_value', columns: ['value'] },
        { name: 'ix_identifier_tail', columns: ['tail'] },
        { name: 'ux_identifier_active', columns: ['activeKey'], unique: true, where: 'active_key IS NOT NULL' },
      ],
    },
  ),
  ...createTable(
    'device_event',
    {
      id: col.id().primary(),
      deviceId: col.id().references('device'),
      seq: col.int(),
      at: col.instant(),
      businessDate: col.date(),
      postingId: col.id().references('posting'),
      event: col.code(30),
      fromState: col.code(20).nullable(),
      fromStoreId: col.id().nullable(),
      fromLocationId: col.id().nullable(),
      fromBucket: col.code(12).nullable(),
      fromOwnership: col.code(10).nullable(),
      toState: col.code(20),
      toStoreId: col.id().nullable(),
      toLocationId: col.id().nullable(),
      toBucket: col.code(12).nullable(),
      toOwnership: col.code(10),
      costChangeFen: col.money(),
      costAfterFen: col.money(),
      changes: col.json().nullable(),
      detail: col.json().nullable(),
      actorId: col.id().nullable(),
      actorName: col.text(80),
    },
    {
      indexes: [
        { name: 'ux_device_event_seq', columns: ['deviceId', 'seq'], unique: true },
        { name: 'ix_device_event_posting', columns: ['postingId'] },
      ],
    },
  ),
  ...appendOnly('device_event'),
  ...createTable(
    'stock_balance',
    {
      id: col.id().primary(),
      storeId: col.id(),
      locationId: col.id(),
      skuId: col.id(),
      batchKey: col.id(),
      bucket: col.code(12),
      byDevice: col.bool(),
      quantity: col.quantity(),
      valueFen: col.money(),
      updatedAt: col.instant(),
    },
    {
      indexes: [
        { name: 'ux_stock_balance_key', columns: ['locationId', 'skuId', 'batchKey', 'bucket'], unique: true },
        { name: 'ix_stock_balance_sku', columns: ['skuId', 'bucket'] },
        { name: 'ix_stock_balance_store', columns: ['storeId', 'bucket', 'skuId'] },
      ],
      checks: [
        { name: 'ck_stock_balance_quantity', expression: 'quantity >= 0' },
        { name: 'ck_stock_balance_value', expression: 'value_fen >= 0 AND (quantity > 0 OR value_fen = 0)' },
      ],
    },
  ),
  ...createTable(
    'stock_entry',
    {
      id: col.id().primary(),
      postingId: col.id().references('posting'),
      balanceId: col.id().references('stock_balance'),
      storeId: col.id(),
      locationId: col.id(),
      skuId: col.id(),
      batchKey: col.id(),
      bucket: col.code(12),
      quantity: col.quantity(),
      valueFen: col.money(),
      businessDate: col.date(),
      at: col.instant(),
    },
    {
      indexes: [
        { name: 'ix_stock_entry_posting', columns: ['postingId'] },
        { name: 'ix_stock_entry_balance', columns: ['balanceId'] },
        { name: 'ix_stock_entry_sku', columns: ['skuId', 'businessDate'] },
      ],
    },
  ),
  ...appendOnly('stock_entry'),
  ...createTable(
    'journal_entry',
    {
      id: col.id().primary(),
      postingId: col.id().references('posting'),
      businessDate: col.date(),
      storeId: col.id(),
    },
    {
      indexes: [
        { name: 'ux_journal_entry_posting', columns: ['postingId'], unique: true },
        { name: 'ix_journal_entry_date', columns: ['businessDate'] },
      ],
    },
  ),
  ...appendOnly('journal_entry'),
  ...createTable(
    'journal_line',
    {
      id: col.id().primary(),
      entryId: col.id().references('journal_entry'),
      lineNo: col.int(),
      accountId: col.id().references('account'),
      debitFen: col.money(),
      creditFen: col.money(),
      storeId: col.id(),
      partyType: col.code(20).nullable(),
      partyId: col.id().nullable(),
      skuId: col.id().nullable(),
      businessDate: col.date(),
    },
    {
      indexes: [
        { name: 'ix_journal_line_entry', columns: ['entryId'] },
        { name: 'ix_journal_line_account', columns: ['accountId', 'businessDate'] },
      ],
    },
  ),
  ...appendOnly('journal_line'),
  ...createTable(
    'open_item',
    {
      id: col.id().primary(),
      postingId: col.id().references('posting'),
      partyType: col.code(20),
      partyId: col.id(),
      direction: col.code(12),
      storeId: col.id(),
      amountFen: col.money(),
      settledFen: col.money(),
      openedOn: col.date(),
      dueOn: col.date().nullable(),
    },
    {
      indexes: [
        { name: 'ix_open_item_posting', columns: ['postingId'] },
        { name: 'ix_open_item_party', columns: ['partyType', 'partyId', 'direction'] },
        { name: 'ix_open_item_due', columns: ['direction', 'dueOn'] },
      ],
      checks: [
        { name: 'ck_open_item_amount', expression: 'amount_fen > 0' },
        { name: 'ck_open_item_settled', expression: 'settled_fen >= 0 AND settled_fen <= amount_fen' },
      ],
    },
  ),
  ...createTable(
    'settlement',
    {
      id: col.id().primary(),
      postingId: col.id().references('posting'),
      openItemId: col.id().references('open_item'),
      amountFen: col.money(),
      businessDate: col.date(),
      at: col.instant(),
    },
    {
      indexes: [
        { name: 'ix_settlement_posting', columns: ['postingId'] },
        { name: 'ix_settlement_item', columns: ['openItemId'] },
      ],
    },
  ),
  ...appendOnly('settlement'),
  change('default chart of accounts', async (runner, dialect) => {
    const known = await values(runner, 'account', 'code');
    for (const [index, [code, name, nameEn, kind, book]] of DEFAULT_ACCOUNTS.entries()) {
      const row = { id: index + 1, code, name, name_en: nameEn, kind, book: book ?? null, active: 1, version: 1 };
      if (!known.has(code)) await insertRow(runner, dialect, 'account', row);
    }
  }),
  change('default accounts of the documents', async (runner, dialect) => {
    const known = await values(runner, 'account_role', 'role');
    const ids = new Map(DEFAULT_ACCOUNTS.map(([code], index) => [code, index + 1]));
    for (const [index, [role, code]] of Object.entries(DEFAULT_ROLES).entries())
      if (!known.has(role))
        await insertRow(runner, dialect, 'account_role', { id: index + 1, role, account_id: ids.get(code) });
  }),
  change('ids of accounts made later', async (runner, dialect) => {
    const known = await values(runner, 'counter', 'name');
    for (const name of ['account', 'account_role'])
      if (!known.has(name)) await insertRow(runner, dialect, 'counter', { name, next_value: 1001 });
  }),
]);

async function values(runner: QueryRunner, table: string, column: string): Promise<Set<unknown>> {
  const rows: unknown = await runner.query(`SELECT ${column} FROM ${table}`);
  return new Set((rows as object[]).map((row) => Object.values(row)[0] as unknown));
}

async function insertRow(runner: QueryRunner, dialect: Dialect, table: string, row: object): Promise<void> {
  const bound = Object.values(row) as unknown[];
  const places = bound.map((_, index) => placeholder(dialect, index)).join(', ');
  await runner.query(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places})`, bound);
}
