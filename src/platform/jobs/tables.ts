import { col, defineTable } from '../database';

/** Who runs a job now, and for which moment it ran last: the nodes agree through this row. */
export const jobLease = defineTable('job_lease', {
  jobId: col.code(80).primary(),
  owner: col.code(80).nullable(),
  leasedUntil: col.instant(),
  lastDueAt: col.instant(),
});

export const jobRun = defineTable(
  'job_run',
  {
    id: col.id().primary(),
    jobId: col.code(80),
    node: col.code(80),
    dueAt: col.instant(),
    startedAt: col.instant(),
    finishedAt: col.instant().nullable(),
    outcome: col.code<'running' | 'ok' | 'failed'>(10),
    error: col.text(400).nullable(),
  },
  {
    indexes: [
      { name: 'ix_job_run_job', columns: ['jobId', 'startedAt'] },
      { name: 'ix_job_run_started', columns: ['startedAt'] },
    ],
  },
);
