import { isDomainError } from '../../kernel';
import { type Opening, readBackup } from '../../platform/backup';
import type { Config } from '../../platform/config';
import type { Job } from '../../platform/modules';
import type { Actor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { type StartedUpkeep, startUpkeep, type UpkeepRunRow } from '../../platform/upkeep';
import { drill, type DrillReport } from './drill';
import { isOutside } from './offsite';
import { openingOf, sealedBy } from './sealing';
import { findBackup, type FoundBackup, openTargets } from './sources';

/** `inspect`: read as a whole, every part checked, told what is in it; `drill`: restored into a scratch database and compared. */
export const TRIALS = ['inspect', 'drill'] as const;
export type Trial = (typeof TRIALS)[number];

export interface TrialWish {
  /** Ids of configured targets; undefined: those outside of this machine, or all where there are none. */
  targetIds?: readonly string[] | undefined;
  /** Name of a backup there; undefined: the newest. */
  name?: string | undefined;
  /** A private key or passphrase that somebody gave for this once; it is kept nowhere. */
  secret?: string | undefined;
}

/** What came of a trial, as it is kept. */
export interface TrialResult {
  name: string;
  target: string | null;
  /** Why it is no good; undefined: everything was as it should be. */
  fault?: { code: string; details: Record<string, unknown> };
  /** ISO 8601, of the backup itself. */
  createdAt?: string;
  company?: string | null;
  program?: string;
  rows?: number;
  tables?: number;
  attachments?: number;
  /** What the checks of the books found when it was made. */
  findings?: number;
}

/** Whether this server can open its own backups without being given a key. */
export const opensByItself = ({ backup }: Pick<Config, 'backup'>): boolean =>
  sealedBy({ backup }) === 'nobody' || backup.passphrase !== undefined || backup.identityFile !== undefined;

/** Of several started at once, on any node, one of a kind runs; the others get 409 upkeep:error.running. */
export async function startTrial(
  services: Services,
  actor: Actor,
  trial: Trial,
  wish: TrialWish = {},
): Promise<StartedUpkeep> {
  const { name = null, targetIds } = wish;
  const started = await startUpkeep(services, actor, trial, async (progress, signal) => {
    let rows = 0;
    // Comparing and checking take their time without a row more: the run is heard of all the same.
    const beat = setInterval(() => void progress(rows, 0).catch(() => undefined), BEAT_MS);
    try {
      const onRows = (done: number): void => {
        signal.throwIfAborted();
        rows = done;
      };
      return { ...(await tryOut(services.config, trial, wish, onRows)), done: rows };
    } finally {
      clearInterval(beat);
    }
  });
  const detail = { name, targets: targetIds ?? null };
  await services.uow.run(actor, (unit) => unit.audit({ action: `system.backup.${trial}`, detail }));
  return started;
}

const BEAT_MS = 2000;

export const resultOf = ({ result }: Pick<UpkeepRunRow, 'result'>): TrialResult | null => result as TrialResult | null;

export const isGood = (run: Pick<UpkeepRunRow, 'state' | 'result'>): boolean =>
  run.state === 'ok' && resultOf(run)?.fault === undefined;

async function tryOut(
  config: Config,
  trial: Trial,
  { targetIds, name, secret }: TrialWish,
  onRows: (rows: number) => void,
): Promise<TrialResult> {
  const outside = config.backup.targets.filter((target) => isOutside(target, config.dataDir)).map(({ id }) => id);
  const targets = openTargets(config, { ids: targetIds ?? (outside.length > 0 ? outside : undefined) });
  let found: FoundBackup | undefined;
  try {
    found = await findBackup(targets, name);
    return await (trial === 'drill' ? restored : inspected)(found, withSecret(openingOf(config), secret), onRows);
  } catch (error) {
    if (!isDomainError(error) || error.code === 'upkeep:error.cancelled') throw error;
    const { code, details } = error;
    return { name: found?.name ?? name ?? '', target: found?.target ?? null, fault: { code, details } };
  } finally {
    await Promise.allSettled(targets.map((target) => target.close()));
  }
}

export function withSecret(opening: Opening, secret = ''): Opening {
  const given = secret.trim();
  if (given === '') return opening;
  return given.startsWith('AGE-SECRET-KEY-')
    ? { ...opening, identities: [...opening.identities, given] }
    : { ...opening, passphrases: [...(opening.passphrases ?? []), given] };
}

async function inspected(found: FoundBackup, opening: Opening, onRows: (rows: number) => void): Promise<TrialResult> {
  const { name, target = null } = found;
  const file = await found.open();
  const { head, manifest } = await readBackup(file, { opening }, { onProgress: (_part, rows) => onRows(rows) });
  const counts = Object.values(manifest.tables).map(({ rows }) => rows);
  return {
    name,
    target,
    createdAt: head.createdAt,
    company: head.company,
    program: head.program,
    rows: counts.reduce((sum, rows) => sum + rows, 0),
    tables: counts.filter((rows) => rows > 0).length,
    attachments: manifest.attachments.files,
    findings: (manifest.books ?? []).reduce((sum, { count }) => sum + count, 0),
  };
}

async function restored(found: FoundBackup, opening: Opening, onRows: (rows: number) => void): Promise<TrialResult> {
  return drillResult(found, await drill(found, opening, ({ rows }) => onRows(rows)));
}

/** What is kept of a drill. */
export function drillResult(found: FoundBackup, report: DrillReport): TrialResult {
  const { name, target = null } = found;
  const { createdAt, rows, attachments, books, audit } = report;
  return {
    name,
    target,
    ...(report.ok ? {} : { fault: { code: 'backups:error.auditChain', details: { count: audit?.count ?? 0 } } }),
    createdAt,
    rows,
    attachments: attachments.files,
    findings: books.findings,
  };
}

/**
 * Once a month the newest copy outside of this machine is restored on trial. Where its key does not lie on the server, as it
 * should be, a person does it with the recovery sheet at hand: the page reminds them.
 */
export const drillJob: Job = {
  id: 'system.drill',
  schedule: '20 4 1 * *',
  run: async (services, actor) => {
    const { config } = services;
    if (config.backup.targets.length === 0 || !opensByItself(config)) return;
    const { over } = await startTrial(services, actor, 'drill');
    const row = await over;
    if (!isGood(row)) throw new Error(resultOf(row)?.fault?.code ?? row.failure ?? row.state);
  },
};
