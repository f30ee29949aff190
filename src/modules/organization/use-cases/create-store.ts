import { invalidField } from '../../../kernel';
import { duplicateKey } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { checkedCode, optionalPhone, optionalText, requiredName } from '../domain/words';
import type { StoreKind } from '../domain/store-kind';
import { location, store } from '../store/organization.table';

export interface StoreCommand {
  /** Stands in document numbers: capital letters and digits. */
  code: string;
  name: string;
  kind: StoreKind;
  phone?: string | null | undefined;
  address?: string | null | undefined;
}

export interface StoreCreated {
  id: number;
  defaultLocationId: number;
}

/** Opens a store or warehouse together with its default location. */
export async function createStore(
  uow: UnitOfWork,
  actor: Actor,
  command: StoreCommand,
  options?: RunOptions,
): Promise<StoreCreated> {
  authorise(actor, 'organization.store.edit');
  return uow.run(actor, (unit) => addStore(unit, command), options);
}

export async function addStore(unit: Unit, command: StoreCommand): Promise<StoreCreated> {
  const code = checkedCode(command.code, 'code', 'organization:error.store_code');
  const fields = storeWords(command);
  const id = unit.takeIds(store);
  const defaultLocationId = unit.takeIds(location);
  try {
    await unit.insert(store, [
      { id, code, kind: command.kind, ...fields, active: true, version: 1, createdAt: unit.now },
    ]);
  } catch (error) {
    throw duplicateKey(error) ? invalidField('code', 'organization:error.store_code_taken', { code }) : error;
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
    detail: { code, name: fields.name, kind: command.kind },
  });
  return { id, defaultLocationId };
}

export function storeWords(command: Pick<StoreCommand, 'name' | 'phone' | 'address'>): {
  name: string;
  phone: string | null;
  address: string | null;
} {
  return {
    name: requiredName(command.name, 'name', 60),
    phone: optionalPhone(command.phone),
    address: optionalText(command.address, 'address', 200),
  };
}
