import { col, defineTable, type Row } from '../../../platform/database';

/** A maker's packing list (装箱清单) that a receipt is filled from; the file itself is attached to the receipt. */
export const packingList = defineTable(
  'packing_list',
  {
    id: col.id().primary(),
    receiptId: col.id().references('receipt'),
    supplierId: col.id().references('supplier'),
    attachmentId: col.id(),
    fileName: col.text(200),
    sheet: col.int(),
    headerRow: col.int(),
    /** Our column → place in the file. */
    mapping: col.json<Record<string, number>>(),
    /** Our column → the file's own word for it: the next file of this supplier is read alike. */
    heads: col.json<Record<string, string>>(),
    state: col.code<'open' | 'taken'>(10),
    /** Devices that went into the receipt, and rows left there for correction. */
    taken: col.int(),
    wrong: col.int(),
    createdAt: col.instant(),
    createdBy: col.id().nullable(),
    createdByName: col.text(80),
    takenAt: col.instant().nullable(),
    version: col.int(),
  },
  {
    indexes: [
      { name: 'ix_packing_list_receipt', columns: ['receiptId', 'id'] },
      { name: 'ix_packing_list_supplier', columns: ['supplierId', 'id'] },
    ],
  },
);

/** What a supplier calls a product of ours, as once chosen. */
export const supplierCode = defineTable(
  'supplier_code',
  {
    id: col.id().primary(),
    supplierId: col.id().references('supplier'),
    /** Normalised. */
    code: col.code(100),
    skuId: col.id().references('sku'),
    createdAt: col.instant(),
    createdByName: col.text(80),
  },
  {
    indexes: [
      { name: 'ux_supplier_product_code', columns: ['supplierId', 'code'], unique: true },
      { name: 'ix_supplier_product_sku', columns: ['skuId'] },
    ],
  },
);

export type PackingListRow = Row<typeof packingList>;
