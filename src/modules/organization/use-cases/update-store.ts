import { invalidField } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { stockLeft } from '../queries/stock-left';
import { getStore } from '../queries/stores';
import { store } from '../store/organization.table';
import { type StoreCommand, storeWords } from './create-store';

/** The code stays: it stands in every document number of the store. */
export async function updateStore(
  uow: UnitOfWork,
  actor: Actor,
  command: Omit<StoreCommand, 'code' | 'kind'> & { id: number; version: number; active: boolean },
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'organization.store.edit', command.id);
  await uow.run(
    actor,
    async (unit) => {
      const before = await getStore(unit, command.id);
      const fields = storeWords(command);
      const pieces = before.active && !command.active ? await stockLeft(unit, { storeId: command.id }) : 0;
      if (pieces > 0) throw invalidField('active', 'organization:error.store_stock', { count: pieces });
      await unit.update(store, command.id, { ...fields, active: command.active }, command.version);
      await unit.audit({
        action: 'organization.store.update',
        subjectType: 'organization.store',
        subjectId: command.id,
        storeId: command.id,
        detail: {
          before: { name: before.name, phone: before.phone, address: before.address, active: before.active },
          after: { ...fields, active: command.active },
        },
      });
    },
    options,
  );
}
