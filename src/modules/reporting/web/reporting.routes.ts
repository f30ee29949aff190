import { notFound } from '../../../kernel';
import { barChart, type ChartTheme, lineChart, shareBar, stackedBars } from '../../../platform/charts';
import { type Ctx, file, page, type Reply, type Route } from '../../../platform/http';
import { seesCostIn } from '../../../platform/permissions';
import type { Table } from '../../../platform/views';
import { ageingByBrand, marginByDay, salesByBrand, salesByHour } from '../queries/dashboard';
import { brandTable, DASHBOARD_PERMISSION, dashboardFilter, sumOf } from '../queries/dashboard-model';
import { CHANNELS, exportChannels, showChannels } from './channels.page';

const access = { permission: DASHBOARD_PERMISSION };

export const reportingRoutes: readonly Route[] = [
  { method: 'get', path: '/reporting/charts/:name.svg', access, handler: showChart },
  { method: 'get', path: '/reporting/tables/:name', access, handler: showTable },
  { method: 'get', path: CHANNELS, access, handler: showChannels },
  { method: 'get', path: `${CHANNELS}.xlsx`, access, handler: exportChannels },
];

const CHARTS: Record<string, (ctx: Ctx, theme: ChartTheme) => Promise<string>> = {
  hours: hoursChart,
  brands: brandsChart,
  margin: marginChart,
  ageing: ageingChart,
};

async function showChart(ctx: Ctx): Promise<Reply> {
  const name = ctx.params.name ?? '';
  const draw = Object.hasOwn(CHARTS, name) ? CHARTS[name] : undefined;
  const { scope, storeId } = dashboardFilter(ctx);
  if (!draw || (name === 'margin' && !seesCostIn(ctx.actor, scope, storeId))) throw notFound('reporting.chart', name);
  const svg = await draw(ctx, ctx.query.theme === 'dark' ? 'dark' : 'light');
  return file(`${name}.svg`, 'image/svg+xml', Buffer.from(svg), { inline: true });
}

/** 万 in Chinese, thousands in English: short enough for an axis. */
function axisMoney(ctx: Ctx): (fen: number) => string {
  const chinese = ctx.locale === 'zh-CN';
  return (fen) => {
    const value = fen / 100 / (chinese ? 10_000 : 1000);
    if (value === 0) return '0';
    const size = Math.abs(value);
    return `${value < 0 ? '\u2212' : ''}${Number(size.toFixed(size < 10 ? 1 : 0))}${chinese ? ' 万' : 'k'}`;
  };
}

async function hoursChart(ctx: Ctx, theme: ChartTheme): Promise<string> {
  const rows = await salesByHour(ctx.read, dashboardFilter(ctx));
  const axis = axisMoney(ctx);
  return barChart({
    title: ctx.t('reporting:hours'),
    bars: rows.map(({ hour, todayFen, weekAgoFen, state }) => ({
      label: ctx.t('reporting:hourLabel', { hour }),
      value: state === 'future' ? null : todayFen,
      compare: weekAgoFen,
      current: state === 'now',
    })),
    axis,
    value: (fen) => (fen === 0 ? '' : axis(fen).replace(/[ 万k]/g, '')),
    theme,
    ...(ctx.query.size === 'phone' ? { width: 340, height: 220 } : {}),
  });
}

async function brandsChart(ctx: Ctx, theme: ChartTheme): Promise<string> {
  const rows = await salesByBrand(ctx.read, dashboardFilter(ctx));
  return shareBar({
    title: ctx.t('reporting:brands'),
    parts: rows.slice(0, 6).map(({ grossFen }, index) => ({ value: Math.max(0, grossFen), tone: (index + 1) as 1 })),
    theme,
  });
}

async function marginChart(ctx: Ctx, theme: ChartTheme): Promise<string> {
  const rows = await marginByDay(ctx.read, dashboardFilter(ctx));
  const percent = (value: number): string => `${Number(value.toFixed(1))}%`;
  return lineChart({
    title: ctx.t('reporting:margin'),
    labels: rows.map(({ date }) => ctx.f.dayOfYear(date)),
    series: [{ values: rows.map(({ netFen, costFen }) => (netFen > 0 ? ((netFen - costFen) * 100) / netFen : null)) }],
    axis: percent,
    value: (value) => `${value.toFixed(1)}%`,
    theme,
  });
}

