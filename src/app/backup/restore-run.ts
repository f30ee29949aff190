import { DomainError, isDomainError } from '../../kernel';
import { embeddedFile } from '../../platform/database';
import type { Actor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import {
  openAddress,
  sealAddress,
  type StartedUpkeep,
  startUpkeep,
  upkeepRun,
  type UpkeepRunRow,
} from '../../platform/upkeep';
import { restoreBackup, type RestoreProgress } from './restore-backup';
import { openingOf } from './sealing';
import { findBackup, openTargets } from './sources';
import { databaseAddress } from './switch-config';
import { lookAtTarget, removeEmbedded } from './target-database';
import { withSecret } from './trial';

/** A restore into an empty database beside the one in use. */
export interface RestoreWish {
  targetId: string;
  name: string;
  /** The database to fill, with its password. */
  url: string;
  /** A private key or passphrase given for this once; it is kept nowhere. */
  secret?: string | undefined;
  /** As far as it is known, for the bar of progress. */
  expectedRows?: number | undefined;
}

/** What came of it, as it is kept. While it runs only name, target and address are there. */
export interface RestoreResult {
  name: string;
  target: string;
  /** Of the database that was filled, without the password. */
  address: string;
  fault?: { code: string; details: Record<string, unknown> };
  /** ISO 8601, of the backup itself. */
  createdAt?: string;
  company?: string | null;
  program?: string;
  rows?: number;
  attachments?: number;
  /** Checks of the books, and what they found: as much as when the backup was made. */
  checks?: number;
  findings?: number;
  migratedSteps?: number;
}

const BEAT_MS = 1000;

export const restoreResult = ({ result }: Pick<UpkeepRunRow, 'result'>): RestoreResult | null =>
  result as RestoreResult | null;

/**
 * The address of a database that was filled and compared to its end, and can be switched to; undefined for every other run, and
 * where the key that encrypts it is gone.
 */
export const filledAddress = ({ keys }: Pick<Services, 'keys'>, run: UpkeepRunRow): string | undefined =>
  run.kind === 'restore' && run.state === 'ok' ? openAddress(keys, run) : undefined;

/** Of several started at once, on any node, one runs; the others get 409 upkeep:error.running. */
export async function startRestore(services: Services, actor: Actor, wish: RestoreWish): Promise<StartedUpkeep> {
  const { config, keys } = services;
  const { name, targetId: target, url } = wish;
  const about: RestoreResult = { name, target, address: databaseAddress(url) };
  if (about.address === databaseAddress(config.database.url))
    throw new DomainError('backup:error.same_database', { status: 409 });
  const started = await startUpkeep(
    services,
    actor,
    'restore',
    async (progress, signal) => {
      const so = progressOf(wish.expectedRows ?? 0);
      // Comparing and checking take their time without a row more: the run is heard of all the same.
      const beat = setInterval(() => void progress(so.done, so.total).catch(() => undefined), BEAT_MS);
      try {
        await removeHalfFilled(services, about.address);
        const found = await restore(services, wish, (now) => {
          signal.throwIfAborted();
          so.note(now);
        });
        return { ...about, ...found, addressCipher: sealAddress(keys, url), done: so.done };
      } catch (error) {
        if (!isDomainError(error) || signal.aborted) throw error;
        return { ...about, fault: { code: error.code, details: error.details }, done: so.done };
      } finally {
        clearInterval(beat);
      }
    },
    { ...about },
  );
  const detail = { name, target, address: about.address };
  await services.uow.run(actor, (unit) => unit.audit({ action: 'system.backup.restore', detail }));
  return started;
}

/** Rows are loaded and compared: twice as many as there are. */
function progressOf(expected: number) {
  let loaded = 0;
  const so = {
    done: 0,
    total: 2 * expected,
    note: ({ step, rows }: RestoreProgress): void => {
      if (step === 'load') so.done = loaded = rows;
      else if (step === 'compare') so.done = loaded + rows;
      so.total = so.total === 0 ? 0 : Math.max(so.total, so.done);
    },
  };
  return so;
}

async function restore(
  { config }: Services,
  { targetId, name, url, secret }: RestoreWish,
  onProgress: (progress: RestoreProgress) => void,
): Promise<Partial<RestoreResult>> {
  const targets = openTargets(config, { ids: [targetId] });
  try {
    const found = await findBackup(targets, name);
    const { head, rows, attachments, books, migratedSteps } = await restoreBackup({
      file: await found.open(),
      opening: withSecret(openingOf(config), secret),
      url,
      place: { dataDir: config.dataDir, keyFile: config.security.keyFile },
      reopen: true,
      onProgress,
    });
    const { createdAt, company, program } = head;
    const { checks, findings } = books;
    return { createdAt, company, program, rows, attachments: attachments.files, checks, findings, migratedSteps };
  } finally {
    await Promise.allSettled(targets.map((one) => one.close()));
  }
}

/** What a restore has left in the data folder whose server ended in the middle: nobody will ever use it. */
async function removeHalfFilled({ database, log }: Services, address: string): Promise<void> {
  const cut = await database.read.find(upkeepRun, { kind: 'restore', state: 'cut' });
  for (const run of cut) {
    const left = restoreResult(run)?.address ?? '';
    const file = embeddedFile(left);
    if (file === undefined || left === address) continue;
    const state = await lookAtTarget(left).catch(() => undefined);
    if (state !== 'interrupted') continue;
    removeEmbedded(file);
    log.info({ file }, 'a database that was filled in part is removed');
  }
}
