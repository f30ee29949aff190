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
import { seesCostIn } from '../../../platform/permissions';
import type { Cell, Table, TableColumn } from '../../../platform/views';
import { ABC, XYZ } from '../domain/classes';
import { sum } from '../queries/ageing';
import { rateBp } from '../queries/dashboard';
import {
  analysedGoods,
  type AnalysisFilter,
  CLASS_LIST,
  type ClassField,
  classFields,
  periodOf,
} from '../queries/analysis-list';
import {
  analysisFilter,
  analysisSay,
  computation,
  movementsOf,
  VIEW_ANALYSIS,
  weeksChip,
  weeksField,
} from './analysis-parts';
import { chartLinks, chartLook } from './chart-links';
import { type Choices, choicesOf, stockFilterBar } from './stock-filter';

interface Found {
  query: ListQuery;
  choices: Choices;
  filter: AnalysisFilter;
  fields: ClassField[];
  seesCost: boolean;
}

async function found(ctx: Ctx): Promise<Found> {
  const choices = await choicesOf(ctx);
  const query = readListQuery(CLASS_LIST, ctx.query);
  const filter = await analysisFilter(ctx, query, choices, VIEW_ANALYSIS);
  const fields = await classFields(ctx.read, filter);
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeKey === 0 ? null : filter.storeKey);
  return { query, choices, filter, fields, seesCost };
}

/** Nine fields with their goods and what these brought, sums at the edges; each opens its goods below. */
function fieldTable(ctx: Ctx, { query, fields, filter }: Found): Table {
  const { t, f } = ctx;
  const all = sum(fields.map(({ netFen }) => netFen));
  const cell = (some: readonly ClassField[], letters: string | null): Cell => {
    const goods = sum(some.map((field) => field.goods));
    if (goods === 0) return null;
    const netFen = sum(some.map((field) => field.netFen));
    const chosen = letters !== null && letters === `${filter.abc ?? ''}${filter.xyz ?? ''}`;
    return {
      text: t('reporting:classes.goods', { count: f.number(goods) }),
      href: listHref(query, { class: letters }),
      sub: `${f.money(netFen)} · ${f.percent(rateBp(netFen, all))}`,
      ...(chosen || letters === null ? { strong: true } : {}),
    };
  };
  return {
    id: 'class-fields',
    caption: t('reporting:classes.fields'),
    columns: [
      { key: 'abc', label: t('reporting:classes.abc'), card: 'title' },
      ...XYZ.map((xyz): TableColumn => ({ key: xyz, label: t(`reporting:classes.${xyz}`), num: true, card: 'number' })),
      { key: 'total', label: t('reporting:total'), num: true, card: 'number' },
    ],
    rows: ABC.map((abc) => ({
      id: abc,
      cells: [
        { text: t(`reporting:classes.${abc}`), strong: true },
        ...XYZ.map((xyz) =>
          cell(
            fields.filter((field) => field.abc === abc && field.xyz === xyz),
            abc + xyz,
          ),
        ),
        cell(
          fields.filter((field) => field.abc === abc),
          abc,
        ),
      ],
    })),
    totals: [
      { text: t('reporting:total'), strong: true },
      ...XYZ.map((xyz) =>
        cell(
          fields.filter((field) => field.xyz === xyz),
          xyz,
        ),
      ),
      cell(fields, null),
    ],
  };
}