async function ageingChart(ctx: Ctx, theme: ChartTheme): Promise<string> {
  const rows = await ageingByBrand(ctx.read, dashboardFilter(ctx));
  return stackedBars({
    title: ctx.t('reporting:ageing'),
    rows: rows.slice(0, 7).map(({ brand, bands }) => ({ label: brand, values: bands })),
    tones: [1, 3, 'compare', 'oldest'],
    total: (sum) => String(sum),
    theme,
  });
}

async function showTable(ctx: Ctx): Promise<Reply> {
  const name = ctx.params.name ?? '';
  const table = await tableOf(ctx, name);
  if (!table) throw notFound('reporting.table', name);
  const title = ctx.t(`reporting:${name}`);
  return page('reporting/table', title, {
    head: {
      title,
      say: ctx.store?.name ?? ctx.t('common:frame.allStores'),
      crumbs: [{ label: ctx.t('reporting:home'), href: '/' }],
    },
    table,
  });
}

async function tableOf(ctx: Ctx, name: string): Promise<Table | undefined> {
  const { t, f, read } = ctx;
  const filter = dashboardFilter(ctx);
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  if (name === 'brands') {
    const rows = await salesByBrand(read, filter);
    return brandTable(ctx, rows, sumOf(rows), seesCost, 'brands', false);
  }
  if (name === 'hours') {
    const rows = await salesByHour(read, filter);
    return {
      id: 'hours',
      caption: t('reporting:hours'),
      columns: [
        { key: 'hour', label: t('reporting:hour'), card: 'title' },
        { key: 'today', label: t('reporting:legendToday'), num: true, card: 'number' },
        { key: 'before', label: t('reporting:weekAgo'), num: true, card: 'number' },
      ],
      rows: rows.map((row) => ({
        id: row.hour,
        cells: [
          t('reporting:hourLabel', { hour: row.hour }),
          row.state === 'future' ? null : f.money(row.todayFen),
          f.money(row.weekAgoFen),
        ],
      })),
    };
  }
  if (name === 'margin' && seesCost) {
    const rows = await marginByDay(read, filter);
    return {
      id: 'margin',
      caption: t('reporting:margin'),
      columns: [
        { key: 'date', label: t('reporting:date'), card: 'title' },
        { key: 'gross', label: t('reporting:sales'), num: true, card: 'number' },
        { key: 'net', label: t('reporting:net'), num: true, card: 'number' },
        { key: 'cost', label: t('reporting:cost'), num: true, card: 'number' },
        { key: 'profit', label: t('reporting:profit'), num: true, card: 'number' },
        { key: 'rate', label: t('reporting:marginRate'), num: true, card: 'number' },
      ],
      rows: rows.map((row) => ({
        id: row.date,
        cells: [
          { text: f.date(row.date), href: `/sales/sales?from=${row.date}&to=${row.date}` },
          f.money(row.grossFen),
          f.money(row.netFen),
          f.money(row.costFen),
          f.money(row.netFen - row.costFen),
          row.netFen > 0 ? f.percent(Math.round(((row.netFen - row.costFen) * 10_000) / row.netFen)) : null,
        ],
      })),
    };
  }
  if (name === 'ageing') {
    const rows = await ageingByBrand(read, filter);
    return {
      id: 'ageing',
      caption: t('reporting:ageing'),
      columns: [
        { key: 'brand', label: t('reporting:brand'), card: 'title' },
        ...(['a', 'b', 'c', 'd'] as const).map((band) => ({
          key: band,
          label: t(`reporting:band.${band}`),
          num: true,
          card: 'number' as const,
        })),
        { key: 'total', label: t('reporting:total'), num: true, card: 'number' },
      ],
      rows: rows.map(({ brand, brandId, bands }) => ({
        id: brandId,
        cells: [
          { text: brand, href: `/inventory/devices?brand=${brandId}` },
          ...bands.map((count) => f.number(count)),
          { text: f.number(bands.reduce((sum, count) => sum + count, 0)), strong: true },
        ],
      })),
    };
  }
  return undefined;
}
