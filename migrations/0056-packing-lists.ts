import { addColumn, col, createIndex, createTable, migration } from '../src/platform/database/portable';

/** Packing lists of makers (装箱清单), what suppliers call our products, and the box of a received device. */
export default migration('0056-packing-lists', [
  addColumn('receipt_device', 'boxNo', col.code(60).nullable()),
  createIndex('receipt_device', { name: 'ix_receipt_device_box', columns: ['boxNo'] }),
  ...createTable(
    'packing_list',
    {
      id: col.id().primary(),
      receiptId: col.id().references('receipt'),
      supplierId: col.id().references('supplier'),
      attachmentId: col.id(),
      fileName: col.text(200),
      sheet: col.int(),
      headerRow: col.int(),
      mapping: col.json(),
      heads: col.json(),
      state: col.code(10),
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
  ),
  ...createTable(
    'supplier_code',
    {
      id: col.id().primary(),
      supplierId: col.id().references('supplier'),
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
  ),
]);
