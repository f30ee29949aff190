import { invalidField, normaliseName, notFound } from '../../../kernel';
import { duplicateKey, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import { searchKey } from '../../../platform/text-search';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { nameKey } from '../domain/variant';
import { brand } from '../store/catalog.table';
import { refreshSearchKeys } from './refresh-search-keys';

export interface BrandCommand {
  name: string;
  active?: boolean;
}

export async function createBrand(
  uow: UnitOfWork,
  actor: Actor,
  command: BrandCommand,
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'catalog.category.edit');
  return uow.run(actor, async (unit) => ({ id: await addBrand(unit, command) }), options);
}

export async function addBrand(unit: Unit, command: BrandCommand): Promise<number> {
  const name = checkedName(command.name);
  const id = unit.takeIds(brand);
  try {
    await unit.insert(brand, [
      { id, name, nameKey: nameKey(name), searchKey: searchKey(name), active: command.active ?? true, version: 1 },
    ]);
  } catch (error) {
    throw duplicateKey(error) ? taken(name) : error;
  }
  await unit.audit({ action: 'catalog.brand.create', subjectType: 'catalog.brand', subjectId: id, detail: { name } });
  return id;
}

/** Renaming a brand also renews what its products are found by. */
export async function updateBrand(
  uow: UnitOfWork,
  actor: Actor,
  command: Required<BrandCommand> & { id: number; version: number },
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'catalog.category.edit');
  return uow.run(
    actor,
    async (unit) => {
      const before = await unit.get(brand, command.id);
      if (!before) throw notFound('catalog.brand', command.id);
      const name = checkedName(command.name);
      try {
        const changes = { name, nameKey: nameKey(name), searchKey: searchKey(name), active: command.active };
        await unit.update(brand, command.id, changes, command.version);
      } catch (error) {
        throw duplicateKey(error) ? taken(name) : error;
      }
      if (name !== before.name) {
        const products = await unit.all<{ id: number }>(
          sql`SELECT id FROM product WHERE brand_id = ${command.id} ORDER BY id`,
        );
        await refreshSearchKeys(
          unit,
          products.map((row) => row.id),
        );
      }
      await unit.audit({
        action: 'catalog.brand.update',
        subjectType: 'catalog.brand',
        subjectId: command.id,
        detail: { before: { name: before.name, active: before.active }, after: { name, active: command.active } },
      });
    },
    options,
  );
}

function checkedName(text: string): string {
  const name = normaliseName(text);
  if (!name || !nameKey(name)) throw invalidField('name', 'errors:field.required');
  if (name.length > 60) throw invalidField('name', 'errors:field.too_long', { max: 60 });
  return name;
}

const taken = (name: string) => invalidField('name', 'catalog:error.brand_taken', { name });
