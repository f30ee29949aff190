import { z } from 'zod';
import { invalid } from '../../../kernel';
import type { ConfigurationRecord } from '../../../platform/configuration';
import { type Reader, sql } from '../../../platform/database';
import type { ConfigurationSet } from '../../../platform/modules';
import type { Unit } from '../../../platform/unit-of-work';
import { TRACKINGS } from '../domain/tracking';
import { type CategoryNode, listCategories } from '../queries/categories';
import { addCategory, changeCategory } from './save-category';

const values = z.object({
  taxRateBp: z.int().min(0).max(10_000),
  tracking: z.enum(TRACKINGS),
  sortOrder: z.int().min(0).max(9999).default(100),
});
const SEPARATOR = ' / ';

/** Product categories as configuration: a record is named by its path, 手机 / 智能手机. */
export const categoryConfiguration: ConfigurationSet = {
  id: 'categories',
  changedBy: 'catalog.category.',
  values,
  page: '/catalog/categories',
  read: async (read) => (await listCategories(read)).map(toRecord),
  inUse,
  save,
};

const toRecord = ({ id, path, active, taxRateBp, tracking, sortOrder }: CategoryNode): ConfigurationRecord => ({
  id,
  name: path,
  active,
  values: { taxRateBp, tracking, sortOrder },
});

/** Used by active products, or by active categories below that do not go off with it (or are themselves used). */
async function inUse(read: Reader, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await read.all<{ categoryId: number; n: number }>(
    sql`SELECT category_id, COUNT(*) AS n FROM product WHERE active = ${1} GROUP BY category_id`,
  );
  const products = new Map(rows.map(({ categoryId, n }) => [Number(categoryId), Number(n)]));
  const goesOff = new Set(ids);
  const used = new Map<number, number>();
  const categories = await listCategories(read);
  // Children stand after their parents: from the end each is counted before the one above asks.
  for (const { id } of categories.toReversed()) {
    const below = categories.filter(
      (row) => row.parentId === id && row.active && (!goesOff.has(row.id) || used.has(row.id)),
    );
    const count = (products.get(id) ?? 0) + below.length;
    if (goesOff.has(id) && count > 0) used.set(id, count);
  }
  return used;
}

async function save(unit: Unit, records: readonly ConfigurationRecord[]): Promise<void> {
  let tree = await listCategories(unit);
  for (const record of records) {
    const { taxRateBp, tracking, sortOrder } = values.parse(record.values);
    const before = tree.find((row) => row.id === record.id);
    const place = before?.path === record.name ? before : (placeOf(tree, record.name) ?? before);
    if (!place) throw invalid('catalog:error.category_parent', { name: record.name });
    const { name, parentId } = place;
    const command = { name, taxRateBp, tracking, sortOrder };
    if (before) {
      // Without a parent it keeps its place, and the tree need not be locked for it.
      const moves = parentId === before.parentId ? {} : { parentId };
      await changeCategory(unit, {
        ...command,
        ...moves,
        id: before.id,
        version: before.version,
        active: record.active,
      });
      if (parentId === before.parentId && name === before.name) continue;
    } else {
      const id = await addCategory(unit, { ...command, parentId });
      if (!record.active) await changeCategory(unit, { ...command, id, version: 1, active: false });
    }
    // Later paths go by the new names.
    tree = await listCategories(unit);
  }
}

/**
 * Below the category whose path begins this one; a single name is at the top. Undefined when what stands above is not there:
 * a category that keeps its place may be named by a path from before one above it was renamed.
 */
function placeOf(
  categories: readonly CategoryNode[],
  path: string,
): { name: string; parentId: number | null } | undefined {
  const above = categories.filter((row) => path.startsWith(`${row.path}${SEPARATOR}`));
  const parent = above.reduce<CategoryNode | undefined>(
    (best, row) => (best === undefined || row.path.length > best.path.length ? row : best),
    undefined,
  );
  if (!parent && path.includes(SEPARATOR)) return undefined;
  return { name: parent ? path.slice(parent.path.length + SEPARATOR.length) : path, parentId: parent?.id ?? null };
}
