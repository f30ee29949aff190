import { col, defineTable, type Row } from '../../../platform/database';
import type { SaleState } from '../domain/sale';

/** What a partner sold and owes for it (代销结算单); the sale, with its lines and its posting, is `saleId`. Amounts include tax. */
export const settlementOfPartner = defineTable(
  'consignment_sale',
  {
    id: col.id().primary(),
    /** The number of the sale as well. */
    number: col.code(40),
    storeId: col.id().references('store'),
    /** The partner. */
    customerId: col.id().references('customer'),
    saleId: col.id().references('sale'),
    businessDate: col.date(),
    /** When the partner is to pay. */
    dueOn: col.date(),
    devices: col.int(),
    amountFen: col.money(),
    /** What the partner keeps of it, and the input tax in that, where there is an invoice. */
    commissionFen: col.money(),
    commissionTaxFen: col.money(),
    /** Number of the partner's list of sales. */
    reference: col.text(80).nullable(),
    note: col.text(200).nullable(),
    state: col.code<SaleState>(12),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    reversedAt: col.instant().nullable(),
    reversedByName: col.text(80).nullable(),
    reversalNumber: col.code(40).nullable(),
    reversalReason: col.text(200).nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_consignment_sale_number', columns: ['number'], unique: true },
      { name: 'ux_consignment_sale_sale', columns: ['saleId'], unique: true },
      { name: 'ix_consignment_sale_store', columns: ['storeId', 'state', 'businessDate'] },
      { name: 'ix_consignment_sale_customer', columns: ['customerId', 'businessDate'] },
    ],
    checks: [
      {
        name: 'ck_consignment_sale_amounts',
        expression: 'commission_tax_fen >= 0 AND commission_tax_fen <= commission_fen AND commission_fen <= amount_fen',
      },
    ],
  },
);

export type PartnerSettlementRow = Row<typeof settlementOfPartner>;
