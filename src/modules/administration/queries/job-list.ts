import { type Reader, sql } from '../../../platform/database';
import { GIVE_UP_AFTER } from '../../../platform/outbox';
import { type Actor, authorise } from '../../../platform/permissions';

export const JOB_VIEW = 'administration.job.view';

/** A run of a job; of a job that has not run yet, without the run. */
export interface JobRow {
  jobId: string;
  node: string | null;
  startedAt: number | null;
  finishedAt: number | null;
  outcome: 'running' | 'ok' | 'failed' | null;
  error: string | null;
}

/** Each job that a server has planned, with its last run. (The platform's own leases stand in the same table.) */
export async function lastRuns(read: Reader, actor: Actor): Promise<JobRow[]> {
  authorise(actor, JOB_VIEW);
  const rows = await read.all<JobRow>(
    sql`SELECT k.job_id AS job_id, j.node AS node, j.started_at AS started_at, j.finished_at AS finished_at,
               j.outcome AS outcome, j.error AS error
        FROM job_lease k
        LEFT JOIN (SELECT job_id AS last_job, MAX(started_at) AS last_start FROM job_run GROUP BY job_id) l
          ON l.last_job = k.job_id
        LEFT JOIN job_run j ON j.job_id = k.job_id AND j.started_at = l.last_start
        WHERE k.job_id NOT LIKE 'platform.%' ORDER BY k.job_id, j.id DESC`,
  );
  // Two runs may have begun in the same millisecond.
  return rows.filter((row, index) => row.jobId !== rows[index - 1]?.jobId).map(asNumbers);
}

const MOST_RUNS = 100;

/** The last runs of one job, the newest first. */
export async function runsOf(read: Reader, actor: Actor, jobId: string): Promise<JobRow[]> {
  authorise(actor, JOB_VIEW);
  const rows = await read.all<JobRow>(
    sql`SELECT job_id, node, started_at, finished_at, outcome, error FROM job_run
        WHERE job_id = ${jobId} ORDER BY started_at DESC, id DESC ${sql.limit(MOST_RUNS)}`,
  );
  return rows.map(asNumbers);
}

const asNumbers = (row: JobRow): JobRow => ({
  ...row,
  startedAt: row.startedAt === null ? null : Number(row.startedAt),
  finishedAt: row.finishedAt === null ? null : Number(row.finishedAt),
});

export interface FailedEvent {
  id: number;
  name: string;
  createdAt: number;
  attempts: number;
  lastError: string | null;
  givenUp: boolean;
}

const MOST_EVENTS = 100;

/** Events that could not be delivered yet, the given-up ones first. */
export async function failedEvents(read: Reader, actor: Actor): Promise<FailedEvent[]> {
  authorise(actor, JOB_VIEW);
  const rows = await read.all<FailedEvent>(
    sql`SELECT id, name, created_at, attempts, last_error FROM outbox_event
        WHERE delivered_at IS NULL AND attempts > 0 ORDER BY attempts DESC, id ${sql.limit(MOST_EVENTS)}`,
  );
  return rows.map((row) => ({ ...row, id: Number(row.id), givenUp: Number(row.attempts) >= GIVE_UP_AFTER }));
}

export async function countGivenUp(read: Reader): Promise<number> {
  const row = await read.one<{ events: number }>(
    sql`SELECT COUNT(*) AS events FROM outbox_event WHERE delivered_at IS NULL AND attempts >= ${GIVE_UP_AFTER}`,
  );
  return Number(row?.events ?? 0);
}
