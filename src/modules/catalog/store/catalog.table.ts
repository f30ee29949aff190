import { col, defineTable, type Row } from '../../../platform/database';
import type { Tracking } from '../domain/tracking';

export const brand = defineTable(
  'brand',
  {
    id: col.id().primary(),
    name: col.text(60),
    /** The name as it is compared: one brand per name, whatever its letters' case. */
    nameKey: col.code(60),
    searchKey: col.text(400),
    active: col.bool(),
    version: col.int(),
  },
  { indexes: [{ name: 'ux_brand_name', columns: ['nameKey'], unique: true }] },
);

/** A tree of at most three levels. */
export const category = defineTable(
  'category',
  {
    id: col.id().primary(),
    parentId: col.id().references('category').nullable(),
    /** 1 at the top. */
    depth: col.int(),
    name: col.text(60),
    /** Parent and name as they are compared: `12/智能手机`. */
    nameKey: col.code(80),
    /** What new products of the category start with. */
    taxRateBp: col.int(),
    tracking: col.code<Tracking>(10),
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
);

/** A model: what its variants share. */
export const product = defineTable(
  'product',
  {
    id: col.id().primary(),
    brandId: col.id().references('brand'),
    categoryId: col.id().references('category'),
    name: col.text(120),
    nameKey: col.code(120),
    /** The maker's: A3296, 24117RN76C. */
    modelNumber: col.text(60).nullable(),
    tracking: col.code<Tracking>(10),
    taxRateBp: col.int(),
    /** The maker's warranty from the day of sale; 0: none. */
    warrantyMonths: col.int(),
    /** An attachment. */
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
);

/** A variant: what is stocked, priced and sold. */
export const sku = defineTable(
  'sku',
  {
    id: col.id().primary(),
    productId: col.id().references('product'),
    code: col.code(40),
    /** In full: 小米 17 12+512G 雪山粉 */
    name: col.text(200),
    memory: col.text(30).nullable(),
    colour: col.text(30).nullable(),
    network: col.text(30).nullable(),
    /** What else tells it apart: 国行, 套装版. */
    variant: col.text(60).nullable(),
    /** The attributes as they are compared: one SKU per combination. */
    variantKey: col.code(160),
    tracking: col.code<Tracking>(10),
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
);

export const skuBarcode = defineTable(
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
);

/** The first eight digits of an IMEI tell the model. */
export const tac = defineTable(
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
);

export type BrandRow = Row<typeof brand>;
export type CategoryRow = Row<typeof category>;
export type ProductRow = Row<typeof product>;
export type SkuRow = Row<typeof sku>;
export type TacRow = Row<typeof tac>;
