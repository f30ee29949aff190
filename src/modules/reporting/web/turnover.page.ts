import { addDays } from '../../../kernel';
import { stackedBars } from '../../../platform/charts';
import { type Ctx, file, page, type Reply } from '../../../platform/http';
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
import type { ExportColumn } from '../../../platform/spreadsheet';
import type { Cell, Tabs, TableColumn } from '../../../platform/views';
import { NEVER_TURNS, turnDaysOf, turnsOf } from '../domain/turnover';
import {
  type AnalysedRow,
  analysedGoods,
  type AnalysisFilter,
  periodOf,
  TURNOVER_LIST,
  turnoverSums,
  type TurnoverSum,
} from '../queries/analysis-list';
import {
  analysisFilter,
  analysisSay,
  computation,
  movementsOf,
  stockOn,
  weeksChip,
  weeksField,
} from './analysis-parts';
import { chartLinks, chartLook } from './chart-links';
import { type Choices, choicesOf, stockFilterBar } from './stock-filter';
import { behind, type Group, GROUPS, named, sumsFile } from './stock-groups';

const CHART_ROWS = 12;

type Figures = Omit<TurnoverSum, 'groupId'>;
type GroupRow = TurnoverSum & { name: string };

interface Found {
  query: ListQuery;
  choices: Choices;
  filter: AnalysisFilter;
  /** null: by product. */
  group: Group | null;
}

async function found(ctx: Ctx): Promise<Found> {
  const choices = await choicesOf(ctx);
  const query = readListQuery(TURNOVER_LIST, ctx.query);
  const filter = await analysisFilter(ctx, query, choices, COST_PERMISSION);
  return { query, choices, filter, group: GROUPS.find((name) => name === query.filters['by']) ?? null };
}

function totalOf(rows: readonly TurnoverSum[]): Figures | undefined {
  if (rows.length === 0) return undefined;
  const total = { sold: 0, costFen: 0, openingFen: 0, closingFen: 0, averageFen: 0 };
  for (const row of rows)
    for (const name of ['sold', 'costFen', 'openingFen', 'closingFen', 'averageFen'] as const) total[name] += row[name];
  return total;
}

async function groupRows(ctx: Ctx, group: Group, { choices, filter }: Found): Promise<GroupRow[]> {
  const rows = named(ctx, group, choices, await turnoverSums(ctx.read, filter, group));
  const days = filter.weeks * 7;
  return rows.sort((a, b) => turnDaysOf(b.averageFen, b.costFen, days) - turnDaysOf(a.averageFen, a.costFen, days));
}

const daysCell = ({ t, f }: Ctx, days: number): Cell =>
  days >= NEVER_TURNS ? { text: t('reporting:turnover.never'), tone: 'bad' } : { text: f.number(days), strong: true };

function figureCells(
  ctx: Ctx,
  row: Figures,
  weeks: number,
  href: (what: 'opening' | 'closing' | 'cost') => string | null,
): Cell[] {
  const { f } = ctx;
  const linked = (fen: number, what: 'opening' | 'closing' | 'cost'): Cell => {
    const to = href(what);
    return to ? { text: f.money(fen), href: to } : f.money(fen);
  };
  const turns = turnsOf(row.averageFen, row.costFen, weeks * 7);
  return [
    f.number(row.sold),
    linked(row.costFen, 'cost'),
    linked(row.openingFen, 'opening'),
    linked(row.closingFen, 'closing'),
    f.money(row.averageFen),
    turns === null ? null : f.number(turns / 100),
    daysCell(ctx, turnDaysOf(row.averageFen, row.costFen, weeks * 7)),
  ];
}

function columnsOf({ t }: Ctx, query: ListQuery, group: Group | null): TableColumn[] {
  const number = (key: string, sort?: string): TableColumn => ({
    key,
    label: t(`reporting:turnover.${key}`),
    num: true,
    card: 'number',
    ...(sort && group === null ? { sort: sortLink(query, sort) } : {}),
  });
  return [
    { key: 'name', label: group ? t(`reporting:by.${group}`) : t('reporting:stock.product'), card: 'title' },
    number('sold', 'sold'),
    number('cost', 'cost'),
    number('opening'),
    number('closing'),
    number('average', 'average'),
    number('turns'),
    number('days', 'days'),
  ];
}

/** Where a figure of a product comes from: the stock of the day, or the movements of the days. */
function sourceOf(filter: AnalysisFilter, { skuId, skuCode }: AnalysedRow) {
  const period = periodOf(filter);
  return (what: 'opening' | 'closing' | 'cost'): string | null => {
    if (!period) return null;
    if (what === 'cost') return movementsOf(filter, skuId);
    return stockOn(filter, skuCode, what === 'closing' ? period.to : addDays(period.from, -1));
  };
}

const tabsOf = ({ t }: Ctx, query: ListQuery, group: Group | null): Tabs => ({
  label: t('common:list.views'),
  tabs: [null, ...GROUPS].map((name) => ({
    label: name ? t(`reporting:by.${name}`) : t('reporting:stock.product'),
    href: listHref(query, { by: name, sort: null, direction: null }),
    current: name === group,
  })),
});

