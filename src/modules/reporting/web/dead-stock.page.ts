import { type Ctx, page, type Reply } from '../../../platform/http';
import {
  exportAction,
  exportReply,
  listHref,
  type ListQuery,
  pageOf,
  readListQuery,
  sortLink,
  withoutCostSorts,
} from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { Cell, Field, TableColumn } from '../../../platform/views';
import { IDLE_ACTIONS, IDLE_FROM_DAYS } from '../domain/idle-goods';
import { analysisRun } from '../queries/analysis-list';
import { IDLE_LIST, type IdleFilter, idleGoods, type IdleRow, idleTotals } from '../queries/idle-list';
import { computation, VIEW_ANALYSIS } from './analysis-parts';
import { type Choices, choicesOf, stockFilter, stockFilterBar, whereWords } from './stock-filter';

/** From how many days on; the first one holds unless another is chosen. */
const DAY_CHOICES = [90, IDLE_FROM_DAYS, 60, 180, 360] as const;

interface Found {
  query: ListQuery;
  choices: Choices;
  filter: IdleFilter;
  seesCost: boolean;
}

async function found(ctx: Ctx): Promise<Found> {
  const choices = await choicesOf(ctx);
  const anyQuery = readListQuery(IDLE_LIST, ctx.query);
  const stock = stockFilter(ctx, anyQuery.filters, choices, VIEW_ANALYSIS);
  const seesCost = seesCostIn(ctx.actor, stock.scope, stock.storeId);
  const query = seesCost ? anyQuery : readListQuery(withoutCostSorts(IDLE_LIST), ctx.query);
  const { filters } = query;
  const filter: IdleFilter = {
    ...stock,
    runId: (await analysisRun(ctx.read))?.id ?? 0,
    days: DAY_CHOICES.find((days) => String(days) === filters['days']) ?? DAY_CHOICES[0],
    action: IDLE_ACTIONS.find((action) => action === filters['action']) ?? null,
  };
  return { query, choices, filter, seesCost };
}

const daysWords = ({ t }: Pick<Ctx, 't'>, days: number): string => t('reporting:idle.from', { days });

const daysField = (ctx: Ctx, days: number): Field => ({
  name: 'days',
  label: ctx.t('reporting:idle.days'),
  type: 'select',
  value: String(days),
  options: [...DAY_CHOICES].sort((a, b) => a - b).map((value) => ({ value, label: daysWords(ctx, value) })),
});

const adviceOf = ({ t }: Pick<Ctx, 't'>, { action, toStoreName }: IdleRow): string =>
  t(`reporting:idle.advice.${action}`, { store: toStoreName ?? '' });

function columnsOf({ t }: Ctx, query: ListQuery, seesCost: boolean): TableColumn[] {
  const number = (key: string, label: string, sort?: string): TableColumn => ({
    key,
    label,
    num: true,
    card: 'number',
    ...(sort ? { sort: sortLink(query, sort) } : {}),
  });
  return [
    { key: 'name', label: t('reporting:stock.product'), card: 'title' },
    { key: 'store', label: t('reporting:stock.store'), card: 'full' },
    number('quantity', t('reporting:valuation.pieces'), 'quantity'),
    ...(seesCost ? [number('value', t('reporting:valuation.value'), 'value')] : []),
    number('idle', t('reporting:idle.days'), 'idle'),
    { key: 'sold', label: t('reporting:idle.lastSoldOn'), keep: true, card: 'number' },
    { key: 'held', label: t('reporting:idle.heldSince'), keep: true, card: 'number' },
    { key: 'advice', label: t('reporting:idle.action'), card: 'full' },
  ];
}

function cellsOf(ctx: Ctx, row: IdleRow, seesCost: boolean): Cell[] {
  const { t, f } = ctx;
  return [
    { text: row.skuName, sub: row.skuCode, href: `/reporting/availability/${row.skuId}` },
    row.storeName,
    { text: f.number(row.quantity), href: `/inventory/movements?sku=${row.skuId}&store=${row.storeId}` },
    ...(seesCost ? [f.money(row.valueFen)] : []),
    { text: f.number(row.idleDays), tone: row.idleDays > 180 ? 'bad' : 'hold' },
    row.lastSoldOn ? f.date(row.lastSoldOn) : { text: t('reporting:idle.neverSold'), muted: true },
    f.date(row.heldSince),
    adviceOf(ctx, row),
  ];
}

