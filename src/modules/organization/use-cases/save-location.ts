import { invalid, invalidField } from '../../../kernel';
import { duplicateKey, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { checkedCode, requiredName } from '../domain/words';
import { stockLeft } from '../queries/stock-left';
import { getLocation, getStore } from '../queries/stores';
import { location, type LocationRow, store } from '../store/organization.table';

export interface LocationCommand {
  storeId: number;
  code: string;
  name: string;
}

/** One more place inside a store: a counter, a shelf for demo phones, one for defective ones. */
export async function createLocation(
  uow: UnitOfWork,
  actor: Actor,
  command: LocationCommand,
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'organization.store.edit', command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      await getStore(unit, command.storeId);
      return { id: await addLocation(unit, command) };
    },
    options,
  );
}

export async function addLocation(unit: Unit, command: LocationCommand): Promise<number> {
  const code = checkedCode(command.code, 'locationCode', 'organization:error.location_code');
  const name = requiredName(command.name, 'locationName', 60);
  const id = unit.takeIds(location);
  try {
    await unit.insert(location, [{ id, storeId: command.storeId, code, name, isDefault: false, active: true }]);
  } catch (error) {
    throw duplicateKey(error)
      ? invalidField('locationCode', 'organization:error.location_code_taken', { code })
      : error;
  }
  await audit(unit, 'create', { id, storeId: command.storeId, name }, { code, name });
  return id;
}

export async function updateLocation(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; name: string; active: boolean },
  options?: RunOptions,
): Promise<void> {
  await uow.run(
    actor,
    async (unit) => {
      const before = await getLocation(unit, command.id);
      authorise(actor, 'organization.store.edit', before.storeId);
      const name = requiredName(command.name, 'locationName', 60);
      if (!command.active && before.isDefault) throw invalid('organization:error.default_location_active');
      const pieces = before.active && !command.active ? await stockLeft(unit, { locationId: command.id }) : 0;
      if (pieces > 0) throw invalid('organization:error.location_stock', { count: pieces });
      await unit.update(location, command.id, { name, active: command.active });
      await audit(unit, 'update', before, {
        before: { name: before.name, active: before.active },
        after: { name, active: command.active },
      });
    },
    options,
  );
}

/** The place where goods go and come from when nobody says otherwise; the store's row is locked so that there is one. */
export async function makeDefaultLocation(
  uow: UnitOfWork,
  actor: Actor,
  id: number,
  options?: RunOptions,
): Promise<void> {
  await uow.run(
    actor,
    async (unit) => {
      const chosen = await getLocation(unit, id);
      authorise(actor, 'organization.store.edit', chosen.storeId);
      if (!chosen.active) throw invalid('organization:error.default_location_active');
      await unit.lock(store, [chosen.storeId]);
      await unit.execute(sql`UPDATE location SET is_default = ${0} WHERE store_id = ${chosen.storeId} AND id <> ${id}`);
      await unit.update(location, id, { isDefault: true });
      await audit(unit, 'make_default', chosen, { name: chosen.name });
    },
    options,
  );
}

async function audit(
  unit: Unit,
  verb: string,
  row: Pick<LocationRow, 'id' | 'storeId' | 'name'>,
  detail: Record<string, unknown>,
): Promise<void> {
  await unit.audit({
    action: `organization.location.${verb}`,
    subjectType: 'organization.location',
    subjectId: row.id,
    storeId: row.storeId,
    detail,
  });
}
