import { DomainError, isDomainError } from '../../kernel';
import { type BackupTarget, planRetention } from '../../platform/backup-targets';
import { sql } from '../../platform/database';
import { errorText } from '../../platform/jobs';
import type { Actor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { backupRun, type BackupState, type RunningProgress, type TargetResult } from './backup-run.table';
import { runBackup, type RunProgress, type TargetOutcome } from './run-backup';
import { openTargets } from './sources';

/** So often the row tells how far it is, and is asked whether somebody wants it to stop. */
const BEAT_MS = 1000;
/** Whoever still writes to an unfinished file has done so since: nothing hangs longer than a minute. */
const LEFTOVER_MS = 120_000;

export interface RecordedOptions {
  origin: 'schedule' | 'person' | 'command';
  /** Who wanted it, when it was a person. */
  startedBy?: Actor | undefined;
  /** Ids of configured targets; undefined: all of them. */
  targetIds?: readonly string[] | undefined;
  run?: typeof runBackup;
}

class Cancelled extends DomainError {
  constructor() {
    super('backups:error.cancelled');
  }
}

/**
 * A backup with its history: what interrupted runs left is removed first, the retention after it, and what came of it is kept.
 * Throws when it does not lie on every target, after all of that. The caller holds the lease of the job.
 */
export async function recordedBackup(services: Services, actor: Actor, options: RecordedOptions): Promise<void> {
  const { uow, config, clock } = services;
  const targets = openTargets(config, { ids: options.targetIds });
  try {
    const id = await begin(services, options.startedBy ?? actor, options.origin);
    const beat = startBeat(services, actor, id);
    let results: TargetResult[] = [];
    let failure: { code: string; details: Record<string, unknown> } | null = null;
    let state: BackupState = 'failed';
    let made: { name: string; bytes: number; encrypted: boolean } | undefined;
    try {
      await clearLeftovers(services, targets);
      const { signal } = beat;
      const outcome = await (options.run ?? runBackup)(services, { targets, signal, onProgress: beat.note });
      made = outcome;
      results = await Promise.all(outcome.targets.map((result) => tidy(services, targets, outcome.name, result)));
      state = outcome.ok ? 'ok' : results.some(({ ok }) => ok) ? 'partly' : 'failed';
    } catch (error) {
      state = beat.signal.aborted ? 'cancelled' : 'failed';
      failure = isDomainError(error)
        ? { code: error.code, details: error.details }
        : { code: 'backups:error.defect', details: { message: errorText(error) } };
      if (!isDomainError(error)) services.log.error({ err: error }, 'a backup failed');
    } finally {
      await beat.stop();
    }
    const { name = null, bytes = null, encrypted = false } = made ?? {};
    await uow.run(actor, (unit) =>
      unit.update(backupRun, id, {
        state,
        name,
        bytes,
        encrypted,
        results,
        failure,
        progress: null,
        finishedAt: clock(),
      }),
    );
    if (state === 'failed' || state === 'partly')
      throw new Error(
        failure?.code ?? results.map(({ target, error }) => `${target}: ${error?.code ?? 'ok'}`).join(', '),
      );
  } finally {
    await Promise.allSettled(targets.map((target) => target.close()));
  }
}

/** One backup at a time: what still seems to run was cut short. */
function begin({ uow, clock }: Services, actor: Actor, origin: RecordedOptions['origin']): Promise<number> {
  return uow.run(actor, async (unit) => {
    const now = clock();
    const dead = await unit.find(backupRun, { state: 'running' });
    const failure = { code: 'backups:error.interrupted', details: {} };
    for (const row of dead)
      await unit.update(backupRun, row.id, { state: 'failed', failure, finishedAt: row.seenAt, progress: null });
    const id = unit.takeIds(backupRun);
    await unit.insert(backupRun, [
      {
        id,
        state: 'running',
        origin,
        startedByName: origin === 'schedule' ? null : actor.name,
        startedAt: now,
        seenAt: now,
        finishedAt: null,
        name: null,
        bytes: null,
        encrypted: false,
        progress: null,
        results: [],
        failure: null,
        cancelled: false,
      },
    ]);
    await unit.audit({ action: 'system.backup.run', subjectType: 'system.backup', subjectId: id, detail: { origin } });
    return id;
  });
}

function startBeat({ uow, database, clock, log }: Services, actor: Actor, id: number) {
  const stop = new AbortController();
  let progress: RunningProgress | null = null;
  const ofTargets = new Map<string, RunningProgress>();
  const beat = async (): Promise<void> => {
    const row = await database.read.one<{ cancelled: number }>(sql`SELECT cancelled FROM backup_run WHERE id = ${id}`);
    if (row && Number(row.cancelled) === 1) stop.abort(new Cancelled());
    await uow.run(actor, (unit) => unit.update(backupRun, id, { seenAt: clock(), progress }));
  };
  let under: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    under = beat()
      .catch((error: unknown) => log.warn({ err: error }, 'the progress of a backup could not be noted'))
      .finally(() => (busy = false));
  }, BEAT_MS);
  return {
    signal: stop.signal,
    /** Of several targets the one that is furthest behind tells how far it is. */
    note: (now: RunProgress): void => {
      if (now.step === 'write') progress = { step: 'write', target: null, done: now.rows, total: 0 };
      else {
        const { step, target, bytes, totalBytes } = now;
        ofTargets.set(target, { step, target, done: bytes, total: totalBytes });
        progress = [...ofTargets.values()].sort((a, b) => shareOf(a) - shareOf(b))[0] ?? null;
      }
    },
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await under;
    },
  };
}

const shareOf = ({ step, done, total }: RunningProgress): number =>
  (step === 'read-back' ? 1 : 0) + (total === 0 ? 1 : done / total);

async function clearLeftovers({ clock, log }: Services, targets: readonly BackupTarget[]): Promise<void> {
  for (const target of targets)
    try {
      const removed = await target.removeLeftovers(clock() - LEFTOVER_MS);
      if (removed.length > 0)
        log.info({ target: target.id, removed }, 'what was left of interrupted backups is removed');
    } catch (error) {
      // It will be told by the backup itself.
      log.warn({ err: error, target: target.id }, 'a backup target could not be cleaned up');
    }
}

/** Only where the new backup lies are old ones removed. */
async function tidy(
  { config, timeZone, log }: Services,
  targets: readonly BackupTarget[],
  name: string,
  outcome: TargetOutcome,
): Promise<TargetResult> {
  const target = targets.find(({ id }) => id === outcome.target);
  if (!outcome.ok || !target) return { ...outcome, removed: 0 };
  let removed = 0;
  try {
    const listed = (await target.list()).map((file) => file.name);
    if (!listed.includes(name)) return { ...outcome, removed };
    for (const old of planRetention(listed, name, config.backup.keep, timeZone).remove) {
      await target.remove(old);
      log.info({ target: target.id, backup: old }, 'an old backup was removed');
      removed++;
    }
  } catch (error) {
    log.warn({ err: error, target: target.id }, 'old backups could not be removed');
  }
  return { ...outcome, removed };
}

/** Asks the run to stop; it does within a second or two, on whatever node it is. False when none runs. */
export function cancelBackup({ uow }: Services, actor: Actor, id: number): Promise<boolean> {
  return uow.run(actor, async (unit) => {
    const changed = await unit.execute(
      sql`UPDATE backup_run SET cancelled = ${1} WHERE id = ${id} AND state = ${'running'}`,
    );
    if (changed === 1)
      await unit.audit({ action: 'system.backup.cancel', subjectType: 'system.backup', subjectId: id });
    return changed === 1;
  });
}
