import { DomainError, invalid, invalidField, normaliseCode, normaliseName, notFound } from '../../../kernel';
import { duplicateKey } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore, listChannels } from '../../organization';
import { register } from '../store/register.table';
import { openShiftOf } from '../store/till-context';

export interface RegisterCommand {
  /** Null for a new till. */
  id: number | null;
  storeId: number;
  code: string;
  name: string;
  active: boolean;
  /** Channels that may be sold by here; null: all; left out: as it is. */
  channelIds?: readonly number[] | null | undefined;
  version: number | null;
}

/** Creates or changes a till. A till stays in its store; one with an open shift cannot be switched off. */
export function saveRegister(
  uow: UnitOfWork,
  actor: Actor,
  command: RegisterCommand,
  options: { operationKey?: string | undefined } = {},
): Promise<{ registerId: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const code = normaliseCode(command.code);
      const name = normaliseName(command.name);
      if (!/^[A-Z0-9-]{1,20}$/.test(code))
        throw invalid('errors:form', {}, [{ path: 'code', code: 'sales:error.register_code' }]);
      if (name === '') throw invalid('errors:form', {}, [{ path: 'name', code: 'errors:field.required' }]);
      const allowed = await allowedChannels(unit, command.channelIds);
      try {
        if (command.id === null) {
          const store = await getStore(unit, command.storeId);
          authorise(actor, 'sales.register.edit', store.id);
          if (store.kind !== 'store')
            throw invalid('errors:form', {}, [{ path: 'storeId', code: 'sales:error.register_warehouse' }]);
          const id = unit.takeIds(register);
          await unit.insert(register, [
            {
              id,
              code,
              name,
              storeId: store.id,
              active: command.active,
              version: 1,
              createdAt: unit.now,
              channelIds: allowed ?? null,
            },
          ]);
          await unit.audit({
            action: 'sales.register.edit',
            subjectType: 'sales.register',
            subjectId: id,
            storeId: store.id,
            detail: { code, name },
          });
          return { registerId: id };
        }
        const row = await unit.get(register, command.id);
        if (!row) throw notFound('sales.register', command.id);
        authorise(actor, 'sales.register.edit', row.storeId);
        if (!command.active && (await openShiftOf(unit, row.id)))
          throw new DomainError('sales:error.shift_open', { status: 409, details: { name: row.name } });
        const changes = {
          code,
          name,
          active: command.active,
          ...(allowed === undefined ? {} : { channelIds: allowed }),
        };
        await unit.update(register, row.id, changes, command.version ?? row.version);
        await unit.audit({
          action: 'sales.register.edit',
          subjectType: 'sales.register',
          subjectId: row.id,
          storeId: row.storeId,
          detail: changes,
        });
        return { registerId: row.id };
      } catch (error) {
        if (duplicateKey(error))
          throw invalid('errors:form', {}, [
            { path: 'code', code: 'sales:error.register_code_taken', details: { code } },
          ]);
        throw error;
      }
    },
    options,
  );
}

/** Throws 422 for a channel that is not there. All of those that are on are kept as "all": one made later is among them. */
async function allowedChannels(
  unit: Unit,
  ids: readonly number[] | null | undefined,
): Promise<number[] | null | undefined> {
  if (ids === null || ids === undefined) return ids;
  const channels = await listChannels(unit);
  for (const id of ids)
    if (!channels.some((channel) => channel.id === id)) throw invalidField('channelIds', 'sales:error.channel');
  return channels.every(({ id, active }) => !active || ids.includes(id)) ? null : [...new Set(ids)];
}
