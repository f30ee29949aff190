import { chunked, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { skuName } from '../domain/variant';
import { product, sku } from '../store/catalog.table';
import { keyOf } from './search-keys';

/** Writes anew what products and their SKUs are called and found by, after a brand or product was renamed. */
export async function refreshSearchKeys(unit: Unit, productIds: readonly number[]): Promise<void> {
  for (const chunk of chunked(productIds)) {
    const products = await unit.all<{ id: number; name: string; modelNumber: string | null; brandName: string }>(
      sql`SELECT p.id, p.name, p.model_number, b.name AS brand_name FROM product p JOIN brand b ON b.id = p.brand_id
        WHERE p.id IN (${sql.list(chunk)}) ORDER BY p.id`,
    );
    const byId = new Map(products.map((row) => [row.id, row]));
    for (const row of products)
      await unit.update(product, row.id, { searchKey: keyOf(row.brandName, row.name, [row.modelNumber]) });
    const skus = await unit.all<SkuWords>(
      sql`SELECT id, product_id, code, memory, colour, network, variant FROM sku
        WHERE product_id IN (${sql.list(chunk)}) ORDER BY id`,
    );
    for (const row of skus) {
      const parent = byId.get(row.productId);
      if (!parent) continue;
      const name = skuName(parent.name, row);
      const searchKey = keyOf(parent.brandName, name, [row.code, parent.modelNumber]);
      await unit.update(sku, row.id, { name, searchKey });
    }
  }
}

interface SkuWords {
  id: number;
  productId: number;
  code: string;
  memory: string | null;
  colour: string | null;
  network: string | null;
  variant: string | null;
}
