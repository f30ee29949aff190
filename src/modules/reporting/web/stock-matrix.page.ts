import { type Bucket, BUCKETS } from '../../../ledger';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { exportAction, exportReply, listHref, type ListQuery, pageOf, sortLink } from '../../../platform/lists';
import type { ExportColumn } from '../../../platform/spreadsheet';
import type { Cell, TableColumn } from '../../../platform/views';
import {
  type MatrixFilter,
  type MatrixRow,
  matrixTotals,
  type Measure,
  MEASURES,
  stockMatrix,
  sumOfAll,
} from '../queries/stock-matrix';
import { onOrderOf } from '../queries/availability';
import { choicesOf, matrixQuery, stockFilterBar, storesShown, whereWords } from './stock-filter';

/** More stores than that make a card on a phone a list; the product's own page has them all. */
const STORES_ON_CARD = 6;

/** Of several stores a column each; of one store a column for each state that its stock is in, and what is on order. */
type Column = { key: string; label: string } & ({ storeId: number } | { bucket: Bucket } | { onOrder: true });

function columnsOf(ctx: Ctx, filter: MatrixFilter): Column[] {
  const stores = storesShown(ctx, filter);
  const [only] = stores;
  if (stores.length > 1 || !only)
    return stores.map(({ id, name }) => ({ key: `store-${id}`, label: name, storeId: id }));
  const states = BUCKETS.map((bucket): Column => ({ key: bucket, label: ctx.t(`reporting:bucket.${bucket}`), bucket }));
  const ordered = filter.measure !== 'value' && filter.on === null;
  return ordered ? [...states, { key: 'ordered', label: ctx.t('reporting:stock.onOrder'), onOrder: true }] : states;
}

type Figures = Pick<MatrixRow, 'byStore' | 'byBucket'>;

const figureOf = (column: Column, row: Figures, ordered: number): number =>
  'storeId' in column
    ? (row.byStore.get(column.storeId) ?? 0)
    : 'bucket' in column
      ? (row.byBucket.get(column.bucket) ?? 0)
      : ordered;

/** Of one store, all of its stock that is not on the way. */
const totalOf = (ctx: Ctx, filter: MatrixFilter, row: Figures): number => {
  if (storesShown(ctx, filter).length !== 1) return sumOfAll(row.byStore);
  return sumOfAll(row.byBucket) - (filter.measure === 'value' ? 0 : (row.byBucket.get('in_transit') ?? 0));
};

const totalWords = ({ t }: Pick<Ctx, 't'>, measure: Measure): string => t(`reporting:measure.${measure}`);

