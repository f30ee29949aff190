import { addDays, clockAt, weekdayOf } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import type { Alert } from '../../../platform/modules';
import { seesCostIn } from '../../../platform/permissions';
import type { Action, Chart, KeyFigures, Link, PageHead, Table } from '../../../platform/views';
import { stockCounts } from '../../inventory';
import { salesByChannel } from './channel-sales';
import { channelTable } from './channel-table';
import {
  ageingByBrand,
  BRAND_DAYS,
  type BrandRow,
  type DashboardFilter,
  daySums,
  marginByDay,
  rateBp,
  salesByBrand,
  salesByHour,
  weekAgo,
} from './dashboard';

export interface DashboardPage {
  head: PageHead;
  /** Absent for readers without the right to see sales. */
  figures: KeyFigures;
  hours: Chart;
  alerts: { title: string; detail: string; count: string; icon: string; tone: string; href: string }[];
  brands: { picture: { light: string; dark: string }; alt: string; table: Table; more: Link };
  /** Absent where all sales are the stores' own. */
  channels: { table: Table; more: Link } | null;
  /** Absent for readers without the right to see cost. */
  margin: Chart | null;
  ageing: Chart;
}

export const DASHBOARD_PERMISSION = 'reporting.dashboard.view';

export function dashboardFilter(ctx: Pick<Ctx, 'actor' | 'store' | 'today' | 'now' | 'services'>): DashboardFilter {
  return {
    scope: ctx.actor.scope(DASHBOARD_PERMISSION),
    storeId: ctx.store?.id ?? null,
    today: ctx.today,
    now: ctx.now,
    timeZone: ctx.services.timeZone,
  };
}

/** `12345` fen split for a key figure: whole yuan, and the decimals that stand smaller. */
export function headline(text: string): { figure: string; small: string } {
  const at = text.lastIndexOf('.');
  return { figure: text.slice(0, at), small: text.slice(at) };
}

/** Change in basis points; null when there is nothing to compare with. */
export const changeBp = (now: number, before: number): number | null =>
  before > 0 ? Math.round(((now - before) * 10_000) / before) : null;

const charts = (name: string) => ({
  wide: { light: `/reporting/charts/${name}.svg`, dark: `/reporting/charts/${name}.svg?theme=dark` },
});

export async function dashboardPage(ctx: Ctx, alerts: readonly Alert[]): Promise<DashboardPage> {
  const { t, f, read } = ctx;
  const filter = dashboardFilter(ctx);
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  const now = await daySums(read, filter, filter.today, filter.now);
  const last = weekAgo(filter);
  const before = await daySums(read, filter, last.date, last.until);
  const brands = await salesByBrand(read, filter);
  const from = addDays(filter.today, 1 - BRAND_DAYS);
  const channels = await salesByChannel(read, filter, { from, to: filter.today });
  const hours = await salesByHour(read, filter);
  const ageing = await ageingByBrand(read, filter);
  const stock = await stockCounts(read, filter.scope, filter.storeId);
  const days = seesCost ? await marginByDay(read, filter) : [];
  const weekday = t(`common:weekday.${weekdayOf(ctx.today)}`);
  const { hour, minute } = clockAt(ctx.now, filter.timeZone);
  const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  const actions: Action[] = ctx.can('sales.sale.create')
    ? [{ label: t('reporting:openTill'), href: '/sales/till', icon: 'scan', look: 'primary' }]
    : [];
  const old = ageing.reduce((sum, { bands }) => sum + (bands[2] ?? 0) + (bands[3] ?? 0), 0);
  return {
    head: {
      title: t('reporting:today', { date: f.dayOfYear(ctx.today), weekday }),
      say: t('reporting:until', { clock }),
      actions,
    },
    figures: { label: t('reporting:figures'), cells: figureCells(ctx, now, before, stock, seesCost) },
    hours: {
      title: t('reporting:hours'),
      alt: t('reporting:hoursAlt', { total: f.moneyYuan(now.grossFen), clock }),
      ...charts('hours'),
      phone: {
        light: '/reporting/charts/hours.svg?size=phone',
        dark: '/reporting/charts/hours.svg?size=phone&theme=dark',
      },
      legend: [
        { label: t('reporting:legendToday'), swatch: 1 },
        { label: t('reporting:legendWeekAgo', { weekday }), swatch: 'target' },
      ],
      note: hours.some(({ state }) => state === 'now') ? t('reporting:hourRunning', { hour }) : t('reporting:unitWan'),
      tableHref: '/reporting/tables/hours',
    },
    alerts: alerts.slice(0, 8).map((alert) => ({ ...alert })),
    brands: {
      picture: charts('brands').wide,
      alt: brands.map((row) => `${brandName(ctx, row)} ${f.percent(rateBp(row.grossFen, sumOf(brands)))}`).join('，'),
      table: brandTable(ctx, brands.slice(0, 6), sumOf(brands), seesCost, 'brands', true),
      more: { label: t('reporting:details'), href: '/reporting/tables/brands' },
    },
    channels: channels.some(({ channelId }) => channelId !== null)
      ? {
          table: channelTable(ctx, channels, from),
          more: { label: t('reporting:details'), href: '/reporting/channels' },
        }
      : null,
    margin: seesCost
      ? {
          title: t('reporting:margin'),
          alt: t('reporting:marginAlt', { rate: f.percent(rateBp(now.netFen - now.costFen, now.netFen)) }),
          ...charts('margin'),
          say: t('reporting:marginAverage', {
            rate: f.percent(
              rateBp(
                days.reduce((sum, day) => sum + day.netFen - day.costFen, 0),
                days.reduce((sum, day) => sum + day.netFen, 0),
              ),
            ),
          }),
          tableHref: '/reporting/tables/margin',
        }
      : null,
    ageing: {
      title: t('reporting:ageing'),
      alt: t('reporting:ageingAlt', { old }),
      ...charts('ageing'),
      legend: [
        { label: t('reporting:band.a'), swatch: 1 },
        { label: t('reporting:band.b'), swatch: 3 },
        { label: t('reporting:band.c'), swatch: 'target' },
        { label: t('reporting:band.d'), swatch: 'oldest' },
      ],
      tableHref: '/reporting/tables/ageing',
    },
  };
}

