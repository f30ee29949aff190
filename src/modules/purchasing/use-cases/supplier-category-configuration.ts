import { recordSet } from '../../../platform/configuration';
import { type Reader, sql } from '../../../platform/database';
import { SUPPLIER_CATEGORY } from '../queries/supplier-categories';

/** Suppliers have the category's name in their own row: a new name is carried there. */
export const supplierCategoryConfiguration = recordSet({
  module: 'purchasing',
  id: 'supplierCategories',
  values: SUPPLIER_CATEGORY,
  inUse: async (read, records) => {
    const used = await suppliersByCategory(read);
    return new Map(
      records.flatMap(({ id, name }): [number, number][] => {
        const count = used.get(name) ?? 0;
        return count > 0 ? [[id, count]] : [];
      }),
    );
  },
  renamed: async (unit, before, after) => {
    await unit.execute(sql`UPDATE supplier SET category = ${after}, version = version + 1 WHERE category = ${before}`);
  },
});

/** How many active suppliers are in each category. */
async function suppliersByCategory(read: Reader): Promise<Map<string, number>> {
  const rows = await read.all<{ category: string; n: number }>(
    sql`SELECT category, COUNT(*) AS n FROM supplier WHERE active = ${true} AND category IS NOT NULL GROUP BY category`,
  );
  return new Map(rows.map(({ category, n }) => [category, Number(n)]));
}
