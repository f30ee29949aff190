import { createHash } from 'node:crypto';
import { forecast, recentGrowth, workState } from '../../metrics';
import { hostFacts } from '../../../platform/checks';
import type { Ctx } from '../../../platform/http';
import { type Metrics, quantile, type RouteTimes } from '../../../platform/metrics';
import type { Chart, Facts, KeyFigures, List, PageHead } from '../../../platform/views';

export const METRICS = '/administration/metrics';
export const METRICS_VIEW = 'system.metrics.view';

const MOST_ROUTES = 40;
const LONGEST_SHOWN = 120;

export interface MetricsPage {
  head: PageHead;
  figures: KeyFigures;
  chart: Chart | null;
  work: Facts;
  routes: List;
  statements: List;
}

/** Of this server since it was started; what is over all servers stands under "work". */
export async function metricsPage(ctx: Ctx, metrics: Metrics): Promise<MetricsPage> {
  const { t, f, now, services } = ctx;
  const startedAt = now - Math.round(process.uptime() * 1000);
  return {
    head: {
      title: t('metrics:title'),
      say: t('metrics:say', { since: f.dateTime(startedAt) }),
    },
    figures: figuresOf(ctx, metrics),
    chart: chartOf(ctx, metrics),
    work: { facts: await workFacts(ctx) },
    routes: { table: routeTable(ctx, metrics.requests.routes()), empty: { title: t('metrics:noRequests') } },
    statements: {
      table: statementTable(ctx),
      empty: { title: t('metrics:noSlow', { ms: services.database.watch.slowMs }) },
    },
  };
}

/** Milliseconds as people read them: 0.4, 12, 1,240. */
export const msText = ({ f }: Pick<Ctx, 'f'>, ms: number): string =>
  f.number(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms));

function figuresOf(ctx: Ctx, { requests, minutes }: Metrics): KeyFigures {
  const { t, f } = ctx;
  const last = minutes.at(-1);
  const none = { figure: '–' };
  const pool = ctx.services.database.pool();
  return {
    label: t('metrics:title'),
    cells: [
      {
        label: t('metrics:delay'),
        ...(last ? { figure: msText(ctx, last.delayP99Ms), small: 'ms' } : none),
        note: last ? t('metrics:delayNote', { max: msText(ctx, last.delayMaxMs) }) : t('metrics:afterMinute'),
      },
      {
        label: t('metrics:p95'),
        ...(requests.all.count > 0 ? { figure: msText(ctx, quantile(requests.all, 0.95)), small: 'ms' } : none),
        note: t('metrics:p95Note', {
          p50: msText(ctx, quantile(requests.all, 0.5)),
          p99: msText(ctx, quantile(requests.all, 0.99)),
        }),
      },
      {
        label: t('metrics:requests'),
        figure: f.number(requests.all.count),
        note: t('metrics:requestsNote', { failures: f.number(requests.byStatus['5xx'] ?? 0) }),
      },
      {
        label: t('metrics:pool'),
        figure: `${pool.busy} / ${pool.busy + pool.idle}`,
        note: t('metrics:poolNote', { waiting: pool.waiting }),
      },
      {
        label: t('metrics:memory'),
        figure: f.fileSize(process.memoryUsage.rss()),
        note: last ? t('metrics:busy', { percent: Math.round(last.busyShare * 100) }) : '',
      },
    ],
  };
}

function chartOf({ t }: Ctx, { minutes }: Metrics): Chart | null {
  if (minutes.length < 3) return null;
  const picture = (theme: string, size: string): string => `${METRICS}/charts/delay?theme=${theme}&size=${size}`;
  return {
    title: t('metrics:chart'),
    alt: t('metrics:chartAlt'),
    wide: { light: picture('light', 'wide'), dark: picture('dark', 'wide') },
    phone: { light: picture('light', 'phone'), dark: picture('dark', 'phone') },
    tableHref: '#routes',
  };
}

