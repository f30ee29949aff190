import { decodeRow, type Reader, sql } from '../../../platform/database';
import { brand, type BrandRow, category, type CategoryRow } from '../store/catalog.table';

export interface CategoryNode extends CategoryRow {
  /** 手机 / 智能手机 */
  path: string;
}

/** All categories, parents before their children, siblings in their order. */
export async function listCategories(read: Reader): Promise<CategoryNode[]> {
  const rows = (
    await read.all<Record<string, unknown>>(sql`SELECT * FROM category ORDER BY depth, sort_order, id`)
  ).map((row) => decodeRow(category, row));
  const children = new Map<number | null, CategoryRow[]>();
  for (const row of rows) children.set(row.parentId, [...(children.get(row.parentId) ?? []), row]);
  const ordered: CategoryNode[] = [];
  const visit = (parentId: number | null, prefix: string): void => {
    for (const row of children.get(parentId) ?? []) {
      const path = prefix ? `${prefix} / ${row.name}` : row.name;
      ordered.push({ ...row, path });
      visit(row.id, path);
    }
  };
  visit(null, '');
  return ordered;
}

/** The category and everything below it. */
export function categoryBranch(categories: readonly CategoryRow[], id: number): number[] {
  const ids = new Set([id]);
  // Parents stand before their children in listCategories.
  for (const row of categories) if (row.parentId !== null && ids.has(row.parentId)) ids.add(row.id);
  return [...ids];
}

export async function listBrands(read: Reader): Promise<BrandRow[]> {
  const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM brand ORDER BY name, id`);
  return rows.map((row) => decodeRow(brand, row));
}
