import { col, defineTable, type Row } from '../../../platform/database';

/** `withdrawn`: another request took its place. */
export type BankChangeState = 'waiting' | 'confirmed' | 'refused' | 'withdrawn';

/** A supplier's new bank account: nothing is paid to it before somebody else has confirmed it. */
export const supplierBankChange = defineTable(
  'supplier_bank_change',
  {
    id: col.id().primary(),
    supplierId: col.id().references('supplier'),
    bank: col.text(80).nullable(),
    /** null: the account is taken away. */
    accountCipher: col.code(400).nullable(),
    state: col.code<BankChangeState>(12),
    /** From where the new account is known. */
    reason: col.text(200).nullable(),
    requestedAt: col.instant(),
    requestedBy: col.id().nullable(),
    requestedByName: col.text(80),
    decidedAt: col.instant().nullable(),
    decidedBy: col.id().nullable(),
    decidedByName: col.text(80).nullable(),
    /** Why it was refused. */
    decision: col.text(200).nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ix_supplier_bank_change', columns: ['supplierId', 'id'] },
      { name: 'ix_supplier_bank_state', columns: ['state'] },
    ],
  },
);

export type BankChangeRow = Row<typeof supplierBankChange>;
