import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { shorten } from '../../kernel';
import { sql } from '../database';
import { redactText } from '../logging';
import type { Job } from '../modules';
import { type Actor, systemActor } from '../permissions';
import type { Services } from '../services';
import { takeLease } from './lease';
import { jobRun } from './tables';

/** This process, in leases and in the history of jobs. */
export const nodeName = (): string => shorten(`${hostname()}:${process.pid}`, 60);

/** `elsewhere`: another node has run or is running it. */
export type JobOutcome = 'ok' | 'failed' | 'elsewhere';

/**
 * Runs a job for the moment it is due at, once over all nodes, and keeps its outcome; with `after` only when it has not run
 * since that moment. A failure is logged and kept, never thrown.
 */
export async function runJob(
  services: Services,
  job: Job,
  dueAt: number,
  { node = nodeName(), after }: { node?: string; after?: number } = {},
): Promise<JobOutcome> {
  const { uow, log, clock } = services;
  const actor = systemActor(job.id);
  const lease = await takeLease(uow, job.id, `${node}#${randomBytes(4).toString('hex')}`, dueAt, after);
  if (!lease) return 'elsewhere';
  const id = await uow.run(actor, async (unit) => {
    await unit.execute(
      sql`UPDATE job_run SET outcome = ${'failed'}, finished_at = ${unit.now}, error = ${'interrupted'}
          WHERE job_id = ${job.id} AND outcome = ${'running'}`,
    );
    const runId = unit.takeIds(jobRun);
    await unit.insert(jobRun, [{ id: runId, jobId: job.id, node, dueAt, startedAt: unit.now, outcome: 'running' }]);
    return runId;
  });
  let error: string | null = null;
  try {
    await job.run(services, actor);
  } catch (thrown) {
    log.error({ err: thrown, job: job.id }, 'a job failed');
    error = errorText(thrown);
  }
  const finishedAt = clock();
  await uow.run(actor, (unit) =>
    unit.update(jobRun, id, { finishedAt, outcome: error === null ? 'ok' : 'failed', error }),
  );
  await lease.release();
  return error === null ? 'ok' : 'failed';
}

/**
 * Runs a job because somebody asks for it; the caller has checked the right. `elsewhere`: it is running already, here or on
 * another node.
 */
export async function runJobNow(services: Services, actor: Actor, job: Job): Promise<JobOutcome> {
  await services.uow.run(actor, (unit) => unit.audit({ action: 'administration.job.run', detail: { job: job.id } }));
  return runJob(services, job, services.clock());
}

/** What is kept of an error: one line, no phone numbers, at most 400 characters. */
export function errorText(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return shorten(redactText(text.replace(/\s+/g, ' ').trim()) || 'unknown', 400);
}
