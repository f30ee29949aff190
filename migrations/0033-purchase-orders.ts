import type { QueryRunner } from 'typeorm';
import { placeholder } from '../src/platform/database/dialect';
import { change, col, createTable, migration } from '../src/platform/database/portable';

export default migration('0033-purchase-orders', [
  ...createTable(
    'purchase_order',
    {
      id: col.id().primary(),
      number: col.code(40),
      supplierId: col.id().references('supplier'),
      storeId: col.id().references('store'),
      orderedOn: col.date(),
      expectedOn: col.date().nullable(),
      state: col.code(20),
      lineCount: col.int(),
      quantity: col.quantity(),
      received: col.quantity(),
      grossFen: col.money(),
      taxFen: col.money(),
      note: col.text(400).nullable(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      submission: col.int(),
      submittedAt: col.instant().nullable(),
      submittedBy: col.id().nullable(),
      approvedAt: col.instant().nullable(),
      endedAt: col.instant().nullable(),
      endReason: col.text(200).nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_purchase_order_number', columns: ['number'], unique: true },
        { name: 'ix_purchase_order_supplier', columns: ['supplierId', 'id'] },
        { name: 'ix_purchase_order_store', columns: ['storeId', 'id'] },
        { name: 'ix_purchase_order_state', columns: ['state', 'id'] },
      ],
    },
  ),
  ...createTable(
    'purchase_order_line',
    {
      id: col.id().primary(),
      orderId: col.id().references('purchase_order'),
      lineNo: col.int(),
      storeId: col.id().references('store'),
      skuId: col.id().references('sku'),
      quantity: col.quantity(),
      received: col.quantity(),
      givenUp: col.quantity(),
      unitPriceFen: col.money().nullable(),
      taxRateBp: col.int(),
      amountFen: col.money(),
      taxFen: col.money(),
      expectedOn: col.date().nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_purchase_order_line', columns: ['orderId', 'lineNo'], unique: true },
        { name: 'ix_purchase_order_line_sku', columns: ['skuId', 'storeId'] },
        { name: 'ix_purchase_order_line_st', columns: ['storeId', 'orderId'] },
      ],
      checks: [{ name: 'ck_purchase_order_line', expression: 'quantity > 0 AND received >= 0 AND given_up >= 0' }],
    },
  ),
  ...createTable(
    'purchase_order_approval',
    {
      id: col.id().primary(),
      orderId: col.id().references('purchase_order'),
      submission: col.int(),
      place: col.int(),
      name: col.text(40),
      fromFen: col.money(),
      roleCode: col.code(40).nullable(),
      own: col.bool(),
      decidedAt: col.instant().nullable(),
      decidedBy: col.id().nullable(),
      decidedByName: col.text(80).nullable(),
    },
    { indexes: [{ name: 'ux_purchase_order_appr', columns: ['orderId', 'submission', 'place'], unique: true }] },
  ),
  change('numbers of purchase orders', async (runner, dialect) => {
    const found: unknown = await runner.query(
      `SELECT id FROM config_record WHERE set_name = 'administration.numbering' AND name_key = 'CG'`,
    );
    if ((found as object[]).length > 0) return;
    // Below those that the program gives out (1001).
    const taken: unknown = await runner.query('SELECT id FROM config_record WHERE id < 1001');
    const ids = (taken as object[]).map((row) => Number(Object.values(row)[0]));
    await insertRow(runner, dialect, {
      id: Math.max(...ids) + 1,
      set_name: 'administration.numbering',
      name: 'CG',
      name_key: 'CG',
      content: JSON.stringify({ prefix: 'CG', datePart: 'yyMMdd', storePart: true, digits: 4 }),
      active: 1,
      version: 1,
    });
  }),
]);

async function insertRow(runner: QueryRunner, dialect: Parameters<typeof placeholder>[0], row: object): Promise<void> {
  const bound = Object.values(row) as unknown[];
  const places = bound.map((_, index) => placeholder(dialect, index)).join(', ');
  await runner.query(`INSERT INTO config_record (${Object.keys(row).join(', ')}) VALUES (${places})`, bound);
}
