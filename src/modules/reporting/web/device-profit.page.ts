import { addDays, isBusinessDate } from '../../../kernel';
import { type Ctx, page, type Reply } from '../../../platform/http';
import {
  exportAction,
  exportReply,
  listHref,
  type ListQuery,
  pageOf,
  readListQuery,
  sortLink,
} from '../../../platform/lists';
import { COST_PERMISSION } from '../../../platform/permissions';
import type { Cell, TableColumn } from '../../../platform/views';
import { rateBp } from '../queries/dashboard';
import { deviceProfits, PROFIT_LIST, type ProfitFilter, type ProfitRow, profitTotals } from '../queries/device-profit';
import { type Choices, choicesOf, stockFilter, stockFilterBar } from './stock-filter';

const DAYS = 30;

interface Found {
  query: ListQuery;
  choices: Choices;
  filter: ProfitFilter;
}

/** The last thirty days unless the address names others. */
async function found(ctx: Ctx): Promise<Found> {
  const choices = await choicesOf(ctx);
  const query = readListQuery(PROFIT_LIST, ctx.query);
  const { from, to, number } = query.filters;
  const until = isBusinessDate(to) ? to : ctx.today;
  const since = isBusinessDate(from) ? from : addDays(until, 1 - DAYS);
  return {
    query,
    choices,
    filter: {
      ...stockFilter(ctx, query.filters, choices, COST_PERMISSION),
      from: since < until ? since : until,
      to: since < until ? until : since,
      number: (number ?? '').replace(/\s/g, ''),
    },
  };
}

type Amounts = Pick<ProfitRow, 'grossFen' | 'netFen' | 'costFen' | 'adjustedFen'>;
const profitOf = ({ netFen, costFen, adjustedFen }: Amounts): number => netFen - costFen - adjustedFen;

function amountCells({ f }: Ctx, row: Amounts): Cell[] {
  const profit = profitOf(row);
  return [
    f.money(row.grossFen),
    f.money(row.netFen),
    f.money(row.costFen),
    row.adjustedFen === 0 ? null : f.moneySigned(row.adjustedFen),
    { text: f.money(profit), strong: true, ...(profit < 0 ? { tone: 'bad' as const } : {}) },
    row.netFen > 0 ? f.percent(rateBp(profit, row.netFen)) : null,
  ];
}

/** A loss has a rate below nothing. */
const lossAware = (row: Amounts, cells: Cell[], { f }: Ctx): Cell[] => {
  const profit = profitOf(row);
  return profit >= 0 || row.netFen <= 0
    ? cells
    : [...cells.slice(0, -1), f.percentSigned(-rateBp(-profit, row.netFen))];
};

