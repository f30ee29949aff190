import { type Reader, sql } from '../../../platform/database';
import { GIVE_UP_AFTER } from '../../../platform/outbox';
import { type Actor, authorise } from '../../../platform/permissions';

export const JOB_VIEW = 'administration.job.view';

export interface JobRow {
  jobId: string;
  node: string;
  startedAt: number;
  finishedAt: number | null;
  outcome: 'running' | 'ok' | 'failed';
  error: string | null;
}

/** The last run of each job. */
export async function lastRuns(read: Reader, actor: Actor): Promise<JobRow[]> {
  authorise(actor, JOB_VIEW);
  const rows = await read.all<JobRow>(
    sql`SELECT j.job_id AS job_id, j.node AS node, j.started_at AS started_at, j.finished_at AS finished_at,
               j.outcome AS outcome, j.error AS error
        FROM job_run j
        INNER JOIN (SELECT job_id AS last_job, MAX(started_at) AS last_start FROM job_run GROUP BY job_id) l
          ON l.last_job = j.job_id AND l.last_start = j.started_at
        ORDER BY j.job_id, j.id`,
  );
  return rows.map((row) => ({
    ...row,
    startedAt: Number(row.startedAt),
    finishedAt: row.finishedAt === null ? null : Number(row.finishedAt),
  }));
}

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
