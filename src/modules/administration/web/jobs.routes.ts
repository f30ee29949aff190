import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import type { Alert, AlertSource } from '../../../platform/modules';
import type { StatusLabel, Table } from '../../../platform/views';
import { countGivenUp, type FailedEvent, failedEvents, JOB_VIEW, type JobRow, lastRuns } from '../queries/job-list';
import { retryEvent } from '../use-cases/retry-event';

const JOBS = '/administration/jobs';

export const jobRoutes: readonly Route[] = [
  { method: 'get', path: JOBS, access: { permission: JOB_VIEW }, handler: show },
  {
    method: 'post',
    path: '/administration/events/:id/delivery',
    access: { permission: 'administration.job.manage' },
    handler: async (ctx) => {
      await retryEvent(ctx.uow, ctx.actor, ctx.id());
      return redirect(JOBS, { kind: 'ok', text: ctx.t('administration:jobs.retried') });
    },
  },
];

/** Events that nobody will deliver without an administrator. */
export const givenUpAlert: AlertSource = {
  permission: JOB_VIEW,
  find: async ({ read, t }): Promise<Alert[]> => {
    const count = await countGivenUp(read);
    if (count === 0) return [];
    const title = t('administration:jobs.alert');
    const detail = t('administration:jobs.alertDetail');
    return [{ icon: 'alert-triangle', tone: 'bad', title, detail, count: String(count), href: JOBS }];
  },
};

async function show(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const title = t('administration:jobs.title');
  const [runs, events] = await Promise.all([lastRuns(ctx.read, ctx.actor), failedEvents(ctx.read, ctx.actor)]);
  const model = {
    head: { title, say: t('administration:jobs.say') },
    jobs: {
      table: jobTable(ctx, runs),
      empty: { title: t('administration:jobs.empty'), text: t('administration:jobs.emptyHint') },
    },
    events: { table: eventTable(ctx, events), empty: { title: t('administration:jobs.noEvents') } },
  };
  return page('administration/jobs', title, model);
}

const words = ({ t }: Pick<Ctx, 't'>, id: string): string => {
  const [module = '', ...rest] = id.split('.');
  return t(`${module}:job.${rest.join('.')}`, { defaultValue: id });
};

function jobTable(ctx: Ctx, rows: readonly JobRow[]): Table {
  const { t, f } = ctx;
  const states: Record<JobRow['outcome'], StatusLabel> = {
    ok: { tone: 'ok', text: t('administration:jobs.ok') },
    failed: { tone: 'bad', text: t('administration:jobs.failed') },
    running: { tone: 'hold', text: t('administration:jobs.running') },
  };
  return {
    id: 'jobs',
    caption: t('administration:jobs.title'),
    columns: [
      { key: 'job', label: t('administration:jobs.job'), card: 'title' },
      { key: 'state', label: t('administration:jobs.outcome'), card: 'state' },
      { key: 'started', label: t('administration:jobs.started'), card: 'number' },
      { key: 'took', label: t('administration:jobs.took'), num: true, card: 'number' },
      { key: 'error', label: t('administration:jobs.error'), card: 'full' },
      { key: 'node', label: t('administration:jobs.node'), card: 'hide', optional: true },
    ],
    rows: rows.map((row) => ({
      id: row.jobId,
      cells: [
        { text: words(ctx, row.jobId), strong: true },
        { state: states[row.outcome] },
        f.dateTime(row.startedAt),
        row.finishedAt === null
          ? ''
          : t('administration:jobs.seconds', {
              seconds: f.number(Math.round((row.finishedAt - row.startedAt) / 100) / 10),
            }),
        row.error,
        row.node,
      ],
    })),
  };
}

function eventTable(ctx: Ctx, rows: readonly FailedEvent[]): Table {
  const { t, f } = ctx;
  const mayRetry = ctx.can('administration.job.manage');
  return {
    id: 'events',
    caption: t('administration:jobs.events'),
    columns: [
      { key: 'name', label: t('administration:jobs.event'), card: 'title' },
      { key: 'state', label: t('administration:jobs.outcome'), card: 'state' },
      { key: 'at', label: t('administration:audit.at'), card: 'number' },
      { key: 'attempts', label: t('administration:jobs.attempts'), num: true, card: 'number' },
      { key: 'error', label: t('administration:jobs.error'), card: 'full' },
      { key: 'actions', label: t('administration:actions'), quiet: true, card: 'full' },
    ],
    rows: rows.map((row) => ({
      id: row.id,
      cells: [
        row.name,
        {
          state: row.givenUp
            ? { tone: 'bad' as const, text: t('administration:jobs.givenUp') }
            : { tone: 'hold' as const, text: t('administration:jobs.waiting') },
        },
        f.dateTime(Number(row.createdAt)),
        f.number(Number(row.attempts)),
        row.lastError,
        {
          actions:
            row.givenUp && mayRetry
              ? [
                  {
                    label: t('administration:jobs.retry'),
                    href: `/administration/events/${row.id}/delivery`,
                    method: 'post' as const,
                  },
                ]
              : [],
        },
      ],
    })),
  };
}
