import { invalidField, notFound, stale } from '../../kernel';
import { checksumOf, type ConfigurationRecord } from '../../platform/configuration';
import type { ConfigurationSet, ModuleManifest } from '../../platform/modules';
import { type Actor, authoriseEverywhere } from '../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../platform/unit-of-work';
import { CONFIGURATION_PERMISSION } from './apply';
import { setsOf } from './plan';

export interface RecordCommand {
  /** `<module>.<set>` */
  set: string;
  record: ConfigurationRecord;
  /** `checksumOf` the record as it was shown; of a new one undefined. */
  seen?: string;
  reason?: string;
}

/** Makes or changes one record of a set. 404 for an unknown set or record, 409 errors:stale, 422 for what the set refuses. */
export async function saveConfigurationRecord(
  uow: UnitOfWork,
  manifests: readonly ModuleManifest[],
  actor: Actor,
  { set: name, record, seen, reason }: RecordCommand,
  options?: RunOptions,
): Promise<void> {
  authoriseEverywhere(actor, CONFIGURATION_PERMISSION);
  const set = setNamed(manifests, name);
  const values = checked(set, record.values);
  await uow.run(
    actor,
    async (unit) => {
      const before = (await set.read(unit)).find(({ id }) => id === record.id);
      if (record.id !== undefined && !before) throw notFound('system.record', record.id);
      if (record.id === undefined && set.fixed) throw notFound('system.record', 0);
      if (before && checksumOf(before) !== seen) throw stale();
      await set.save(unit, [{ ...record, values }], reason?.trim().slice(0, 200) || undefined);
    },
    options,
  );
}

/** Throws 404 for a set that no module has. */
export function setNamed(manifests: readonly ModuleManifest[], name: string): ConfigurationSet {
  const set = setsOf(manifests).get(name);
  if (!set) throw notFound('system.set', name.slice(0, 60));
  return set;
}

function checked(set: ConfigurationSet, values: ConfigurationRecord['values']): ConfigurationRecord['values'] {
  const parsed = set.values.strict().safeParse(values);
  if (parsed.success) return parsed.data as ConfigurationRecord['values'];
  const field = String(parsed.error.issues[0]?.path[0] ?? '');
  throw invalidField(field, 'errors:field.invalid');
}
