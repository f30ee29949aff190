import { parse, schedule, type ScheduledTask } from 'node-cron';
import { addDays, fromInstant, startOfDay } from '../../kernel';
import { duplicateKey } from '../database';
import type { Job, ModuleManifest } from '../modules';
import { systemActor } from '../permissions';
import type { Services } from '../services';
import { runJob } from './run-job';
import { jobLease } from './tables';

export interface Scheduler {
  /** No job begins any more; waits for those that run. */
  stop: () => Promise<void>;
  /** Settles when the runs that were missed while no server ran are over. */
  caughtUp: Promise<void>;
}

const MINUTE_MS = 60_000;

/**
 * Runs the jobs of all manifests by their schedules in the company's time zone, while their module is on. What was missed
 * while no server ran is made up for at once: one run of each job, however many were missed.
 */
export function scheduleJobs(
  services: Services,
  manifests: readonly Pick<ModuleManifest, 'name' | 'jobs'>[],
  isOn: (module: string) => Promise<boolean>,
): Scheduler {
  const running = new Set<Promise<unknown>>();
  const tasks: ScheduledTask[] = [];
  const planned: { module: string; job: Job; task: ScheduledTask }[] = [];
  let stopping = false;
  for (const { name, jobs } of manifests)
    for (const job of jobs ?? []) {
      const tick = async (dueAt: number): Promise<void> => {
        if (await isOn(name)) await runJob(services, job, dueAt);
      };
      const start = (dueAt: number): void => {
        const work = tick(dueAt)
          .catch((error: unknown) => services.log.error({ err: error, job: job.id }, 'a job could not be started'))
          .finally(() => running.delete(work));
        running.add(work);
      };
      const task = schedule(job.schedule, ({ date }) => start(Math.floor(date.getTime() / 1000) * 1000), {
        timezone: services.timeZone,
        name: job.id,
        noOverlap: true,
        suppressMissedWarning: true,
        unref: true,
      });
      tasks.push(task);
      planned.push({ module: name, job, task });
    }
  // One after another: they all ran at their own times otherwise, and people are waiting for the server that starts.
  const catchUp = async (): Promise<void> => {
    for (const { module, job, task } of planned) {
      if (stopping) return;
      try {
        const lastDueAt = await lastMoment(services, job);
        const span = { timeZone: services.timeZone, lastDueAt, now: services.clock() };
        if (!missed(task, job.schedule, span) || !(await isOn(module))) continue;
        services.log.info({ job: job.id, lastDueAt }, 'a job that was missed is made up for');
        await runJob(services, job, services.clock(), { after: lastDueAt });
      } catch (error) {
        services.log.error({ err: error, job: job.id }, 'a missed job could not be started');
      }
    }
  };
  const caughtUp = catchUp();
  return {
    caughtUp,
    stop: async () => {
      stopping = true;
      for (const task of tasks) await task.destroy();
      await Promise.allSettled([...running, caughtUp]);
    },
  };
}

/** The moment a job ran for last. A job that is new to the database has missed nothing: it counts from now on. */
async function lastMoment({ uow, database }: Services, { id }: Job): Promise<number> {
  const read = async (): Promise<number | undefined> =>
    (await database.read.find(jobLease, { jobId: id }))[0]?.lastDueAt;
  const known = await read();
  if (known !== undefined) return known;
  const begun = await uow
    .run(systemActor('jobs'), async (unit) => {
      const row = { jobId: id, owner: null, leasedUntil: 0, lastDueAt: unit.now };
      await unit.insert(jobLease, [row]);
      return row.lastDueAt;
    })
    .catch((error: unknown) => {
      if (duplicateKey(error) === undefined) throw error;
      return undefined;
    });
  return begun ?? (await read()) ?? 0;
}

/** Whether the schedule had a moment after `lastDueAt` and before this minute. The first one found is enough. */
function missed(
  task: ScheduledTask,
  expression: string,
  { timeZone, lastDueAt, now }: { timeZone: string; lastDueAt: number; now: number },
): boolean {
  const { month, hour, minute } = parse(expression);
  const thisMinute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const today = fromInstant(now, timeZone);
  // What is older than a year says nothing more than a year does.
  const oldest = Math.max(lastDueAt, now - 366 * 24 * 60 * MINUTE_MS);
  for (let day = fromInstant(oldest, timeZone); day <= today; day = addDays(day, 1)) {
    if (!month.includes(Number(day.slice(5, 7)))) continue;
    const midnight = startOfDay(day, timeZone);
    for (const h of hour)
      for (const m of minute) {
        const at = midnight + (h * 60 + m) * MINUTE_MS;
        if (at > oldest && at < thisMinute && task.match(new Date(at))) return true;
      }
  }
  return false;
}