export async function showDeadStock(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { query, choices, filter, seesCost } = await found(ctx);
  const title = t('reporting:idle.title');
  const { actions, ...state } = await computation(ctx, 'dead-stock');
  const goods = pageOf(query, await idleGoods(ctx.read, query, filter));
  const totals = await idleTotals(ctx.read, filter);
  const shown = [...totals].filter(([action]) => filter.action === null || filter.action === action);
  const all = (name: 'lines' | 'quantity' | 'valueFen'): number => shown.reduce((sum, [, row]) => sum + row[name], 0);
  const counted = [...totals.values()].reduce((sum, { lines }) => sum + lines, 0);
  const strong = (text: string): Cell => ({ text, strong: true });
  return page('reporting/analysis', title, {
    head: { title, say: whereWords(ctx, filter), actions: [exportAction(ctx, query), ...actions] },
    ...state,
    fields: null,
    chart: null,
    note: t('reporting:idle.say'),
    list: {
      filtered: Object.keys(query.filters).some((name) => name !== 'action'),
      clearHref: listHref(query, { days: null, q: null, store: null, category: null, brand: null }),
      tabs: {
        label: t('common:list.views'),
        tabs: [null, ...IDLE_ACTIONS].map((action) => ({
          label: t(`reporting:idle.tab.${action ?? 'all'}`),
          href: listHref(query, { action }),
          count: action ? (totals.get(action)?.lines ?? 0) : counted,
          current: action === filter.action,
        })),
      },
      filters: {
        action: query.spec.path,
        text: { name: 'q', value: filter.text, label: t('reporting:stock.find') },
        keep: filter.action ? { action: filter.action } : {},
        ...stockFilterBar(ctx, query, choices, ['store', 'category', 'brand'], {
          fields: [daysField(ctx, filter.days)],
          chips: [{ label: daysWords(ctx, filter.days), removeHref: listHref(query, { days: IDLE_FROM_DAYS }) }],
        }),
      },
      table: {
        id: 'dead-stock',
        caption: title,
        sticky: true,
        columns: columnsOf(ctx, query, seesCost),
        rows: goods.rows.map((row) => ({ id: row.id, cells: cellsOf(ctx, row, seesCost) })),
        totals: [
          strong(t('reporting:stock.total')),
          null,
          strong(f.number(all('quantity'))),
          ...(seesCost ? [strong(f.money(all('valueFen')))] : []),
          null,
          null,
          null,
          null,
        ],
      },
      pager: {
        say: t('reporting:idle.pager', { count: f.number(all('lines')) }),
        ...(goods.previousHref ? { previousHref: goods.previousHref } : {}),
        ...(goods.nextHref ? { nextHref: goods.nextHref } : {}),
      },
      empty: { title: t('reporting:idle.empty'), text: t('reporting:analysis.emptyHint') },
    },
  });
}

export async function exportDeadStock(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, filter, seesCost } = await found(ctx);
  return exportReply(ctx, {
    name: `${t('reporting:idle.title')}-${ctx.today}`,
    sheet: t('reporting:idle.title'),
    columns: [
      { header: t('reporting:stock.code'), type: 'text' },
      { header: t('reporting:stock.product'), type: 'text', width: 36 },
      { header: t('reporting:stock.store'), type: 'text' },
      { header: t('reporting:valuation.pieces'), type: 'integer' },
      ...(seesCost ? [{ header: t('reporting:valuation.value'), type: 'money' as const }] : []),
      { header: t('reporting:idle.days'), type: 'integer' },
      { header: t('reporting:idle.lastSoldOn'), type: 'date' },
      { header: t('reporting:idle.heldSince'), type: 'date' },
      { header: t('reporting:idle.action'), type: 'text' },
    ],
    query,
    load: (at) => idleGoods(ctx.read, at, filter),
    toRow: (row) => [
      row.skuCode,
      row.skuName,
      row.storeName,
      row.quantity,
      ...(seesCost ? [row.valueFen] : []),
      row.idleDays,
      row.lastSoldOn,
      row.heldSince,
      adviceOf(ctx, row),
    ],
  });
}
