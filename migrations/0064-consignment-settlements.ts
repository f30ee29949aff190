import { col, createTable, migration } from '../src/platform/database/portable';
import { numberDocuments } from './number-documents';

/** What partners sold and owe for it (代销结算单): each is a sale on account. */
export default migration('0064-consignment-settlements', [
  ...createTable(
    'consignment_sale',
    {
      id: col.id().primary(),
      number: col.code(40),
      storeId: col.id().references('store'),
      customerId: col.id().references('customer'),
      saleId: col.id().references('sale'),
      businessDate: col.date(),
      dueOn: col.date(),
      devices: col.int(),
      amountFen: col.money(),
      commissionFen: col.money(),
      commissionTaxFen: col.money(),
      reference: col.text(80).nullable(),
      note: col.text(200).nullable(),
      state: col.code(12),
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
          expression:
            'commission_tax_fen >= 0 AND commission_tax_fen <= commission_fen AND commission_fen <= amount_fen',
        },
      ],
    },
  ),
  numberDocuments('DX'),
]);
