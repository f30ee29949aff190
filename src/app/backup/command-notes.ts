import { existsSync } from 'node:fs';
import { isDomainError } from '../../kernel';
import type { Opening } from '../../platform/backup';
import type { Config } from '../../platform/config';
import { silentLogger } from '../../platform/logging';
import { systemActor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { startUpkeep } from '../../platform/upkeep';
import { openServices } from '../create-services';
import { keysToLook } from '../key-check';
import { openToLook } from '../open-to-look';
import { drill, type DrillReport } from './drill';
import type { RestoreProgress } from './restore-backup';
import type { FoundBackup } from './sources';
import { drillResult, type TrialResult } from './trial';

const actor = systemActor('command line');
const BEAT_MS = 2000;

/**
 * Whether a command may leave a note in a database: one of this installation that works. On a machine where nothing is installed
 * yet, or whose database is what is wrong, commands do their work without.
 */
async function openForNotes(config: Config): Promise<{ services: Services; close: () => Promise<void> } | undefined> {
  const { url } = config.database;
  try {
    const database = await openToLook(url);
    try {
      await keysToLook(database.read, config.security.keyFile);
    } finally {
      await database.close();
    }
    return await openServices(config, { log: silentLogger() });
  } catch {
    return undefined;
  }
}

/** Writes into the audit log of a database what a command did. False: there is none to write into. */
export async function noteInAudit(
  config: Config,
  action: string,
  detail: Record<string, unknown>,
  url: string = config.database.url,
): Promise<boolean> {
  if (!existsSync(config.security.keyFile)) return false;
  const open = await openForNotes({ ...config, database: { ...config.database, url } });
  if (!open) return false;
  try {
    await open.services.uow.run(actor, (unit) => unit.audit({ action, detail }));
    return true;
  } finally {
    await open.close();
  }
}

/** A drill by the command line; where there is an installation it stands in the history of the drills like every other. */
export async function drillByCommand(
  config: Config,
  found: FoundBackup,
  opening: Opening,
  onProgress: (progress: RestoreProgress) => void,
): Promise<DrillReport> {
  const open = await openForNotes(config);
  if (!open) return drill(found, opening, onProgress);
  const { services, close } = open;
  const { name, target = null } = found;
  let report: DrillReport | undefined;
  let failure: unknown;
  try {
    const { over } = await startUpkeep(services, actor, 'drill', async (progress) => {
      let rows = 0;
      const beat = setInterval(() => void progress(rows, 0).catch(() => undefined), BEAT_MS);
      try {
        report = await drill(found, opening, (now) => {
          rows = now.rows;
          onProgress(now);
        });
        return { ...drillResult(found, report), done: rows };
      } catch (error) {
        failure = error;
        if (!isDomainError(error)) throw error;
        const { code, details } = error;
        return { name, target, fault: { code, details }, done: rows } satisfies TrialResult & { done: number };
      } finally {
        clearInterval(beat);
      }
    });
    const detail = { name, targets: target === null ? null : [target] };
    await services.uow.run(actor, (unit) => unit.audit({ action: 'system.backup.drill', detail }));
    await over;
    if (!report) throw failure;
    return report;
  } finally {
    await close();
  }
}
