import { col, defineTable, type Row } from '../../../platform/database';

/** What one piece of a variant is put together from (组装清单). */
export const bom = defineTable(
  'bom',
  {
    id: col.id().primary(),
    skuId: col.id().references('sku'),
    updatedAt: col.instant(),
    updatedByName: col.text(80),
    version: col.int(),
  },
  { indexes: [{ name: 'ux_bom_sku', columns: ['skuId'], unique: true }] },
);

export const bomLine = defineTable(
  'bom_line',
  {
    id: col.id().primary(),
    bomId: col.id().references('bom'),
    /** In the order in which they were entered, from 1. */
    seq: col.int(),
    skuId: col.id().references('sku'),
    /** Pieces for one piece of the variant. */
    quantity: col.int(),
  },
  {
    indexes: [
      { name: 'ux_bom_line', columns: ['bomId', 'skuId'], unique: true },
      { name: 'ix_bom_line_sku', columns: ['skuId'] },
    ],
  },
);

export type BomRow = Row<typeof bom>;
