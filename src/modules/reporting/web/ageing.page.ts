import { stackedBars } from '../../../platform/charts';
import { type Ctx, file, page, type Reply } from '../../../platform/http';
import { listHref, type ListQuery, readListQuery } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { Cell, TableColumn } from '../../../platform/views';
import { AGE_BANDS } from '../../inventory';
import { ageingOf, type AgeingSum, sum } from '../queries/ageing';
import { chartLinks, chartLook } from './chart-links';
import { type Choices, choicesOf, stockFilter, stockFilterBar, whereWords } from './stock-filter';
import { behind, type Group, groupOf, groupTabs, named, sumsExport, sumsFile, sumsSpec } from './stock-groups';

const PATH = '/reporting/ageing';
const SPEC = sumsSpec(PATH, ['by', 'q', 'store', 'category', 'brand']);
const DEVICES = 'inventory.device.view';
const CHART_ROWS = 12;

type Row = AgeingSum & { name: string };

interface Found {
  query: ListQuery;
  group: Group;
  rows: Row[];
  choices: Choices;
  seesCost: boolean;
  say: string;
}

async function found(ctx: Ctx): Promise<Found> {
  const choices = await choicesOf(ctx);
  const query = readListQuery(SPEC, ctx.query);
  const filter = stockFilter(ctx, query.filters, choices, DEVICES);
  const group = groupOf(query);
  const rows = named(ctx, group, choices, await ageingOf(ctx.read, filter, ctx.today, group));
  return {
    query,
    group,
    rows,
    choices,
    seesCost: seesCostIn(ctx.actor, filter.scope, filter.storeId),
    say: whereWords(ctx, filter),
  };
}

/** What stands for more than 90 days, in basis points of all. */
const oldShare = (figures: readonly number[]): number => {
  const all = sum(figures);
  return all > 0 ? Math.round(((figures[3] ?? 0) * 10_000) / all) : 0;
};

export async function showAgeing(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { query, group, rows, choices, seesCost, say } = await found(ctx);
  const title = t('reporting:ageingPage.title');
  const number = (key: string, label: string): TableColumn => ({ key, label, num: true, card: 'number' });
  const band = (row: Row, index: number): Cell => {
    const count = row.counts[index] ?? 0;
    if (count === 0) return null;
    const tone = index === 3 ? { tone: 'bad' as const } : index === 2 ? { tone: 'hold' as const } : {};
    return {
      text: f.number(count),
      href: behind('/inventory/devices', query, group, row.groupId, { age: AGE_BANDS[index] ?? 'a' }),
      ...tone,
    };
  };
  const totals = AGE_BANDS.map((_, index) => sum(rows.map(({ counts }) => counts[index] ?? 0)));
  const costs = AGE_BANDS.map((_, index) => sum(rows.map((row) => row.costs[index] ?? 0)));
  const strong = (text: string): Cell => ({ text, strong: true });
  return page('reporting/sums', title, {
    head: { title, say, actions: [sumsExport(ctx, query)] },
    chart:
      rows.length > 1
        ? {
            ...chartLinks(query, '/reporting/ageing.svg'),
            alt: t('reporting:ageingPage.alt', { old: totals[3] ?? 0 }),
            legend: AGE_BANDS.map((name, index) => ({
              label: t(`reporting:band.${name}`),
              swatch: ([1, 3, 'target', 'oldest'] as const)[index],
            })),
          }
        : null,
    note: t('reporting:ageingPage.say'),
    list: {
      filtered: Object.keys(query.filters).some((name) => name !== 'by'),
      clearHref: listHref(query, { q: null, store: null, category: null, brand: null }),
      tabs: groupTabs(ctx, query),
      filters: {
        action: PATH,
        text: { name: 'q', value: query.filters['q'] ?? '', label: t('reporting:stock.find') },
        keep: group === 'store' ? {} : { by: group },
        ...stockFilterBar(ctx, query, choices, ['store', 'category', 'brand']),
      },
      table: {
        id: 'ageing',
        caption: title,
        columns: [
          { key: 'name', label: t(`reporting:by.${group}`), card: 'title' },
          ...AGE_BANDS.map((name) => number(name, t(`reporting:band.${name}`))),
          number('total', t('reporting:total')),
          number('share', t('reporting:ageingPage.oldShare')),
          ...(seesCost
            ? [number('cost', t('reporting:ageingPage.cost')), number('oldCost', t('reporting:ageingPage.oldCost'))]
            : []),
        ],
        rows: rows.map((row) => ({
          id: row.groupId,
          cells: [
            { text: row.name, strong: true },
            ...AGE_BANDS.map((_, index) => band(row, index)),
            strong(f.number(sum(row.counts))),
            f.percent(oldShare(row.counts)),
            ...(seesCost ? [f.money(sum(row.costs)), f.money(row.costs[3])] : []),
          ],
        })),
        totals: [
          strong(t('reporting:stock.total')),
          ...totals.map((count) => strong(f.number(count))),
          strong(f.number(sum(totals))),
          strong(f.percent(oldShare(totals))),
          ...(seesCost ? [strong(f.money(sum(costs))), strong(f.money(costs[3]))] : []),
        ],
      },
      empty: { title: t('reporting:ageingPage.empty'), text: t('reporting:matrix.emptyHint') },
    },
  });
}

export async function drawAgeing(ctx: Ctx): Promise<Reply> {
  const { rows } = await found(ctx);
  const largest = [...rows].sort((a, b) => sum(b.counts) - sum(a.counts)).slice(0, CHART_ROWS);
  const svg = stackedBars({
    title: ctx.t('reporting:ageingPage.title'),
    rows: largest.map(({ name, counts }) => ({ label: name, values: counts })),
    tones: [1, 3, 'compare', 'oldest'],
    total: String,
    ...chartLook(ctx.query),
  });
  return file('ageing.svg', 'image/svg+xml', Buffer.from(svg), { inline: true });
}

export async function exportAgeing(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { group, rows, seesCost } = await found(ctx);
  const bands = AGE_BANDS.map((name) => t(`reporting:band.${name}`));
  return sumsFile(
    ctx,
    `${t('reporting:ageingPage.title')}-${ctx.today}`,
    [
      { header: t(`reporting:by.${group}`), type: 'text', width: 30 },
      ...bands.map((header) => ({ header, type: 'integer' as const })),
      ...(seesCost
        ? bands.map((header) => ({
            header: t('reporting:ageingPage.costOf', { band: header }),
            type: 'money' as const,
          }))
        : []),
    ],
    rows.map((row) => [row.name, ...row.counts, ...(seesCost ? row.costs : [])]),
  );
}
