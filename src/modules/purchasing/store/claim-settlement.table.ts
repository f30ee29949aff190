import { col, defineTable, type Row } from '../../../platform/database';
import type { SettlementMethod } from '../domain/settlement-posting';

/** How a supplier's debt from an agreed claim came to an end: by a credit note against payables, or money. */
export const claimSettlement = defineTable(
  'claim_settlement',
  {
    id: col.id().primary(),
    number: col.code(40),
    /** Document type of the claim. */
    claimType: col.code(40),
    claimId: col.id(),
    supplierId: col.id().references('supplier'),
    storeId: col.id().references('store'),
    method: col.code<SettlementMethod>(12),
    /** What was open of the claim, and what came for it. */
    claimFen: col.money(),
    amountFen: col.money(),
    /** The supplier's credit note, or the bank's reference. */
    reference: col.text(80).nullable(),
    businessDate: col.date(),
    state: col.code<'posted' | 'reversed'>(12),
    settledAt: col.instant(),
    settledByName: col.text(80),
    reversalNumber: col.code(40).nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_claim_settlement_number', columns: ['number'], unique: true },
      { name: 'ix_claim_settlement_claim', columns: ['claimType', 'claimId'] },
      { name: 'ix_claim_settlement_supplier', columns: ['supplierId'] },
      { name: 'ix_claim_settlement_store', columns: ['storeId'] },
    ],
  },
);

export type ClaimSettlementRow = Row<typeof claimSettlement>;