export async function showDeviceProfit(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { query, choices, filter } = await found(ctx);
  const title = t('reporting:deviceProfit.title');
  const rows = pageOf(query, await deviceProfits(ctx.read, query, filter));
  const totals = await profitTotals(ctx.read, filter);
  const number = (key: string, label: string, sort?: string): TableColumn => ({
    key,
    label,
    num: true,
    card: 'number',
    ...(sort ? { sort: sortLink(query, sort) } : {}),
  });
  const days = `${f.date(filter.from)} – ${f.date(filter.to)}`;
  const place = ctx.stores.find(({ id }) => id === filter.storeId)?.name ?? t('common:frame.allStores');
  const strong = (cell: Cell): Cell =>
    cell === null ? null : typeof cell === 'string' ? { text: cell, strong: true } : { ...cell, strong: true };
  const dated = query.filters['from'] !== undefined || query.filters['to'] !== undefined;
  return page('reporting/analysis', title, {
    head: { title, say: `${place} · ${days}`, actions: [exportAction(ctx, query)] },
    progress: null,
    message: null,
    fields: null,
    chart: null,
    note: t('reporting:deviceProfit.say'),
    list: {
      filtered: Object.keys(query.filters).length > 0,
      clearHref: query.spec.path,
      filters: {
        action: query.spec.path,
        text: { name: 'q', value: filter.text, label: t('reporting:stock.find') },
        ...stockFilterBar(ctx, query, choices, ['store', 'category', 'brand'], {
          chips: [
            ...(dated ? [{ label: days, removeHref: listHref(query, { from: null, to: null }) }] : []),
            ...(filter.number ? [{ label: filter.number, removeHref: listHref(query, { number: null }) }] : []),
          ],
          fields: [
            { name: 'from', label: t('reporting:from'), type: 'date', value: filter.from, max: ctx.today },
            { name: 'to', label: t('reporting:to'), type: 'date', value: filter.to, max: ctx.today },
            { name: 'number', label: t('reporting:deviceProfit.number'), type: 'text', value: filter.number },
          ],
        }),
      },
      table: {
        id: 'device-profit',
        caption: title,
        sticky: true,
        columns: [
          { key: 'device', label: t('reporting:deviceProfit.device'), card: 'title' },
          { key: 'sale', label: t('reporting:deviceProfit.sale'), keep: true, card: 'full' },
          { key: 'store', label: t('reporting:stock.store'), card: 'full' },
          number('gross', t('reporting:sales'), 'gross'),
          number('net', t('reporting:net')),
          number('cost', t('reporting:cost'), 'cost'),
          number('adjusted', t('reporting:deviceProfit.adjusted')),
          number('profit', t('reporting:profit')),
          number('rate', t('reporting:marginRate')),
        ],
        rows: rows.rows.map((row) => ({
          id: row.id,
          cells: [
            { text: row.skuName, number: row.number, href: `/inventory/devices/${row.deviceId}` },
            {
              text: row.saleNumber,
              sub: f.date(row.soldOn),
              ...(ctx.can('sales.sale.view') ? { href: `/sales/sales/${row.saleId}` } : {}),
            },
            row.storeName,
            ...lossAware(row, amountCells(ctx, row), ctx),
          ],
        })),
        totals: [
          { text: t('reporting:deviceProfit.total', { count: f.number(totals.devices) }), strong: true },
          null,
          null,
          ...lossAware(totals, amountCells(ctx, totals), ctx).map(strong),
        ],
      },
      pager: {
        say: t('reporting:deviceProfit.pager', { count: f.number(totals.devices) }),
        ...(rows.previousHref ? { previousHref: rows.previousHref } : {}),
        ...(rows.nextHref ? { nextHref: rows.nextHref } : {}),
      },
      empty: { title: t('reporting:deviceProfit.empty'), text: t('reporting:deviceProfit.emptyHint') },
    },
  });
}

export async function exportDeviceProfit(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, filter } = await found(ctx);
  const text = (header: string) => ({ header, type: 'text' as const });
  const money = (header: string) => ({ header, type: 'money' as const });
  return exportReply(ctx, {
    name: `${t('reporting:deviceProfit.title')}-${filter.from}-${filter.to}`,
    sheet: t('reporting:deviceProfit.title'),
    columns: [
      text(t('reporting:deviceProfit.number')),
      text(t('reporting:stock.code')),
      text(t('reporting:stock.product')),
      { header: t('reporting:date'), type: 'date' },
      text(t('reporting:deviceProfit.sale')),
      text(t('reporting:stock.store')),
      money(t('reporting:sales')),
      money(t('reporting:net')),
      money(t('reporting:cost')),
      money(t('reporting:deviceProfit.adjusted')),
      money(t('reporting:profit')),
    ],
    query,
    load: (at) => deviceProfits(ctx.read, at, filter),
    toRow: (row) => [
      row.number,
      row.skuCode,
      row.skuName,
      row.soldOn,
      row.saleNumber,
      row.storeName,
      row.grossFen,
      row.netFen,
      row.costFen,
      row.adjustedFen,
      profitOf(row),
    ],
  });
}