export async function showClasses(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const asked = await found(ctx);
  const { query, choices, filter, fields, seesCost } = asked;
  const title = t('reporting:classes.title');
  const { actions, ...state } = await computation(ctx, 'classes');
  const goods = pageOf(query, await analysedGoods(ctx.read, query, filter));
  const number = (key: string, label: string, sort?: string): TableColumn => ({
    key,
    label,
    num: true,
    card: 'number',
    ...(sort ? { sort: sortLink(query, sort) } : {}),
  });
  const linked = (text: string, href: string | null): Cell => (href === null ? text : { text, href });
  const some = fields.some((field) => field.goods > 0);
  const letters = `${filter.abc ?? ''}${filter.xyz ?? ''}`;
  return page('reporting/analysis', title, {
    head: { title, say: analysisSay(ctx, filter), actions: [exportAction(ctx, query), ...actions] },
    ...state,
    fields: some ? fieldTable(ctx, asked) : null,
    chart: some
      ? {
          ...chartLinks(query, '/reporting/classes.svg'),
          alt: t('reporting:classes.alt'),
          legend: XYZ.map((xyz, index) => ({
            label: t(`reporting:classes.${xyz}`),
            swatch: ([1, 3, 'target'] as const)[index],
          })),
        }
      : null,
    note: t('reporting:classes.say'),
    list: {
      filtered: Object.keys(query.filters).length > 0,
      clearHref: query.spec.path,
      filters: {
        action: query.spec.path,
        text: { name: 'q', value: filter.text, label: t('reporting:stock.find') },
        keep: letters ? { class: letters } : {},
        ...stockFilterBar(ctx, query, choices, ['store', 'category', 'brand'], {
          fields: [weeksField(ctx, filter.weeks)],
          chips: [
            ...(letters
              ? [{ label: t('reporting:classes.class', { letters }), removeHref: listHref(query, { class: null }) }]
              : []),
            ...weeksChip(ctx, query, filter.weeks),
          ],
        }),
      },
      table: {
        id: 'classes',
        caption: title,
        sticky: true,
        columns: [
          { key: 'name', label: t('reporting:stock.product'), card: 'title' },
          { key: 'class', label: t('reporting:classes.one'), card: 'state' },
          number('net', t('reporting:net'), 'net'),
          number('sold', t('reporting:turnover.sold'), 'sold'),
          number('variation', t('reporting:classes.variation')),
          number('quantity', t('reporting:classes.stock'), 'quantity'),
          ...(seesCost ? [number('value', t('reporting:valuation.value'))] : []),
        ],
        rows: goods.rows.map((row) => ({
          id: row.id,
          cells: [
            { text: row.skuName, sub: row.skuCode, href: `/reporting/availability/${row.skuId}` },
            { text: row.abc + row.xyz, strong: true },
            f.money(row.netFen),
            linked(f.number(row.sold), movementsOf(filter, row.skuId)),
            row.variationBp === null ? null : f.percent(row.variationBp),
            f.number(row.quantity),
            ...(seesCost ? [f.money(row.closingFen)] : []),
          ],
        })),
      },
      pager: {
        say: t('reporting:turnover.pager', { count: f.number(goods.rows.length) }),
        ...(goods.previousHref ? { previousHref: goods.previousHref } : {}),
        ...(goods.nextHref ? { nextHref: goods.nextHref } : {}),
      },
      empty: { title: t('reporting:analysis.empty'), text: t('reporting:analysis.emptyHint') },
    },
  });
}

export async function drawClasses(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { fields } = await found(ctx);
  const svg = stackedBars({
    title: t('reporting:classes.title'),
    rows: ABC.map((abc) => ({
      label: t(`reporting:classes.${abc}`),
      values: fields.filter((field) => field.abc === abc).map(({ netFen }) => Math.max(0, netFen)),
    })),
    tones: [1, 3, 'compare'],
    total: (fen) => f.moneyYuan(fen),
    ...chartLook(ctx.query),
  });
  return file('classes.svg', 'image/svg+xml', Buffer.from(svg), { inline: true });
}

export async function exportClasses(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, filter, seesCost } = await found(ctx);
  return exportReply(ctx, {
    name: `${t('reporting:classes.title')}-${periodOf(filter)?.to ?? ctx.today}`,
    sheet: t('reporting:classes.one'),
    columns: [
      { header: t('reporting:stock.code'), type: 'text' },
      { header: t('reporting:stock.product'), type: 'text', width: 36 },
      { header: t('reporting:classes.one'), type: 'text' },
      { header: t('reporting:net'), type: 'money' },
      { header: t('reporting:turnover.sold'), type: 'integer' },
      { header: t('reporting:classes.variation'), type: 'text' },
      { header: t('reporting:classes.stock'), type: 'integer' },
      ...(seesCost ? [{ header: t('reporting:valuation.value'), type: 'money' as const }] : []),
    ],
    query,
    load: (at) => analysedGoods(ctx.read, at, filter),
    toRow: (row) => [
      row.skuCode,
      row.skuName,
      row.abc + row.xyz,
      row.netFen,
      row.sold,
      row.variationBp === null ? null : ctx.f.percent(row.variationBp),
      row.quantity,
      ...(seesCost ? [row.closingFen] : []),
    ],
  });
}
