import { type Reader, sql } from '../../../platform/database';
import { type SkuCard, skusByIds } from '../../catalog';

/** The variants of a model that are kept by serial number. */
export async function skusOfModel(read: Reader, productId: number): Promise<SkuCard[]> {
  const rows = await read.all<{ id: number }>(
    sql`SELECT id FROM sku WHERE product_id = ${productId} AND tracking = 'serial' ORDER BY id`,
  );
  const cards = await skusByIds(
    read,
    rows.map(({ id }) => id),
  );
  return [...cards.values()];
}
