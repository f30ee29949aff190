import { notFound } from '../../../kernel';
import { lineChart } from '../../../platform/charts';
import { type Ctx, file, page, type Reply, type Route } from '../../../platform/http';
import type { Metrics } from '../../../platform/metrics';
import type { SystemPages } from '../system-pages';
import { METRICS, METRICS_VIEW, metricsPage, msText, statementId } from './metrics.page';

const access = { permission: METRICS_VIEW };

export const metricsRoutes = ({ metrics }: SystemPages): Route[] => [
  {
    method: 'get',
    path: METRICS,
    access,
    handler: async (ctx) => page('system/metrics', ctx.t('metrics:title'), await metricsPage(ctx, metrics)),
  },
  {
    method: 'get',
    path: `${METRICS}/charts/:name`,
    access,
    handler: async (ctx) => chart(ctx, metrics),
  },
  { method: 'get', path: `${METRICS}/statements/:statement`, access, handler: async (ctx) => showStatement(ctx) },
];

function chart(ctx: Ctx, { minutes }: Metrics): Reply {
  const { t, f } = ctx;
  if (ctx.params['name'] !== 'delay') throw notFound('system.chart', (ctx.params['name'] ?? '').slice(0, 40));
  const svg = lineChart({
    title: t('metrics:chart'),
    labels: minutes.map(({ at }) => f.time(at)),
    series: [{ values: minutes.map(({ delayP99Ms }) => Math.round(delayP99Ms * 10) / 10) }],
    axis: (value) => `${msText(ctx, value)} ms`,
    value: (value) => `${msText(ctx, value)} ms`,
    fromZero: true,
    theme: ctx.query['theme'] === 'dark' ? 'dark' : 'light',
    ...(ctx.query['size'] === 'phone' ? { width: 340, height: 180 } : { width: 1000, height: 200 }),
  });
  return file('delay.svg', 'image/svg+xml', Buffer.from(svg), { inline: true });
}

function showStatement(ctx: Ctx): Reply {
  const { t, f, services } = ctx;
  const id = ctx.params['statement'] ?? '';
  const found = services.database.watch.slow().find(({ text }) => statementId(text) === id);
  if (!found) throw notFound('system.statement', id.slice(0, 40));
  const title = t('metrics:statement');
  const model = {
    head: { title, crumbs: [{ href: METRICS, label: t('metrics:title') }] },
    facts: [
      { label: t('metrics:column.times'), value: f.number(found.times) },
      { label: t('metrics:column.mean'), value: `${msText(ctx, found.sumMs / found.times)} ms` },
      { label: t('metrics:column.max'), value: `${msText(ctx, found.maxMs)} ms` },
      { label: t('metrics:column.last'), value: f.dateTime(found.lastAt) },
      { label: t('metrics:values'), value: found.values.join(', ') || '–' },
    ],
    text: found.text,
    plan: found.plan ?? null,
    noPlan: t(found.plan === undefined ? 'metrics:planSoon' : 'metrics:noPlan'),
  };
  return page('system/statement', title, model);
}
