import { businessDate } from '../../../kernel';
import { compactFormat, lineChart } from '../../../platform/charts';
import { type Ctx, file, page, type Reply } from '../../../platform/http';
import { listHref, type ListQuery, readListQuery } from '../../../platform/lists';
import { COST_PERMISSION } from '../../../platform/permissions';
import type { Cell, TableColumn } from '../../../platform/views';
import { sum } from '../queries/ageing';
import { rateBp } from '../queries/dashboard';
import { inventoryAccounts, type StockSum, stockSums, valueByDay } from '../queries/stock-sums';
import { chartLinks, chartLook } from './chart-links';
import { type Choices, choicesOf, stockFilter, stockFilterBar, whereWords } from './stock-filter';
import { behind, type Group, groupOf, groupTabs, named, sumsExport, sumsFile, sumsSpec } from './stock-groups';

const PATH = '/reporting/valuation';
/** A quarter, day by day. */
const CHART_DAYS = 91;
const SPEC = sumsSpec(PATH, ['by', 'q', 'store', 'category', 'brand', 'on']);

interface Row {
  groupId: number;
  name: string;
  quantity: number;
  valueFen: number;
  /** What the inventory accounts of the store say; null where goods are chosen or grouped, which accounts know nothing of. */
  accountFen: number | null;
}

interface Found {
  query: ListQuery;
  group: Group;
  rows: Row[];
  choices: Choices;
  say: string;
  day: string;
  againstAccounts: boolean;
}

/** Whoever sees cost in some stores sees the value of these. */
async function found(ctx: Ctx): Promise<Found> {
  const choices = await choicesOf(ctx);
  const query = readListQuery(SPEC, ctx.query);
  const filter = stockFilter(ctx, query.filters, choices, COST_PERMISSION);
  const group = groupOf(query);
  const sums = await stockSums(ctx.read, filter, { by: [group] });
  const againstAccounts =
    group === 'store' && filter.text === '' && filter.brandId === null && filter.categoryIds === null;
  const accounts = againstAccounts ? await inventoryAccounts(ctx.read, filter) : new Map<number, number>();
  const idOf = ({ storeId, categoryId, brandId }: StockSum): number => storeId ?? categoryId ?? brandId ?? 0;
  const rows = sums.map((row) => ({
    groupId: idOf(row),
    quantity: row.quantity,
    valueFen: row.valueFen,
    accountFen: againstAccounts ? (accounts.get(idOf(row)) ?? 0) : null,
  }));
  const kept = rows.filter(({ quantity, valueFen, accountFen }) => quantity !== 0 || valueFen !== 0 || accountFen);
  return {
    query,
    group,
    rows: named(ctx, group, choices, kept),
    choices,
    say: whereWords(ctx, filter),
    day: filter.on ?? ctx.today,
    againstAccounts,
  };
}

export async function showValuation(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { query, group, rows, choices, say, againstAccounts } = await found(ctx);
  const title = t('reporting:valuation.title');
  const number = (key: string, label: string): TableColumn => ({ key, label, num: true, card: 'number' });
  const value = sum(rows.map(({ valueFen }) => valueFen));
  const account = sum(rows.map(({ accountFen }) => accountFen ?? 0));
  const strong = (text: string): Cell => ({ text, strong: true });
  const difference = (fen: number): Cell => (fen === 0 ? f.money(0) : { text: f.moneySigned(fen), tone: 'bad' });
  return page('reporting/sums', title, {
    head: { title, say, actions: [sumsExport(ctx, query)] },
    chart:
      rows.length > 0
        ? {
            ...chartLinks(query, `${PATH}.svg`),
            alt: t('reporting:valuation.alt', { days: CHART_DAYS, value: f.money(value) }),
            legend: [{ label: t('reporting:valuation.byDay', { days: CHART_DAYS }), swatch: 1 }],
          }
        : null,
    note: t('reporting:valuation.say'),
    list: {
      filtered: Object.keys(query.filters).some((name) => name !== 'by'),
      clearHref: listHref(query, { q: null, store: null, category: null, brand: null, on: null }),
      tabs: groupTabs(ctx, query),
      filters: {
        action: PATH,
        text: { name: 'q', value: query.filters['q'] ?? '', label: t('reporting:stock.find') },
        keep: group === 'store' ? {} : { by: group },
        ...stockFilterBar(ctx, query, choices, ['on', 'store', 'category', 'brand']),
      },
      table: {
        id: 'valuation',
        caption: title,
        columns: [
          { key: 'name', label: t(`reporting:by.${group}`), card: 'title' },
          number('quantity', t('reporting:valuation.pieces')),
          number('value', t('reporting:valuation.value')),
          number('share', t('reporting:share')),
          ...(againstAccounts
            ? [
                number('account', t('reporting:valuation.account')),
                number('difference', t('reporting:valuation.difference')),
              ]
            : []),
        ],
        rows: rows.map((row) => ({
          id: row.groupId,
          cells: [
            {
              text: row.name,
              strong: true,
              href: behind('/reporting/stock-matrix', query, group, row.groupId, { measure: 'value' }),
            },
            f.number(row.quantity),
            f.money(row.valueFen),
            f.percent(rateBp(row.valueFen, value)),
            ...(againstAccounts ? [f.money(row.accountFen), difference(row.valueFen - (row.accountFen ?? 0))] : []),
          ],
        })),
        totals: [
          strong(t('reporting:stock.total')),
          strong(f.number(sum(rows.map(({ quantity }) => quantity)))),
          strong(f.money(value)),
          null,
          ...(againstAccounts ? [strong(f.money(account)), difference(value - account)] : []),
        ],
      },
      empty: { title: t('reporting:valuation.empty'), text: t('reporting:matrix.emptyHint') },
    },
  });
}

/** How the value of this stock went until the day that the page shows. */
export async function drawValuation(ctx: Ctx): Promise<Reply> {
  const choices = await choicesOf(ctx);
  const filter = stockFilter(ctx, readListQuery(SPEC, ctx.query).filters, choices, COST_PERMISSION);
  const last = businessDate(filter.on ?? ctx.today);
  const rows = await valueByDay(ctx.read, filter, { last, days: CHART_DAYS });
  const amounts = compactFormat(Math.max(...rows.map(({ valueFen }) => valueFen)) / 100, ctx.actor.locale);
  const svg = lineChart({
    title: ctx.t('reporting:valuation.byDay', { days: CHART_DAYS }),
    labels: rows.map(({ day }) => ctx.f.dayOfYear(day)),
    series: [{ values: rows.map(({ valueFen }) => valueFen) }],
    axis: (valueFen) => amounts.axis(valueFen / 100),
    value: (valueFen) => `${amounts.value(valueFen / 100)}${amounts.unit}`,
    fromZero: true,
    height: 240,
    ...chartLook(ctx.query),
  });
  return file('valuation.svg', 'image/svg+xml', Buffer.from(svg), { inline: true });
}

export async function exportValuation(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { group, rows, day, againstAccounts } = await found(ctx);
  return sumsFile(
    ctx,
    `${t('reporting:valuation.title')}-${day}`,
    [
      { header: t(`reporting:by.${group}`), type: 'text', width: 30 },
      { header: t('reporting:valuation.on'), type: 'date' },
      { header: t('reporting:valuation.pieces'), type: 'integer' },
      { header: t('reporting:valuation.value'), type: 'money' },
      ...(againstAccounts ? [{ header: t('reporting:valuation.account'), type: 'money' as const }] : []),
    ],
    rows.map((row) => [row.name, day, row.quantity, row.valueFen, ...(againstAccounts ? [row.accountFen] : [])]),
  );
}
