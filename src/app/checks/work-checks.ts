import { type Check, type CheckResult, text } from '../../platform/checks';
import { sql } from '../../platform/database';
import type { ProductContext } from './product-context';

const skipped: CheckResult = { status: 'skipped', found: text('checks:schema.skipped') };
const DAY_MS = 86_400_000;
/** Events are delivered within seconds; a quarter of an hour says that nobody delivers them, or that one keeps failing. */
const LATE_EVENT_MS = 15 * 60_000;
const SHOWN = 5;

/** Jobs of which the last run failed. */
const jobs: Check<ProductContext> = {
  id: 'jobs.failed',
  category: 'jobs',
  title: text('checks:jobs.failed.title'),
  required: text('checks:jobs.failed.required'),
  run: async ({ database, schemaIsCurrent }): Promise<CheckResult> => {
    if (!schemaIsCurrent) return skipped;
    const failed = await database.read.all<{ jobId: string; error: string | null }>(sql`
      SELECT r.job_id, r.error FROM job_run r
      WHERE r.outcome = ${'failed'}
        AND NOT EXISTS (SELECT 1 FROM job_run l WHERE l.job_id = r.job_id AND l.started_at > r.started_at)
      ORDER BY r.job_id`);
    if (failed.length === 0) return { status: 'ok', found: text('checks:jobs.failed.none') };
    return {
      status: 'warn',
      found: text('checks:jobs.failed.found', { ids: failed.map(({ jobId }) => jobId).join(', ') }),
      evidence: failed
        .slice(0, SHOWN)
        .map(({ jobId, error }) => `${jobId}: ${error ?? ''}`)
        .join('; '),
      remedy: [text('checks:jobs.failed.remedy')],
    };
  },
};

const outbox: Check<ProductContext> = {
  id: 'jobs.outbox',
  category: 'jobs',
  title: text('checks:jobs.outbox.title'),
  required: text('checks:jobs.outbox.required'),
  run: async ({ database, now, schemaIsCurrent }): Promise<CheckResult> => {
    if (!schemaIsCurrent) return skipped;
    const late = await database.read.all<{ name: string; lastError: string | null }>(sql`
      SELECT name, last_error FROM outbox_event
      WHERE delivered_at IS NULL AND created_at < ${now - LATE_EVENT_MS}
      ORDER BY id ${sql.limit(100)}`);
    if (late.length === 0) return { status: 'ok', found: text('checks:jobs.outbox.none') };
    const error = late.find(({ lastError }) => lastError)?.lastError;
    return {
      status: 'warn',
      found: text('checks:jobs.outbox.found', { count: late.length }),
      ...(error ? { evidence: error } : {}),
      remedy: [text('checks:jobs.outbox.remedy')],
    };
  },
};

const imports: Check<ProductContext> = {
  id: 'imports.failed',
  category: 'imports',
  title: text('checks:imports.failed.title'),
  required: text('checks:imports.failed.required'),
  run: async ({ database, now, schemaIsCurrent }): Promise<CheckResult> => {
    if (!schemaIsCurrent) return skipped;
    const failed = await database.read.all<{ fileName: string }>(sql`
      SELECT file_name FROM import_run
      WHERE state = ${'failed'} AND created_at > ${now - DAY_MS}
      ORDER BY id DESC ${sql.limit(SHOWN)}`);
    if (failed.length === 0) return { status: 'ok', found: text('checks:imports.failed.none') };
    return {
      status: 'warn',
      found: text('checks:imports.failed.found', { files: failed.map(({ fileName }) => fileName).join(', ') }),
      remedy: [text('checks:imports.failed.remedy')],
    };
  },
};

export const workChecks: readonly Check<ProductContext>[] = [jobs, outbox, imports];
