import { setTimeout as pause } from 'node:timers/promises';
import { notFound } from '../../kernel';
import { type Ctx, redirect, type Reply, type Route } from '../../platform/http';
import { type JobOutcome, runJobNow } from '../../platform/jobs';
import type { Job, ModuleManifest } from '../../platform/modules';
import type { SystemPages } from './system-pages';

const JOBS = '/administration/jobs';
/** Most jobs are over by then and the answer says how it went; a longer one goes on and its page shows it running. */
const WAIT_MS = 3000;

/** "Run now" on the page of jobs: here, because only the whole program knows the jobs of all modules. */
export function jobRoutes({ modules, switches }: SystemPages, ofSystem: readonly Job[]): Route[] {
  const owners = [...modules, { name: 'system', jobs: ofSystem }];
  return [
    {
      method: 'post',
      path: `${JOBS}/:job/runs`,
      access: { permission: 'administration.job.manage' },
      handler: async (ctx) => {
        const { module, job } = find(owners, ctx.params['job'] ?? '');
        if (!(await switches().isOn(module))) throw notFound('administration.job', job.id);
        return answer(ctx, job, await runAndWait(ctx, job));
      },
    },
  ];
}

function find(owners: readonly Pick<ModuleManifest, 'name' | 'jobs'>[], id: string): { module: string; job: Job } {
  for (const { name, jobs = [] } of owners) {
    const job = jobs.find((candidate) => candidate.id === id);
    if (job) return { module: name, job };
  }
  throw notFound('administration.job', id.slice(0, 80));
}

async function runAndWait({ services, actor }: Ctx, job: Job): Promise<JobOutcome | 'running'> {
  const run = runJobNow(services, actor, job);
  run.catch((error: unknown) => services.log.error({ err: error, job: job.id }, 'a job could not be run'));
  return Promise.race([run, pause(WAIT_MS, 'running' as const, { ref: false })]);
}

function answer({ t }: Ctx, job: Job, outcome: JobOutcome | 'running'): Reply {
  const [module = '', ...rest] = job.id.split('.');
  const name = t(`${module}:job.${rest.join('.')}`);
  return redirect(`${JOBS}/${job.id}`, {
    kind: outcome === 'failed' || outcome === 'elsewhere' ? 'bad' : 'ok',
    text: t(`system:jobRun.${outcome}`, { name }),
  });
}
