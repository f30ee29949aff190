import { change, col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

export default migration('0045-payments', [
  change('1123 agrees with the receivables of suppliers', async (runner) => {
    await runner.query(`UPDATE account SET book = 'receivable' WHERE code = '1123'`);
  }),
  // Ids up to 1000 are the program's own (0003).
  change('the account of prepayments', async (runner) => {
    await runner.query(
      `INSERT INTO account_role (id, role, account_id) SELECT 45, 'prepayment', a.id FROM account a
        WHERE a.code = '1123' AND NOT EXISTS (SELECT r.id FROM account_role r WHERE r.role = 'prepayment')`,
    );
  }),
  ...createTable(
    'payment',
    {
      id: col.id().primary(),
      number: col.code(40),
      supplierId: col.id(),
      storeId: col.id().references('store'),
      account: col.code(20),
      businessDate: col.date(),
      state: col.code(12),
      amountFen: col.money(),
      payableFen: col.money(),
      creditFen: col.money(),
      reference: col.text(80).nullable(),
      note: col.text(400).nullable(),
      lineCount: col.int(),
      createdAt: col.instant(),
      createdBy: col.id().nullable(),
      createdByName: col.text(80),
      submittedBy: col.id().nullable(),
      approvedAt: col.instant().nullable(),
      approvedBy: col.id().nullable(),
      approvedByName: col.text(80).nullable(),
      postedAt: col.instant().nullable(),
      postedByName: col.text(80).nullable(),
      reversedAt: col.instant().nullable(),
      reversalNumber: col.code(40).nullable(),
      reversalReason: col.text(200).nullable(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_payment_number', columns: ['number'], unique: true },
        { name: 'ix_payment_supplier', columns: ['supplierId', 'id'] },
        { name: 'ix_payment_store', columns: ['storeId', 'state', 'id'] },
      ],
      checks: [{ name: 'ck_payment_amount', expression: 'amount_fen >= 0 AND payable_fen >= 0 AND credit_fen >= 0' }],
    },
  ),
  ...createTable(
    'payment_line',
    {
      id: col.id().primary(),
      paymentId: col.id().references('payment'),
      openItemId: col.id().references('open_item'),
      amountFen: col.money(),
    },
    {
      indexes: [
        { name: 'ux_payment_line', columns: ['paymentId', 'openItemId'], unique: true },
        { name: 'ix_payment_line_item', columns: ['openItemId'] },
      ],
      checks: [{ name: 'ck_payment_line_amount', expression: 'amount_fen > 0' }],
    },
  ),
  numberDocuments('FK'),
]);
