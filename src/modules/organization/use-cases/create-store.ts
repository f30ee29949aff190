import { emptyToNull, invalid, normaliseCode, normaliseName } from '../../../kernel';
import { duplicateKey } from '../../../platform/database';
import { authorise, type Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { location, store, type StoreKind } from '../store/organization.table';

export interface StoreCommand {
  /** Stands in document numbers: capital letters and digits. */
  code: string;
  name: string;
  kind: StoreKind;
  phone?: string | null;
  address?: string | null;
}

export interface StoreCreated {
  id: number;
  defaultLocationId: number;
}

/** Opens a store or warehouse together with its default location. */
export function createStore(
  uow: UnitOfWork,
  actor: Actor,
  command: StoreCommand,
  options?: RunOptions,
): Promise<StoreCreated> {
  authorise(actor, 'organization.store.edit');
  return uow.run(actor, (unit) => addStore(unit, command), options);
}

export async function addStore(unit: Unit, command: StoreCommand): Promise<StoreCreated> {
  const code = normaliseCode(command.code);
  const name = normaliseName(command.name);
  if (!/^[A-Z0-9]{2,12}$/.test(code))
    throw invalid('errors:form', {}, [{ path: 'code', code: 'organization:error.store_code' }]);
  if (!name) throw invalid('errors:form', {}, [{ path: 'name', code: 'errors:field.required' }]);
  const id = unit.takeIds(store);
  const defaultLocationId = unit.takeIds(location);
  try {
    await unit.insert(store, [
      {
        id,
        code,
        name,
        kind: command.kind,
        phone: emptyToNull(command.phone),
        address: emptyToNull(command.address),
        active: true,
        version: 1,
        createdAt: unit.now,
      },
    ]);
  } catch (error) {
    if (duplicateKey(error))
      throw invalid('errors:form', {}, [
        { path: 'code', code: 'organization:error.store_code_taken', details: { code } },
      ]);
    throw error;
  }
  await unit.insert(location, [
    {
      id: defaultLocationId,
      storeId: id,
      code: 'MAIN',
      name: command.kind === 'store' ? '前仓' : '主仓',
      isDefault: true,
      active: true,
    },
  ]);
  await unit.audit({
    action: 'organization.store.create',
    subjectType: 'organization.store',
    subjectId: id,
    storeId: id,
    detail: { code, name, kind: command.kind },
  });
  return { id, defaultLocationId };
}
