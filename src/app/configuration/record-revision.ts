import {
  checksumOf,
  type Change,
  configRevision,
  type ConfigurationDocument,
  differences,
  type RevisionKind,
} from '../../platform/configuration';
import { decodeRow, duplicateKey, type Reader, sql } from '../../platform/database';
import type { ModuleManifest } from '../../platform/modules';
import { systemActor } from '../../platform/permissions';
import type { AuditEntry, Unit, UnitOfWork } from '../../platform/unit-of-work';
import { readConfiguration } from './read-configuration';

/** More are counted, and found by comparing. */
const MOST_CHANGES = 200;
const EMPTY: ConfigurationDocument = { modules: {}, parameters: {}, data: {} };
const ACTIONS: Readonly<Record<string, RevisionKind>> = {
  'system.parameter.change': 'change',
  'system.module.switch': 'change',
  'system.configuration.import': 'import',
  'system.configuration.rollback': 'rollback',
};

/**
 * For the unit of work: whatever changed the configuration, a page, a command or an import, leaves a revision in the same
 * transaction. Told by what was audited, so that no use case can forget it.
 */
export function revisionRecorder(manifests: readonly ModuleManifest[]) {
  const prefixes = manifests.flatMap(({ configuration = [] }) => configuration.map(({ changedBy }) => changedBy));
  return async (unit: Unit, audited: readonly AuditEntry[]): Promise<void> => {
    const own = audited.filter(
      ({ action }) => ACTIONS[action] !== undefined || prefixes.some((prefix) => action.startsWith(prefix)),
    );
    if (own.length === 0) return;
    const whole = own.find(({ action }) => ACTIONS[action] === 'import' || ACTIONS[action] === 'rollback');
    const reason = own.map(({ detail }) => detail?.['reason']).find((text) => typeof text === 'string');
    const backTo = whole?.detail?.['backTo'];
    await addRevision(unit, manifests, {
      kind: ACTIONS[whole?.action ?? ''] ?? 'change',
      reason: reason?.trim().slice(0, 200) || null,
      backTo: typeof backTo === 'number' ? backTo : null,
    });
  };
}

/**
 * At each start: the revision to begin from, once (what was decided before there were revisions); and after an upgrade one for
 * what the new version brought, so that it does not stand under the name of whoever changes something next.
 */
export async function ensureFirstRevision(uow: UnitOfWork, manifests: readonly ModuleManifest[]): Promise<void> {
  const { read } = uow.database;
  const latest = await latestRevision(read);
  if (latest && !brings(await readConfiguration(read, manifests), latest.content)) return;
  const how = { kind: latest ? 'change' : 'first', reason: null, backTo: null } as const;
  try {
    await uow.run(systemActor('configuration'), (unit) => addRevision(unit, manifests, how));
  } catch (error) {
    // Another node, started at the same moment, has written it.
    if (!duplicateKey(error)) throw error;
  }
}

/** Whether there are modules, parameters or sets now that were not there then. */
function brings(now: ConfigurationDocument, then: ConfigurationDocument): boolean {
  const more = (a: object, b: object | undefined): boolean => Object.keys(a).some((key) => !(key in (b ?? {})));
  return (
    more(now.modules, then.modules) ||
    more(now.data, then.data) ||
    Object.entries(now.parameters).some(([module, values]) => more(values, then.parameters[module]))
  );
}

interface Latest {
  revision: number;
  checksum: string;
  content: ConfigurationDocument;
}

export async function latestRevision(read: Reader): Promise<Latest | undefined> {
  const row = await read.one<Record<string, unknown>>(
    sql`SELECT * FROM config_revision ORDER BY revision DESC ${sql.limit(1)}`,
  );
  return row && decodeRow(configRevision, row);
}

/** One change after another: the second sees what the first decided, and takes the next number. */
export async function lockLatest(unit: Unit): Promise<void> {
  for (let locked: number | undefined; ;) {
    const newest = await unit.one<{ id: number }>(
      sql`SELECT id FROM config_revision ORDER BY revision DESC ${sql.limit(1)}`,
    );
    if (newest === undefined || newest.id === locked) return;
    await unit.lock(configRevision, [newest.id]);
    locked = newest.id;
  }
}

async function addRevision(
  unit: Unit,
  manifests: readonly ModuleManifest[],
  { kind, reason, backTo }: { kind: RevisionKind; reason: string | null; backTo: number | null },
): Promise<void> {
  await lockLatest(unit);
  const before = await latestRevision(unit);
  const content = await readConfiguration(unit, manifests);
  const checksum = checksumOf(content);
  if (before?.checksum === checksum) return;
  const changes: Change[] = before ? differences(before.content, content) : differences(EMPTY, content);
  await unit.insert(configRevision, [
    {
      id: unit.takeIds(configRevision),
      revision: (before?.revision ?? 0) + 1,
      kind,
      backTo,
      reason,
      changes: kind === 'first' ? [] : changes.slice(0, MOST_CHANGES),
      changeCount: kind === 'first' ? 0 : changes.length,
      content,
      checksum,
      madeAt: unit.now,
      madeById: unit.actor.userId,
      madeByName: unit.actor.name,
    },
  ]);
}
