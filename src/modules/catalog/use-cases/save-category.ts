import { invalid, invalidField, normaliseName, notFound } from '../../../kernel';
import { duplicateKey, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { Tracking } from '../domain/tracking';
import { nameKey } from '../domain/variant';
import { categoryBranch, listCategories } from '../queries/categories';
import { category, type CategoryRow } from '../store/catalog.table';
import { requireTaxRate } from './tax-rates';

export const MAX_CATEGORY_DEPTH = 3;

export interface CategoryCommand {
  name: string;
  parentId?: number | null;
  /** What new products of the category start with. */
  taxRateBp: number;
  tracking: Tracking;
  sortOrder?: number;
}

export async function createCategory(
  uow: UnitOfWork,
  actor: Actor,
  command: CategoryCommand,
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'catalog.category.edit');
  return uow.run(actor, async (unit) => ({ id: await addCategory(unit, command) }), options);
}

export async function addCategory(unit: Unit, command: CategoryCommand): Promise<number> {
  const name = checkedName(command.name);
  await requireTaxRate(unit, command.taxRateBp);
  const parentId = command.parentId ?? null;
  const depth = parentId === null ? 1 : (await depthOf(unit, parentId)) + 1;
  if (depth > MAX_CATEGORY_DEPTH)
    throw invalidField('parentId', 'catalog:error.category_depth', { max: MAX_CATEGORY_DEPTH });
  const id = unit.takeIds(category);
  try {
    await unit.insert(category, [
      {
        id,
        parentId,
        depth,
        name,
        nameKey: categoryKey(parentId, name),
        taxRateBp: command.taxRateBp,
        tracking: command.tracking,
        sortOrder: command.sortOrder ?? 100,
        active: true,
        version: 1,
      },
    ]);
  } catch (error) {
    throw duplicateKey(error) ? invalidField('name', 'catalog:error.category_taken', { name }) : error;
  }
  await unit.audit({
    action: 'catalog.category.create',
    subjectType: 'catalog.category',
    subjectId: id,
    detail: { name, parentId, taxRateBp: command.taxRateBp, tracking: command.tracking },
  });
  return id;
}

export type CategoryChange = CategoryCommand & { id: number; version: number; active: boolean };

export async function updateCategory(
  uow: UnitOfWork,
  actor: Actor,
  command: CategoryChange,
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'catalog.category.edit');
  return uow.run(actor, (unit) => changeCategory(unit, command), options);
}

/**
 * Changes a category; with `parentId` it moves, and everything below it with it (null: to the top). Refused are a place below
 * itself (catalog:error.category_cycle) and a branch that would become too deep. The caller checks the permission.
 */
export async function changeCategory(unit: Unit, command: CategoryChange): Promise<void> {
  // Of two moves at once the second sees the first: each alone may be right, and both together a circle.
  const branch = command.parentId === undefined ? null : await lockTree(unit, command.id);
  const before = await unit.get(category, command.id);
  if (!before) throw notFound('catalog.category', command.id);
  const place = branch === null ? placeOf(before) : await newPlace(unit, before, command.parentId ?? null, branch);
  const name = checkedName(command.name);
  await requireTaxRate(unit, command.taxRateBp, before.taxRateBp);
  if (before.active && !command.active) await refuseWhileUsed(unit, command.id);
  const changes = {
    name,
    ...place,
    nameKey: categoryKey(place.parentId, name),
    taxRateBp: command.taxRateBp,
    tracking: command.tracking,
    sortOrder: command.sortOrder ?? before.sortOrder,
    active: command.active,
  };
  try {
    await unit.update(category, command.id, changes, command.version);
  } catch (error) {
    throw duplicateKey(error) ? invalidField('name', 'catalog:error.category_taken', { name }) : error;
  }
  const deeper = place.depth - before.depth;
  if (branch && deeper !== 0)
    for (const { id, depth } of branch.filter((row) => row.id !== command.id))
      await unit.execute(sql`UPDATE category SET depth = ${depth + deeper}, version = version + 1 WHERE id = ${id}`);
  await unit.audit({
    action: 'catalog.category.update',
    subjectType: 'catalog.category',
    subjectId: command.id,
    detail: {
      before: {
        name: before.name,
        parentId: before.parentId,
        taxRateBp: before.taxRateBp,
        tracking: before.tracking,
        active: before.active,
      },
      after: {
        name,
        parentId: place.parentId,
        taxRateBp: command.taxRateBp,
        tracking: command.tracking,
        active: command.active,
      },
    },
  });
}

const placeOf = ({ parentId, depth }: Pick<CategoryRow, 'parentId' | 'depth'>) => ({ parentId, depth });

/** Locks the whole tree and returns the category with everything below it. */
async function lockTree(unit: Unit, id: number): Promise<CategoryRow[]> {
  const all = await unit.all<{ id: number }>(sql`SELECT id FROM category ORDER BY id`);
  await unit.lock(
    category,
    all.map((row) => row.id),
  );
  const rows = await listCategories(unit);
  const ids = new Set(categoryBranch(rows, id));
  return rows.filter((row) => ids.has(row.id));
}

async function newPlace(unit: Unit, before: CategoryRow, parentId: number | null, branch: readonly CategoryRow[]) {
  if (parentId === before.parentId) return placeOf(before);
  if (branch.some((row) => row.id === parentId)) throw invalidField('parentId', 'catalog:error.category_cycle');
  const depth = parentId === null ? 1 : (await depthOf(unit, parentId)) + 1;
  const levels = Math.max(...branch.map((row) => row.depth)) - before.depth;
  if (depth + levels > MAX_CATEGORY_DEPTH)
    throw invalidField('parentId', 'catalog:error.category_depth', { max: MAX_CATEGORY_DEPTH });
  return { parentId, depth };
}

/** `12/智能手机`: one name per parent. */
export const categoryKey = (parentId: number | null, name: string): string => `${parentId ?? 0}/${nameKey(name)}`;

async function refuseWhileUsed(unit: Unit, id: number): Promise<void> {
  const used = await unit.one<{ count: number }>(
    sql`SELECT COUNT(*) AS count FROM product WHERE category_id = ${id} AND active = ${1}`,
  );
  const below = await unit.one<{ count: number }>(
    sql`SELECT COUNT(*) AS count FROM category WHERE parent_id = ${id} AND active = ${1}`,
  );
  const count = Number(used?.count ?? 0) + Number(below?.count ?? 0);
  if (count > 0) throw invalid('catalog:error.category_used', { count });
}

async function depthOf(unit: Unit, id: number): Promise<number> {
  const parent = await unit.get(category, id);
  if (!parent) throw invalidField('parentId', 'errors:field.invalid');
  return parent.depth;
}

function checkedName(text: string): string {
  const name = normaliseName(text);
  if (!name || !nameKey(name)) throw invalidField('name', 'errors:field.required');
  if (name.length > 60) throw invalidField('name', 'errors:field.too_long', { max: 60 });
  return name;
}
