import { col, defineTable, type Row } from '../../../platform/database';
import type { PriceSource, SaleKind, SaleState, TenderKind } from '../domain/sale';

/** A sale or a return of one. Amounts include tax; tenders add up to `grossFen`. */
export const sale = defineTable(
  'sale',
  {
    id: col.id().primary(),
    saleNumber: col.code(40),
    kind: col.code<SaleKind>(10),
    originalSaleId: col.id().references('sale').nullable(),
    storeId: col.id().references('store'),
    registerId: col.id().references('register').nullable(),
    shiftId: col.id().references('shift').nullable(),
    businessDate: col.date(),
    soldAt: col.instant(),
    cashierId: col.id().nullable(),
    cashierName: col.text(80),
    salespersonId: col.id().references('staff').nullable(),
    customerId: col.id().references('customer').nullable(),
    quantity: col.quantity(),
    listFen: col.money(),
    discountFen: col.money(),
    grossFen: col.money(),
    netFen: col.money(),
    taxFen: col.money(),
    costFen: col.money(),
    changeFen: col.money(),
    state: col.code<SaleState>(10),
    reversedAt: col.instant().nullable(),
    reversedByName: col.text(80).nullable(),
    note: col.text(200).nullable(),
    version: col.int(),
    /** Record of the configuration set sales.channels; null: the store's own sale. */
    channelId: col.id().nullable(),
  },
  {
    indexes: [
      { name: 'ux_sale_number', columns: ['saleNumber'], unique: true },
      { name: 'ix_sale_store_sold', columns: ['storeId', 'soldAt', 'id'] },
      { name: 'ix_sale_sold', columns: ['soldAt', 'id'] },
      { name: 'ix_sale_date', columns: ['businessDate', 'storeId'] },
      { name: 'ix_sale_original', columns: ['originalSaleId'] },
      { name: 'ix_sale_register', columns: ['registerId'] },
      { name: 'ix_sale_shift_total', columns: ['shiftId', 'state', 'grossFen'] },
      { name: 'ix_sale_salesperson', columns: ['salespersonId', 'soldAt'] },
      { name: 'ix_sale_customer', columns: ['customerId', 'soldAt'] },
    ],
  },
);

/** `costFen` is frozen at posting: a return takes it back. `returnedQuantity` counts what later returns took of this line. */
export const saleLine = defineTable(
  'sale_line',
  {
    id: col.id().primary(),
    saleId: col.id().references('sale'),
    lineNo: col.int(),
    skuId: col.id().references('sku'),
    deviceId: col.id().references('device').nullable(),
    quantity: col.quantity(),
    listPriceFen: col.money(),
    discountFen: col.money(),
    amountFen: col.money(),
    taxRateBp: col.int(),
    netFen: col.money(),
    taxFen: col.money(),
    costFen: col.money(),
    originalLineId: col.id().references('sale_line').nullable(),
    returnedQuantity: col.quantity(),
    /** Null: sold by a version that did not keep it. */
    priceFrom: col.code<PriceSource>(10).nullable(),
    /** Of a price from a list, which one. */
    priceListId: col.id().nullable(),
  },
  {
    indexes: [
      { name: 'ux_sale_line_no', columns: ['saleId', 'lineNo'], unique: true },
      { name: 'ix_sale_line_sku', columns: ['skuId', 'saleId'] },
      { name: 'ix_sale_line_device', columns: ['deviceId'] },
      { name: 'ix_sale_line_original', columns: ['originalLineId'] },
    ],
    checks: [
      {
        name: 'ck_sale_line_returned',
        expression: 'returned_quantity >= 0 AND (returned_quantity <= quantity OR quantity < 0)',
      },
    ],
  },
);

/** How a sale was paid, or a return paid back. `receivedFen` is the cash handed over, before change. */
export const saleTender = defineTable(
  'sale_tender',
  {
    id: col.id().primary(),
    saleId: col.id().references('sale'),
    lineNo: col.int(),
    kind: col.code<TenderKind>(20),
    amountFen: col.money(),
    receivedFen: col.money().nullable(),
    reference: col.text(80).nullable(),
    payer: col.text(80).nullable(),
  },
  {
    indexes: [{ name: 'ux_sale_tender_no', columns: ['saleId', 'lineNo'], unique: true }],
  },
);

/** A price below the floor and who allowed it. */
export const saleApproval = defineTable(
  'sale_approval',
  {
    id: col.id().primary(),
    saleId: col.id().references('sale'),
    lineNo: col.int(),
    skuId: col.id().references('sku'),
    floorFen: col.money(),
    priceFen: col.money(),
    requestedById: col.id().nullable(),
    requestedByName: col.text(80),
    approvedById: col.id().nullable(),
    approvedByName: col.text(80),
    approvedAt: col.instant(),
    /** The floor tells the cost, so it is shown to who may see cost; null: of earlier versions, when no floor did. */
    floorFromCost: col.bool().nullable(),
  },
  {
    indexes: [
      { name: 'ix_sale_approval_sale', columns: ['saleId'] },
      { name: 'ix_sale_approval_sku', columns: ['skuId'] },
    ],
  },
);

export type SaleRow = Row<typeof sale>;
export type SaleLineRow = Row<typeof saleLine>;
export type SaleTenderRow = Row<typeof saleTender>;
export type SaleApprovalRow = Row<typeof saleApproval>;