export async function showMatrix(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const choices = await choicesOf(ctx);
  const { query, filter, seesCost } = matrixQuery(ctx, choices);
  const found = pageOf(query, await stockMatrix(ctx.read, query, filter));
  const totals = await matrixTotals(ctx.read, filter);
  const columns = columnsOf(ctx, filter);
  const single = storesShown(ctx, filter).length === 1;
  const ordered = columns.some((column) => 'onOrder' in column)
    ? await onOrderOf(
        ctx.read,
        found.rows.map(({ id }) => id),
        filter,
      )
    : new Map<number, number>();
  const shown = (figure: number): string => (filter.measure === 'value' ? f.money(figure) : f.number(figure));
  const cell = (column: Column, row: MatrixRow): Cell => {
    const figure = figureOf(column, row, ordered.get(row.id) ?? 0);
    if (figure === 0) return null;
    const text = shown(figure);
    if ('onOrder' in column) return text;
    return {
      text,
      href: cardHref(
        row.id,
        'storeId' in column ? { store: column.storeId } : { ...storeOf(filter), bucket: column.bucket },
      ),
    };
  };
  const measures = MEASURES.filter((measure) => measure !== 'value' || seesCost);
  const title = t('reporting:matrix.title');
  const tableColumns: TableColumn[] = [
    { key: 'product', label: t('reporting:stock.product'), card: 'title', sort: sortLink(query, 'name') },
    { key: 'code', label: t('reporting:stock.code'), card: 'full', keep: true, sort: sortLink(query, 'code') },
    { key: 'total', label: totalWords(ctx, filter.measure), num: true, card: 'number' },
    ...columns.map((column): TableColumn => ({
      key: column.key,
      label: column.label,
      num: true,
      card: columns.length > STORES_ON_CARD ? 'hide' : 'number',
    })),
  ];
  const totalText = t('reporting:stock.total');
  return page('reporting/stock-list', title, {
    head: { title, say: whereWords(ctx, filter), actions: [exportAction(ctx, query)] },
    list: {
      filtered: Object.keys(query.filters).some((name) => name !== 'measure'),
      clearHref: listHref(query, { q: null, store: null, category: null, brand: null, on: null, goods: null }),
      ...(single
        ? {}
        : {
            tabs: {
              label: t('common:list.views'),
              tabs: measures.map((measure) => ({
                label: totalWords(ctx, measure),
                href: listHref(query, { measure: measure === 'on_hand' ? null : measure }),
                current: measure === filter.measure,
              })),
            },
          }),
      filters: {
        action: query.spec.path,
        text: { name: 'q', value: query.filters['q'] ?? '', label: t('reporting:stock.find') },
        keep: query.filters['measure'] ? { measure: query.filters['measure'] } : {},
        ...stockFilterBar(ctx, query, choices, ['store', 'category', 'brand', 'on'], {
          chips: filter.allGoods
            ? [{ label: t('reporting:matrix.allGoods'), removeHref: listHref(query, { goods: null }) }]
            : [],
          fields: [
            {
              name: 'goods',
              label: t('reporting:matrix.goods'),
              type: 'select',
              value: filter.allGoods ? 'all' : '',
              choose: t('reporting:matrix.inStock'),
              options: [{ value: 'all', label: t('reporting:matrix.allGoods') }],
            },
          ],
        }),
      },
      table: {
        id: 'matrix',
        caption: title,
        wide: columns.length > STORES_ON_CARD,
        sticky: columns.length <= STORES_ON_CARD,
        tight: true,
        columns: tableColumns,
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.skuName,
          cells: [
            { text: row.skuName, strong: true, href: `/reporting/availability/${row.id}` },
            row.skuCode,
            { text: shown(totalOf(ctx, filter, row)), strong: true },
            ...columns.map((column) => cell(column, row)),
          ],
        })),
        totals: [
          { text: totalText, strong: true },
          null,
          { text: shown(totalOf(ctx, filter, totals)), strong: true },
          ...columns.map((column): Cell => {
            const figure = 'onOrder' in column ? 0 : figureOf(column, totals, 0);
            return figure === 0 ? null : { text: shown(figure), strong: true };
          }),
        ],
      },
      pager: {
        say: t('reporting:matrix.say', { count: found.rows.length }),
        phoneSay: `${totalText} ${shown(totalOf(ctx, filter, totals))}`,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('reporting:matrix.empty'), text: t('reporting:matrix.emptyHint') },
    },
  });
}

const storeOf = ({ storeId }: MatrixFilter): { store?: number } => (storeId === null ? {} : { store: storeId });

/** The stock card: what brought the figure about, document by document, with a running balance. */
export function cardHref(skuId: number, more: Readonly<Record<string, string | number>>): string {
  const values = Object.entries({ sku: skuId, ...more }).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return `/inventory/movements?${new URLSearchParams(values).toString()}`;
}

export async function exportMatrix(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, filter } = matrixQuery(ctx, await choicesOf(ctx));
  const columns = columnsOf(ctx, filter);
  const type: ExportColumn['type'] = filter.measure === 'value' ? 'money' : 'integer';
  const title = t('reporting:matrix.title');
  return exportReply<MatrixRow & { ordered: number }>(ctx, {
    name: `${title}-${filter.on ?? ctx.today}`,
    sheet: title,
    columns: [
      { header: t('reporting:stock.code'), type: 'text' },
      { header: t('reporting:stock.product'), type: 'text', width: 36 },
      { header: totalWords(ctx, filter.measure), type },
      ...columns.map(({ label }) => ({ header: label, type })),
    ],
    query,
    load: async (at: ListQuery) => {
      const rows = await stockMatrix(ctx.read, at, filter);
      const ordered = columns.some((column) => 'onOrder' in column)
        ? await onOrderOf(
            ctx.read,
            rows.map(({ id }) => id),
            filter,
          )
        : new Map<number, number>();
      return rows.map((row) => ({ ...row, ordered: ordered.get(row.id) ?? 0 }));
    },
    toRow: (row) => [
      row.skuCode,
      row.skuName,
      totalOf(ctx, filter, row),
      ...columns.map((column) => figureOf(column, row, row.ordered)),
    ],
  });
}
