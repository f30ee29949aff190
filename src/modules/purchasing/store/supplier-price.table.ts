import { col, defineTable, type Row } from '../../../platform/database';

/** What a supplier asks for a product from a day on, from a quantity on. */
export const supplierPrice = defineTable(
  'supplier_price',
  {
    id: col.id().primary(),
    supplierId: col.id().references('supplier'),
    skuId: col.id().references('sku'),
    fromOn: col.date(),
    /** The last day; null: until a later price of the same quantity begins. */
    untilOn: col.date().nullable(),
    minQuantity: col.quantity(),
    /** Pieces in a pack: other quantities are warned of. */
    packSize: col.quantity(),
    /** Tax-inclusive. */
    unitPriceFen: col.money(),
    createdAt: col.instant(),
    createdByName: col.text(80),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ux_supplier_price', columns: ['supplierId', 'skuId', 'minQuantity', 'fromOn'], unique: true },
      { name: 'ix_supplier_price_sku', columns: ['skuId', 'id'] },
    ],
    checks: [{ name: 'ck_supplier_price', expression: 'min_quantity > 0 AND pack_size > 0 AND unit_price_fen > 0' }],
  },
);

export type SupplierPriceRow = Row<typeof supplierPrice>;
