import { invalid, invalidField, normaliseName, notFound } from '../../../kernel';
import { duplicateKey, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { Tracking } from '../domain/tracking';
import { nameKey } from '../domain/variant';
import { category } from '../store/catalog.table';

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
  checkRate(command.taxRateBp);
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

/** The place in the tree stays: moving a branch would change every report of the past. */
export async function updateCategory(
  uow: UnitOfWork,
  actor: Actor,
  command: Omit<CategoryCommand, 'parentId'> & { id: number; version: number; active: boolean },
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'catalog.category.edit');
  return uow.run(
    actor,
    async (unit) => {
      const before = await unit.get(category, command.id);
      if (!before) throw notFound('catalog.category', command.id);
      const name = checkedName(command.name);
      checkRate(command.taxRateBp);
      if (before.active && !command.active) await refuseWhileUsed(unit, command.id);
      const changes = {
        name,
        nameKey: categoryKey(before.parentId, name),
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
      await unit.audit({
        action: 'catalog.category.update',
        subjectType: 'catalog.category',
        subjectId: command.id,
        detail: {
          before: { name: before.name, taxRateBp: before.taxRateBp, tracking: before.tracking, active: before.active },
          after: { name, taxRateBp: command.taxRateBp, tracking: command.tracking, active: command.active },
        },
      });
    },
    options,
  );
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

function checkRate(rateBp: number): void {
  if (!Number.isInteger(rateBp) || rateBp < 0 || rateBp > 10_000) throw invalidField('taxRate', 'errors:tax.rate');
}
