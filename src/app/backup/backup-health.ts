import { addDays, type BusinessDate, fromInstant, startOfDay } from '../../kernel';
import { type Reader, sql } from '../../platform/database';
import { backupRun, type BackupRunRow } from './backup-run.table';

/** A daily backup may take its time; after this long one is missing. */
export const LATE_MS = 26 * 3_600_000;
/** The process that makes a backup writes every second. */
const DEAD_MS = 120_000;
/** Less than this share of the usual size is odd: tables or attachments may be gone. */
const SHRUNK_SHARE = 0.6;
const COMPARED = 5;

export const isAlive = ({ state, seenAt }: Pick<BackupRunRow, 'state' | 'seenAt'>, now: number): boolean =>
  state === 'running' && now - seenAt < DEAD_MS;

export interface BackupHealth {
  /** The last that lies on at least one target. */
  lastGood: BackupRunRow | undefined;
  /** The last that is over. */
  last: BackupRunRow | undefined;
  running: BackupRunRow | undefined;
  late: boolean;
  /** Whole per cent of the usual size, when that is oddly little. */
  shrunkTo: number | undefined;
}

/** The newest first. */
export const recentRuns = (read: Reader, most: number): Promise<BackupRunRow[]> =>
  read.rows(backupRun, sql`SELECT * FROM backup_run ORDER BY started_at DESC, id DESC ${sql.limit(most)}`);

export function healthOf(runs: readonly BackupRunRow[], now: number): BackupHealth {
  const good = runs.filter(
    ({ state, results }) => state === 'ok' || (state === 'partly' && results.some(({ ok }) => ok)),
  );
  const [lastGood] = good;
  const usual = good
    .slice(1, 1 + COMPARED)
    .map(({ bytes }) => bytes ?? 0)
    .sort((a, b) => a - b);
  const middle = usual[Math.floor(usual.length / 2)] ?? 0;
  const share = middle > 0 ? (lastGood?.bytes ?? 0) / middle : 1;
  return {
    lastGood,
    last: runs.find((row) => row.state !== 'running' || !isAlive(row, now)),
    running: runs.find((row) => isAlive(row, now)),
    late: lastGood === undefined || now - (lastGood.finishedAt ?? lastGood.startedAt) > LATE_MS,
    shrunkTo: usual.length >= 2 && share < SHRUNK_SHARE ? Math.round(share * 100) : undefined,
  };
}

/** Since this long a company that works has had no backup at all. */
const NEVER_MS = 24 * 3_600_000;

/**
 * Whole hours since servers began to work on a database in which something was booked and of which there never was a backup;
 * undefined as long as that is no reason to worry. What a server does is timed by its clock, while documents may be of earlier days.
 */
export async function hoursWithoutBackup(read: Reader, now: number): Promise<number | undefined> {
  const work = await read.one<{ firstAt: number | null }>(sql`SELECT MIN(started_at) AS first_at FROM job_run`);
  const since = now - Number(work?.firstAt ?? now);
  if (since < NEVER_MS) return undefined;
  const booked = await read.one<{ firstId: number | null }>(sql`SELECT MIN(id) AS first_id FROM posting`);
  if (booked?.firstId === null || booked?.firstId === undefined) return undefined;
  const good = await read.one<{ made: number }>(
    sql`SELECT COUNT(*) AS made FROM backup_run WHERE state = ${'ok'} OR state = ${'partly'}`,
  );
  return Number(good?.made ?? 0) > 0 ? undefined : Math.floor(since / 3_600_000);
}

/** The next moment of the daily backup, epoch milliseconds. */
export function nextRunAt(at: string, timeZone: string, now: number): number {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const today = fromInstant(now, timeZone);
  const moment = (day: BusinessDate): number => startOfDay(day, timeZone) + (hour * 60 + minute) * 60_000;
  return moment(today) > now ? moment(today) : moment(addDays(today, 1));
}
