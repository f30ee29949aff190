import { notFound } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import { product, type ProductRow, sku, skuBarcode, type SkuRow } from '../store/catalog.table';

export type { BrandRow, CategoryRow, ProductRow, SkuRow } from '../store/catalog.table';

export interface SkuWithBarcodes extends SkuRow {
  barcodes: string[];
}

export interface ProductView extends ProductRow {
  brandName: string;
  categoryName: string;
  skus: SkuWithBarcodes[];
  tacs: { code: string; modelText: string }[];
  /** Variants that are put together from others → how many different ones. */
  components: Map<number, number>;
}

/** A model with its variants. Throws 404 when there is no such product. */
export async function getProduct(read: Reader, actor: Actor, id: number): Promise<ProductView> {
  authorise(actor, 'catalog.product.view');
  const row = await read.get(product, id);
  if (!row) throw notFound('catalog.product', id);
  const names = await read.one<{ brandName: string; categoryName: string }>(
    sql`SELECT b.name AS brand_name, c.name AS category_name FROM product p JOIN brand b ON b.id = p.brand_id
      JOIN category c ON c.id = p.category_id WHERE p.id = ${id}`,
  );
  const skus = await read.find(sku, { productId: id });
  const barcodes = await barcodesOf(
    read,
    skus.map((one) => one.id),
  );
  const tacs = await read.all<{ code: string; modelText: string }>(
    sql`SELECT code, model_text FROM tac WHERE product_id = ${id} ORDER BY code ${sql.limit(200)}`,
  );
  return {
    ...row,
    brandName: names?.brandName ?? '',
    categoryName: names?.categoryName ?? '',
    skus: skus.map((one) => ({ ...one, barcodes: barcodes.get(one.id) ?? [] })),
    tacs,
    components: await componentCounts(read, id),
  };
}

async function componentCounts(read: Reader, productId: number): Promise<Map<number, number>> {
  const rows = await read.all<{ skuId: number; n: number }>(
    sql`SELECT b.sku_id, COUNT(*) AS n FROM sku s JOIN bom b ON b.sku_id = s.id JOIN bom_line l ON l.bom_id = b.id
      WHERE s.product_id = ${productId} GROUP BY b.sku_id`,
  );
  return new Map(rows.map(({ skuId, n }) => [skuId, Number(n)]));
}

/** Throws 404 when there is no such SKU. */
export async function getSku(read: Reader, actor: Actor, id: number): Promise<SkuWithBarcodes> {
  authorise(actor, 'catalog.product.view');
  const row = await read.get(sku, id);
  if (!row) throw notFound('catalog.sku', id);
  const barcodes = await read.find(skuBarcode, { skuId: id });
  return { ...row, barcodes: barcodes.map((one) => one.value) };
}

export async function barcodesOf(read: Reader, skuIds: readonly number[]): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const chunk of chunked(skuIds)) {
    const rows = await read.all<{ skuId: number; value: string }>(
      sql`SELECT sku_id, value FROM sku_barcode WHERE sku_id IN (${sql.list(chunk)}) ORDER BY sku_id, id`,
    );
    for (const row of rows) found.set(row.skuId, [...(found.get(row.skuId) ?? []), row.value]);
  }
  return found;
}