export async function showTurnover(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const asked = await found(ctx);
  const { query, choices, filter, group } = asked;
  const title = t('reporting:turnover.title');
  const { actions, ...state } = await computation(ctx, 'turnover');
  const rows = group ? await groupRows(ctx, group, asked) : [];
  const goods = group ? null : pageOf(query, await analysedGoods(ctx.read, query, filter));
  const total = group ? totalOf(rows) : (await turnoverSums(ctx.read, filter, 'all'))[0];
  const strong = (cell: Cell): Cell =>
    cell === null ? null : typeof cell === 'string' ? { text: cell, strong: true } : { ...cell, strong: true };
  return page('reporting/analysis', title, {
    head: {
      title,
      say: analysisSay(ctx, group === 'store' && filter.storeId === null ? { ...filter, storeKey: 0 } : filter),
      actions: [exportAction(ctx, query), ...actions],
    },
    ...state,
    fields: null,
    chart:
      rows.length > 1
        ? {
            ...chartLinks(query, '/reporting/turnover.svg'),
            alt: t('reporting:turnover.alt', { name: rows[0]?.name ?? '' }),
            legend: [{ label: t('reporting:turnover.days'), swatch: 1 }],
          }
        : null,
    note: t('reporting:turnover.say'),
    list: {
      filtered: Object.keys(query.filters).some((name) => name !== 'by'),
      clearHref: listHref(query, { weeks: null, q: null, store: null, category: null, brand: null }),
      tabs: tabsOf(ctx, query, group),
      filters: {
        action: query.spec.path,
        text: { name: 'q', value: filter.text, label: t('reporting:stock.find') },
        keep: group ? { by: group } : {},
        ...stockFilterBar(ctx, query, choices, ['store', 'category', 'brand'], {
          fields: [weeksField(ctx, filter.weeks)],
          chips: weeksChip(ctx, query, filter.weeks),
        }),
      },
      table: {
        id: 'turnover',
        caption: title,
        sticky: true,
        columns: columnsOf(ctx, query, group),
        rows: goods
          ? goods.rows.map((row) => ({
              id: row.id,
              cells: [
                { text: row.skuName, sub: row.skuCode, href: `/reporting/availability/${row.skuId}` },
                ...figureCells(ctx, row, filter.weeks, sourceOf(filter, row)),
              ],
            }))
          : rows.map((row) => ({
              id: row.groupId,
              cells: [
                {
                  text: row.name,
                  strong: true,
                  href: behind(query.spec.path, query, group ?? 'store', row.groupId, { weeks: String(filter.weeks) }),
                },
                ...figureCells(ctx, row, filter.weeks, () => null),
              ],
            })),
        ...(total
          ? {
              totals: [
                { text: t('reporting:stock.total'), strong: true },
                ...figureCells(ctx, total, filter.weeks, () => null).map(strong),
              ],
            }
          : {}),
      },
      ...(goods
        ? {
            pager: {
              say: t('reporting:turnover.pager', { count: f.number(goods.rows.length) }),
              ...(goods.previousHref ? { previousHref: goods.previousHref } : {}),
              ...(goods.nextHref ? { nextHref: goods.nextHref } : {}),
            },
          }
        : {}),
      empty: { title: t('reporting:analysis.empty'), text: t('reporting:analysis.emptyHint') },
    },
  });
}

export async function drawTurnover(ctx: Ctx): Promise<Reply> {
  const asked = await found(ctx);
  const rows = await groupRows(ctx, asked.group ?? 'category', asked);
  const svg = stackedBars({
    title: ctx.t('reporting:turnover.title'),
    rows: rows
      .map(({ name, averageFen, costFen }) => ({
        label: name,
        days: turnDaysOf(averageFen, costFen, asked.filter.weeks * 7),
      }))
      .filter(({ days }) => days < NEVER_TURNS)
      .slice(0, CHART_ROWS)
      .map(({ label, days }) => ({ label, values: [days] })),
    tones: [1],
    total: (days) => ctx.t('reporting:analysis.dayCount', { count: ctx.f.number(days) }),
    ...chartLook(ctx.query),
  });
  return file('turnover.svg', 'image/svg+xml', Buffer.from(svg), { inline: true });
}

const days = (turnDays: number): number | null => (turnDays >= NEVER_TURNS ? null : turnDays);

export async function exportTurnover(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const asked = await found(ctx);
  const { query, filter, group } = asked;
  const column = (key: string, type: ExportColumn['type']): ExportColumn => ({
    header: t(`reporting:turnover.${key}`),
    type,
  });
  const columns = [
    column('sold', 'integer'),
    ...(['cost', 'opening', 'closing', 'average'] as const).map((key) => column(key, 'money')),
    column('days', 'integer'),
  ];
  const cells = (row: Figures) => [
    row.sold,
    row.costFen,
    row.openingFen,
    row.closingFen,
    row.averageFen,
    days(turnDaysOf(row.averageFen, row.costFen, filter.weeks * 7)),
  ];
  const name = `${t('reporting:turnover.title')}-${periodOf(filter)?.to ?? ctx.today}`;
  if (group)
    return sumsFile(
      ctx,
      name,
      [{ header: t(`reporting:by.${group}`), type: 'text', width: 30 }, ...columns],
      (await groupRows(ctx, group, asked)).map((row) => [row.name, ...cells(row)]),
    );
  return exportReply(ctx, {
    name,
    sheet: t('reporting:turnover.title'),
    columns: [
      { header: t('reporting:stock.code'), type: 'text' },
      { header: t('reporting:stock.product'), type: 'text', width: 36 },
      ...columns,
    ],
    query,
    load: (at) => analysedGoods(ctx.read, at, filter),
    toRow: (row) => [row.skuCode, row.skuName, ...cells(row)],
  });
}