type Sums = Awaited<ReturnType<typeof daySums>>;

function figureCells(
  ctx: Ctx,
  now: Sums,
  before: Sums,
  stock: Awaited<ReturnType<typeof stockCounts>>,
  seesCost: boolean,
): KeyFigures['cells'] {
  const { t, f } = ctx;
  const changed = (bp: number | null) =>
    bp === null
      ? {}
      : {
          change: {
            direction: bp >= 0 ? ('up' as const) : ('down' as const),
            text: f.percent(Math.abs(bp)),
            good: bp >= 0,
          },
        };
  const margin = rateBp(now.netFen - now.costFen, now.netFen);
  const marginBefore = rateBp(before.netFen - before.costFen, before.netFen);
  const ticket = now.sales > 0 ? Math.round(now.grossFen / now.sales) : 0;
  const ticketBefore = before.sales > 0 ? Math.round(before.grossFen / before.sales) : 0;
  const points = margin - marginBefore;
  return [
    {
      label: t('reporting:sales'),
      ...headline(f.moneyYuan(now.grossFen)),
      href: '/sales/sales',
      ...changed(changeBp(now.grossFen, before.grossFen)),
      note: t('reporting:weekAgoSales', { amount: f.moneyYuan(before.grossFen) }),
    },
    ...(seesCost
      ? [
          {
            label: t('reporting:profit'),
            ...headline(f.moneyYuan(now.netFen - now.costFen)),
            note: t('reporting:profitRate', { rate: f.percent(margin) }),
            ...(before.netFen > 0
              ? {
                  change: {
                    direction: points >= 0 ? ('up' as const) : ('down' as const),
                    text: t('reporting:points', { points: f.number(Math.abs(Math.round(points / 10)) / 10) }),
                    good: points >= 0,
                  },
                }
              : {}),
          },
        ]
      : []),
    {
      label: t('reporting:countAndDevices'),
      figure: `${f.number(now.sales)} / ${f.number(now.devices)}`,
      note: t('reporting:attachRate', { rate: f.percent(rateBp(now.withMore, now.withDevice)) }),
    },
    {
      label: t('reporting:ticket'),
      ...headline(f.moneyYuan(ticket)),
      ...changed(changeBp(ticket, ticketBefore)),
      note: t('reporting:againstWeekAgo'),
    },
    {
      label: t('reporting:devicesInStock'),
      figure: f.number(stock.sellable + stock.demo + stock.defective + stock.quarantine + stock.in_transit),
      small: t('reporting:unitDevices'),
      href: '/inventory/devices',
      note: t('reporting:stockNote', { sellable: f.number(stock.sellable), transit: f.number(stock.in_transit) }),
    },
  ];
}

export const sumOf = (rows: readonly BrandRow[]): number => rows.reduce((sum, { grossFen }) => sum + grossFen, 0);
export const brandName = (ctx: Pick<Ctx, 't'>, row: BrandRow): string =>
  row.brandId === null ? ctx.t('reporting:otherGoods') : row.brand;

export function brandTable(
  ctx: Ctx,
  rows: readonly BrandRow[],
  totalFen: number,
  seesCost: boolean,
  id: string,
  tight: boolean,
): Table {
  const { t, f } = ctx;
  return {
    id,
    caption: t('reporting:brands'),
    tight,
    columns: [
      { key: 'brand', label: t('reporting:brand'), card: 'title' },
      { key: 'sales', label: t('reporting:sales'), num: true, card: 'number' },
      { key: 'share', label: t('reporting:share'), num: true, card: 'number' },
      ...(seesCost ? [{ key: 'margin', label: t('reporting:marginRate'), num: true, card: 'number' as const }] : []),
      { key: 'change', label: t('reporting:weekChange'), num: true, card: 'number' },
    ],
    rows: rows.map((row) => {
      const change = changeBp(row.grossFen, row.beforeFen);
      return {
        id: row.brandId ?? 0,
        cells: [
          row.brandId === null
            ? brandName(ctx, row)
            : { text: row.brand, href: `/inventory/devices?brand=${row.brandId}&view=sold` },
          f.money(row.grossFen),
          f.percent(rateBp(row.grossFen, totalFen)),
          ...(seesCost ? [f.percent(rateBp(row.netFen - row.costFen, row.netFen))] : []),
          change === null
            ? null
            : { text: f.percentSigned(change), tone: change >= 0 ? ('ok' as const) : ('bad' as const) },
        ],
      };
    }),
  };
}
