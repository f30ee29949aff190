import { col, defineTable, type Row } from '../../../platform/database';
import type { PayingAccount } from '../domain/payment-posting';
import type { PaymentState } from '../domain/payment-state';

/** Money paid to a supplier, and what it settles (付款单). */
export const payment = defineTable(
  'payment',
  {
    id: col.id().primary(),
    number: col.code(40),
    /** The party of the open items; the ledger knows it by this id, too. */
    supplierId: col.id(),
    /** Whose account the money leaves. */
    storeId: col.id().references('store'),
    account: col.code<PayingAccount>(20),
    businessDate: col.date(),
    state: col.code<PaymentState>(12),
    /** Money that leaves; 0 when only what was paid before is used (核销). */
    amountFen: col.money(),
    /** Payables that are settled, and what the supplier owed that is used for them. */
    payableFen: col.money(),
    creditFen: col.money(),
    /** Number of the transfer at the bank. */
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
);

export const paymentLine = defineTable(
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
);

export type PaymentRow = Row<typeof payment>;
export type PaymentLineRow = Row<typeof paymentLine>;
