import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0005-catalog', [
  ...createTable(
    'brand',
    {
      id: col.id().primary(),
      name: col.text(60),
      nameKey: col.code(60),
      searchKey: col.text(400),
      active: col.bool(),
      version: col.int(),
    },
    { indexes: [{ name: 'ux_brand_name', columns: ['nameKey'], unique: true }] },
  ),
  ...createTable(
    'category',
    {
      id: col.id().primary(),
      parentId: col.id().references('category').nullable(),
      depth: col.int(),
      name: col.text(60),
      nameKey: col.code(80),
      taxRateBp: col.int(),
      tracking: col.code(10),
      sortOrder: col.int(),
      active: col.bool(),
      version: col.int(),
    },
    {
      indexes: [
        { name: 'ux_category_name', columns: ['nameKey'], unique: true },
        { name: 'ix_category_parent', columns: ['parentId', 'sortOrder'] },
      ],
    },
  ),
  ...createTable(
    'product',
    {
      id: col.id().primary(),
      brandId: col.id().references('brand'),
      categoryId: col.id().references('category'),
      name: col.text(120),
      nameKey: col.code(120),
      modelNumber: col.text(60).nullable(),
      tracking: col.code(10),
      taxRateBp: col.int(),
      warrantyMonths: col.int(),
      pictureId: col.id().nullable(),
      active: col.bool(),
      searchKey: col.text(400),
      version: col.int(),
      createdAt: col.instant(),
      updatedAt: col.instant(),
    },
    {
      indexes: [
        { name: 'ux_product_name', columns: ['brandId', 'nameKey'], unique: true },
        { name: 'ix_product_category', columns: ['categoryId'] },
      ],
    },
  ),
  ...createTable(
    'sku',
    {
      id: col.id().primary(),
      productId: col.id().references('product'),
      code: col.code(40),
      name: col.text(200),
      memory: col.text(30).nullable(),
      colour: col.text(30).nullable(),
      network: col.text(30).nullable(),
      variant: col.text(60).nullable(),
      variantKey: col.code(160),
      tracking: col.code(10),
      taxRateBp: col.int(),
      active: col.bool(),
      searchKey: col.text(400),
      version: col.int(),
      createdAt: col.instant(),
      updatedAt: col.instant(),
    },
    {
      indexes: [
        { name: 'ux_sku_code', columns: ['code'], unique: true },
        { name: 'ux_sku_variant', columns: ['productId', 'variantKey'], unique: true },
        { name: 'ix_sku_name', columns: ['name', 'id'] },
      ],
    },
  ),
  ...createTable(
    'sku_barcode',
    {
      id: col.id().primary(),
      skuId: col.id().references('sku'),
      value: col.code(40),
    },
    {
      indexes: [
        { name: 'ux_sku_barcode_value', columns: ['value'], unique: true },
        { name: 'ix_sku_barcode_sku', columns: ['skuId'] },
      ],
    },
  ),
  ...createTable(
    'tac',
    {
      id: col.id().primary(),
      code: col.code(8),
      brandText: col.text(60).nullable(),
      modelText: col.text(120),
      productId: col.id().references('product').nullable(),
      updatedAt: col.instant(),
    },
    {
      indexes: [
        { name: 'ux_tac_code', columns: ['code'], unique: true },
        { name: 'ix_tac_product', columns: ['productId'] },
      ],
    },
  ),
]);
