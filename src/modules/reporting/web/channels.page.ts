import { addDays, type BusinessDate, isBusinessDate } from '../../../kernel';
import { type Ctx, file, page, type Reply } from '../../../platform/http';
import { seesCostIn } from '../../../platform/permissions';
import { type ExportColumn, writeXlsx } from '../../../platform/spreadsheet';
import type { FilterBar, Table } from '../../../platform/views';
import { type ChannelRow, salesByChannel } from '../queries/channel-sales';
import { channelName, salesHref } from '../queries/channel-table';
import { rateBp } from '../queries/dashboard';
import { dashboardFilter } from '../queries/dashboard-model';

export const CHANNELS = '/reporting/channels';
const DAYS = 7;

interface Period {
  from: BusinessDate;
  to: BusinessDate;
}

/** As asked in the address; the last seven days when nothing sensible is. */
function periodOf({ query, today }: Ctx): Period {
  const to = isBusinessDate(query['to']) ? query['to'] : today;
  const from = isBusinessDate(query['from']) ? query['from'] : addDays(to, 1 - DAYS);
  return from <= to ? { from, to } : { from: to, to: from };
}

async function found(ctx: Ctx): Promise<{ rows: ChannelRow[]; seesCost: boolean; period: Period }> {
  const filter = dashboardFilter(ctx);
  const period = periodOf(ctx);
  return {
    rows: await salesByChannel(ctx.read, filter, period),
    seesCost: seesCostIn(ctx.actor, filter.scope, filter.storeId),
    period,
  };
}

export async function showChannels(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { rows, seesCost, period } = await found(ctx);
  const title = t('reporting:channels');
  const range = new URLSearchParams({ from: period.from, to: period.to }).toString();
  const days = `${f.date(period.from)} – ${f.date(period.to)}`;
  const filters: FilterBar = {
    action: CHANNELS,
    chips: ctx.query['from'] || ctx.query['to'] ? [{ label: days, removeHref: CHANNELS }] : [],
    fields: [
      { name: 'from', label: t('reporting:from'), type: 'date', value: period.from },
      { name: 'to', label: t('reporting:to'), type: 'date', value: period.to },
    ],
  };
  return page('reporting/channels', title, {
    head: {
      title,
      say: `${ctx.store?.name ?? t('common:frame.allStores')} · ${days}`,
      crumbs: [{ label: t('reporting:home'), href: '/' }],
      actions: [
        {
          look: 'quiet',
          icon: 'file-spreadsheet',
          label: t('common:action.exportExcel'),
          href: `${CHANNELS}.xlsx?${range}`,
          wideOnly: true,
        },
      ],
    },
    filters,
    table: tableOf(ctx, rows, seesCost, period),
    empty: { title: t('reporting:channelsEmpty') },
  });
}

function tableOf(ctx: Ctx, rows: readonly ChannelRow[], seesCost: boolean, period: Period): Table {
  const { t, f } = ctx;
  const total = rows.reduce((sum, { grossFen }) => sum + grossFen, 0);
  const number = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });
  return {
    id: 'channels',
    caption: t('reporting:channels'),
    columns: [
      { key: 'channel', label: t('reporting:channel'), card: 'title' },
      number('sales', t('reporting:count')),
      number('gross', t('reporting:sales')),
      number('share', t('reporting:share')),
      number('discount', t('reporting:discount')),
      number('net', t('reporting:net')),
      ...(seesCost ? [number('profit', t('reporting:profit')), number('rate', t('reporting:marginRate'))] : []),
    ],
    rows: rows.map((row) => ({
      id: row.channelId ?? 0,
      cells: [
        { text: channelName(ctx, row), ...salesHref(ctx, row.channelId, period) },
        f.number(row.sales),
        f.money(row.grossFen),
        f.percent(rateBp(row.grossFen, total)),
        f.money(row.discountFen),
        f.money(row.netFen),
        ...(seesCost
          ? [
              f.money(row.netFen - row.costFen),
              row.netFen > 0 ? f.percent(rateBp(row.netFen - row.costFen, row.netFen)) : null,
            ]
          : []),
      ],
    })),
  };
}

export async function exportChannels(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { rows, seesCost, period } = await found(ctx);
  const column = (header: string, type: ExportColumn['type']): ExportColumn => ({ header, type });
  const sheet = {
    name: t('reporting:channels'),
    columns: [
      column(t('reporting:channel'), 'text'),
      column(t('reporting:from'), 'date'),
      column(t('reporting:to'), 'date'),
      column(t('reporting:count'), 'integer'),
      column(t('reporting:sales'), 'money'),
      column(t('reporting:discount'), 'money'),
      column(t('reporting:net'), 'money'),
      ...(seesCost ? [column(t('reporting:cost'), 'money'), column(t('reporting:profit'), 'money')] : []),
    ],
    rows: rows.map((row) => [
      channelName(ctx, row),
      period.from,
      period.to,
      row.sales,
      row.grossFen,
      row.discountFen,
      row.netFen,
      ...(seesCost ? [row.costFen, row.netFen - row.costFen] : []),
    ]),
  };
  const words = { timeZone: ctx.services.timeZone, yes: t('common:yes'), no: t('common:no') };
  const name = `${t('reporting:channels')}-${period.from}-${period.to}.xlsx`;
  return file(name, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', writeXlsx([sheet], words));
}
