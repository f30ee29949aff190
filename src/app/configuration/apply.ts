import { DomainError, invalid, notFound, stale } from '../../kernel';
import {
  canonical,
  configRevision,
  type ConfigurationDocument,
  type ConfigurationRecord,
  type Match,
} from '../../platform/configuration';
import type { ConfigurationSet, ModuleManifest } from '../../platform/modules';
import { writeParameter } from '../../platform/parameters';
import { type Actor, authoriseEverywhere } from '../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../platform/unit-of-work';
import { writeOff } from '../module-store';
import { planConfiguration, setsOf, type Unknown } from './plan';
import { readConfiguration } from './read-configuration';
import { latestRevision, lockLatest } from './record-revision';

export const CONFIGURATION_PERMISSION = 'system.configuration.edit';

export interface ApplyCommand {
  wanted: ConfigurationDocument;
  /** The revision that the preview was made against: if there is a newer one the preview is void (409 errors:stale). */
  seenRevision: number;
  reason: string;
}

/** Puts a file's configuration in force, all of it or nothing, as a new revision. */
export function importConfiguration(
  uow: UnitOfWork,
  manifests: readonly ModuleManifest[],
  actor: Actor,
  command: ApplyCommand,
  options?: RunOptions,
): Promise<{ revision: number; changes: number }> {
  return apply(
    uow,
    manifests,
    actor,
    command,
    { match: 'name', unknown: 'refuse' },
    'system.configuration.import',
    {},
    options,
  );
}

/** Goes back to an earlier revision as a new one. Records made since are switched off; those in use stay. */
export async function rollbackConfiguration(
  uow: UnitOfWork,
  manifests: readonly ModuleManifest[],
  actor: Actor,
  { revision, ...command }: Omit<ApplyCommand, 'wanted'> & { revision: number },
  options?: RunOptions,
): Promise<{ revision: number; changes: number }> {
  const [row] = await uow.database.read.find(configRevision, { revision });
  if (!row) throw notFound('system.revision', revision);
  const wanted = row.content;
  const how = { match: 'id', unknown: 'skip' } as const;
  return apply(
    uow,
    manifests,
    actor,
    { ...command, wanted },
    how,
    'system.configuration.rollback',
    { backTo: revision },
    options,
  );
}

async function apply(
  uow: UnitOfWork,
  manifests: readonly ModuleManifest[],
  actor: Actor,
  { wanted, seenRevision, reason }: ApplyCommand,
  how: { match: Match; unknown: Unknown },
  action: string,
  detail: Record<string, unknown>,
  options?: RunOptions,
): Promise<{ revision: number; changes: number }> {
  authoriseEverywhere(actor, CONFIGURATION_PERMISSION);
  if (reason.trim() === '')
    throw invalid('configuration:error.reason', {}, [{ path: 'reason', code: 'errors:field.required' }]);
  return uow.run(
    actor,
    async (unit) => {
      await lockLatest(unit);
      const latest = await latestRevision(unit);
      if (!latest || latest.revision !== seenRevision) throw stale();
      const now = await readConfiguration(unit, manifests);
      const plan = await planConfiguration(unit, manifests, now, wanted, how);
      if (plan.problems.length > 0)
        throw new DomainError('configuration:error.problems', { details: { count: plan.problems.length } });
      if (plan.changes.length === 0) throw new DomainError('configuration:error.nothing', { status: 409 });
      await write(unit, manifests, now, plan.target);
      await unit.audit({
        action,
        subjectType: 'system.configuration',
        detail: { ...detail, reason: reason.trim(), changes: plan.changes.length },
      });
      return { revision: latest.revision + 1, changes: plan.changes.length };
    },
    options,
  );
}

async function write(
  unit: Unit,
  manifests: readonly ModuleManifest[],
  now: ConfigurationDocument,
  target: ConfigurationDocument,
): Promise<void> {
  if (canonical(target.modules) !== canonical(now.modules))
    await writeOff(unit, new Set(Object.keys(target.modules).filter((name) => !target.modules[name])));
  for (const [module, values] of Object.entries(target.parameters))
    for (const [key, value] of Object.entries(values))
      if (canonical(value) !== canonical(now.parameters[module]?.[key]))
        await writeParameter(unit, `${module}.${key}`, value);
  for (const [name, set] of inOrderOfNames(setsOf(manifests))) {
    const before = new Map((now.data[name] ?? []).map((record) => [record.id, record]));
    const changed = (target.data[name] ?? []).filter(
      (record) => record.id === undefined || canonical(record) !== canonical(before.get(record.id)),
    );
    const goesOff = (record: ConfigurationRecord) => !record.active && before.get(record.id)?.active === true;
    // Parents come first when they are made or changed, and last when they are switched off.
    const inOrder = [...changed.filter((one) => !goesOff(one)), ...changed.filter(goesOff).reverse()];
    if (inOrder.length > 0) await set.save(unit, inOrder);
  }
}

/** Sets whose records others name come before those. */
function inOrderOfNames(sets: ReadonlyMap<string, ConfigurationSet>): Map<string, ConfigurationSet> {
  const ordered = new Map<string, ConfigurationSet>();
  const add = (name: string): void => {
    const set = sets.get(name);
    if (!set || ordered.has(name)) return;
    for (const other of set.refersTo ?? []) add(other);
    ordered.set(name, set);
  };
  for (const name of sets.keys()) add(name);
  return ordered;
}