async function workFacts(ctx: Ctx): Promise<Facts['facts']> {
  const { t, f, now, services } = ctx;
  const [state, disk, growth] = await Promise.all([
    workState(ctx.read, now),
    hostFacts.disk(services.config.dataDir),
    recentGrowth(ctx.read, now),
  ]);
  const seen = forecast(growth, now);
  const jobs = '/administration/jobs';
  const count = (label: string, value: number, href: string): Facts['facts'][number] => ({
    label: t(`metrics:work.${label}`),
    value: f.number(value),
    ...(value > 0 ? { href } : {}),
    ...(value > 0 && label !== 'waiting' && label !== 'messages' ? { tone: 'bad' as const } : {}),
  });
  return [
    count('jobsFailed', state.jobsFailed, jobs),
    count('waiting', state.eventsWaiting, jobs),
    count('givenUp', state.eventsGivenUp, jobs),
    count('messages', state.messagesWaiting, '/settings/notifications'),
    count(
      'alarms',
      state.alarms.reduce((sum, one) => sum + one.count, 0),
      '/settings/notifications',
    ),
    {
      label: t('metrics:work.disk'),
      value: t('metrics:work.diskFree', { free: f.fileSize(disk.freeBytes), total: f.fileSize(disk.totalBytes) }),
      sub: forecastWords(ctx, seen),
      meter: {
        value: disk.totalBytes - disk.freeBytes,
        max: disk.totalBytes,
        label: t('metrics:work.disk'),
      },
    },
    {
      label: t('metrics:work.database'),
      value: t('metrics:work.statements', {
        count: f.number(services.database.watch.count),
        ms: msText(ctx, services.database.watch.sumMs / Math.max(1, services.database.watch.count)),
      }),
    },
  ];
}

function forecastWords({ t, f }: Ctx, seen: ReturnType<typeof forecast>): string {
  if (!seen) return t('metrics:forecast.unknown');
  if (seen.fullInDays === null) return t('metrics:forecast.stays');
  const values = { days: f.number(seen.fullInDays), perDay: f.fileSize(Math.round(seen.perDay)) };
  return t('metrics:forecast.full', values);
}

function routeTable(ctx: Ctx, routes: readonly RouteTimes[]): List['table'] {
  const { t, f } = ctx;
  const shown = routes.toSorted((a, b) => b.sumMs - a.sumMs).slice(0, MOST_ROUTES);
  const ms = (key: string): List['table']['columns'][number] => ({
    key,
    label: t(`metrics:column.${key}`),
    num: true,
    card: 'number',
  });
  return {
    id: 'routes',
    caption: t('metrics:routes'),
    columns: [
      { key: 'route', label: t('metrics:column.route'), card: 'full' },
      { key: 'count', label: t('metrics:column.count'), num: true, card: 'number' },
      ms('p50'),
      ms('p95'),
      ms('p99'),
      ms('max'),
      { key: 'failures', label: t('metrics:column.failures'), num: true, card: 'number' },
    ],
    rows: shown.map((one) => ({
      id: `${one.method} ${one.path}`,
      cells: [
        { text: one.path, aside: one.method },
        f.number(one.count),
        msText(ctx, quantile(one, 0.5)),
        msText(ctx, quantile(one, 0.95)),
        msText(ctx, quantile(one, 0.99)),
        msText(ctx, one.maxMs),
        { text: f.number(one.failures), ...(one.failures > 0 ? { tone: 'bad' as const } : {}) },
      ],
    })),
  };
}

/** In addresses; the text itself may be longer than an address may be. */
export const statementId = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

function statementTable(ctx: Ctx): List['table'] {
  const { t, f } = ctx;
  return {
    id: 'statements',
    caption: t('metrics:statements'),
    columns: [
      { key: 'text', label: t('metrics:column.statement'), card: 'full' },
      { key: 'times', label: t('metrics:column.times'), num: true, card: 'number' },
      { key: 'mean', label: t('metrics:column.mean'), num: true, card: 'number' },
      { key: 'max', label: t('metrics:column.max'), num: true, card: 'number' },
      { key: 'last', label: t('metrics:column.last'), card: 'number', keep: true },
    ],
    rows: ctx.services.database.watch.slow().map((one) => ({
      id: statementId(one.text),
      cells: [
        {
          text: one.text.length > LONGEST_SHOWN ? `${one.text.slice(0, LONGEST_SHOWN)}…` : one.text,
          href: `${METRICS}/statements/${statementId(one.text)}`,
        },
        f.number(one.times),
        msText(ctx, one.sumMs / one.times),
        msText(ctx, one.maxMs),
        f.dateTime(one.lastAt),
      ],
    })),
  };
}
