import { notFound } from '../../../kernel';
import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import type { Alert, AlertSource } from '../../../platform/modules';
import type { StatusLabel, Table } from '../../../platform/views';
import {
  countGivenUp,
  type FailedEvent,
  failedEvents,
  JOB_VIEW,
  type JobRow,
  lastRuns,
  runsOf,
} from '../queries/job-list';
import { retryEvent } from '../use-cases/retry-event';

const JOBS = '/administration/jobs';

export const jobRoutes: readonly Route[] = [
  { method: 'get', path: JOBS, access: { permission: JOB_VIEW }, handler: show },
  { method: 'get', path: `${JOBS}/:job`, access: { permission: JOB_VIEW }, handler: showRuns },
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

/** What the last runs of one job came to. */
async function showRuns(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const jobId = (ctx.params['job'] ?? '').slice(0, 80);
  const runs = await runsOf(ctx.read, ctx.actor, jobId);
  if (runs.length === 0 && !(await lastRuns(ctx.read, ctx.actor)).some((row) => row.jobId === jobId))
    throw notFound('administration.job', jobId);
  const title = jobWords(ctx, jobId);
  const model = {
    head: {
      title,
      crumbs: [{ href: JOBS, label: t('administration:jobs.title') }],
      say: t('administration:jobs.historySay'),
    },
    runs: { table: runTable(ctx, runs, title), empty: { title: t('administration:jobs.empty') } },
  };
  return page('administration/job', title, model);
}

export const jobWords = ({ t }: Pick<Ctx, 't'>, id: string): string => {
  const [module = '', ...rest] = id.split('.');
  return t(`${module}:job.${rest.join('.')}`, { defaultValue: id });
};

function runColumns({ t }: Ctx): Table['columns'] {
  return [
    { key: 'state', label: t('administration:jobs.outcome'), card: 'state' },
    { key: 'started', label: t('administration:jobs.started'), card: 'number' },
    { key: 'took', label: t('administration:jobs.took'), num: true, card: 'number' },
    { key: 'error', label: t('administration:jobs.error'), card: 'full' },
    { key: 'node', label: t('administration:jobs.node'), card: 'hide', optional: true },
  ];
}

function runCells({ t, f, now }: Ctx, row: JobRow): Table['rows'][number]['cells'] {
  const states: Record<NonNullable<JobRow['outcome']>, StatusLabel> = {
    ok: { tone: 'ok', text: t('administration:jobs.ok') },
    failed: { tone: 'bad', text: t('administration:jobs.failed') },
    running: { tone: 'hold', text: t('administration:jobs.running') },
  };
  const { startedAt, finishedAt } = row;
  const tookMs = startedAt === null ? null : (finishedAt ?? now) - startedAt;
  return [
    row.outcome === null ? t('administration:jobs.never') : { state: states[row.outcome] },
    startedAt === null ? '' : f.dateTime(startedAt),
    tookMs === null ? '' : t('administration:jobs.seconds', { seconds: f.number(Math.round(tookMs / 100) / 10) }),
    row.error,
    row.node ?? '',
  ];
}

function jobTable(ctx: Ctx, rows: readonly JobRow[]): Table {
  const { t } = ctx;
  const mayRun = ctx.can('administration.job.manage');
  return {
    id: 'jobs',
    caption: t('administration:jobs.title'),
    columns: [
      { key: 'job', label: t('administration:jobs.job'), card: 'title' },
      ...runColumns(ctx),
      { key: 'actions', label: t('administration:actions'), quiet: true, card: 'full' },
    ],
    rows: rows.map((row) => ({
      id: row.jobId,
      cells: [
        { text: jobWords(ctx, row.jobId), href: `${JOBS}/${row.jobId}`, strong: true },
        ...runCells(ctx, row),
        {
          actions:
            mayRun && row.outcome !== 'running'
              ? [{ label: t('administration:jobs.runNow'), href: `${JOBS}/${row.jobId}/runs`, method: 'post' as const }]
              : [],
        },
      ],
    })),
  };
}

function runTable(ctx: Ctx, rows: readonly JobRow[], caption: string): Table {
  return {
    id: 'job-runs',
    caption,
    columns: runColumns(ctx),
    rows: rows.map((row, index) => ({ id: `${row.jobId}-${index}`, cells: runCells(ctx, row) })),
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
