import { schedule, type ScheduledTask } from 'node-cron';
import type { ModuleManifest } from '../modules';
import type { Services } from '../services';
import { runJob } from './run-job';

export interface Scheduler {
  /** No job begins any more; waits for those that run. */
  stop: () => Promise<void>;
}

/** Runs the jobs of all manifests by their schedules in the company's time zone, while their module is on. */
export function scheduleJobs(
  services: Services,
  manifests: readonly Pick<ModuleManifest, 'name' | 'jobs'>[],
  isOn: (module: string) => Promise<boolean>,
): Scheduler {
  const running = new Set<Promise<unknown>>();
  const tasks: ScheduledTask[] = [];
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
      tasks.push(
        schedule(job.schedule, ({ date }) => start(Math.floor(date.getTime() / 1000) * 1000), {
          timezone: services.timeZone,
          name: job.id,
          noOverlap: true,
          suppressMissedWarning: true,
          unref: true,
        }),
      );
    }
  return {
    stop: async () => {
      for (const task of tasks) await task.destroy();
      await Promise.allSettled(running);
    },
  };
}
