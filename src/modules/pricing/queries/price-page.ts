import { notFound, normaliseCode } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise, can, canThroughout, COST_PERMISSION } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { skusByIds } from '../../catalog';
import { floorByRule } from '../domain/floor';
import type { PriceListRow } from '../store/pricing.table';
import { activeFloorRules, floorTermsOf } from './floor-rules';
import { basePriceList, listPriceLists } from './price-lists';

export type { PriceListRow };

export const priceListSpec: ListSpec = {
  path: '/pricing/prices',
  id: 's.id',
  filters: ['list', 'q', 'product', 'missing'],
  sorts: {
    name: { expression: 's.name', type: 'text', direction: 'ascending' },
    code: { expression: 's.code', type: 'text', direction: 'ascending' },
  },
  sizes: [50, 20, 100],
};

export interface PriceRow {
  id: number;
  sortValue: string;
  code: string;
  name: string;
  priceFen: number | null;
  floorFen: number | null;
  fromAt: number | null;
  /** Of the base list, beside that of another. */
  basePriceFen: number | null;
}

/** Active SKUs with what they cost in one list now; floors are left out (null) for readers without the right. */
export async function priceRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  list: { id: number; kind: string } | null,
  at: number,
): Promise<PriceRow[]> {
  authorise(actor, 'pricing.price.view');
  const { where, orderBy, limit } = keyset(query);
  const { q, product, missing } = query.filters;
  const sortColumn = query.sort === 'code' ? sql`s.code` : sql`s.name`;
  const holds = (alias: string) =>
    sql`${sql.identifier(`${alias}.from_at`)} <= ${at} AND (${sql.identifier(`${alias}.until_at`)} IS NULL OR ${sql.identifier(`${alias}.until_at`)} > ${at})`;
  const terms = searchTerms(q ?? '');
  const conditions = [
    sql`s.active = ${1}`,
    where,
    product ? sql`s.product_id = ${Number(product) || 0}` : undefined,
    missing === 'yes' ? sql`i.id IS NULL` : undefined,
    q
      ? sql`(${sql.all(terms.map((term) => sql.contains('s.search_key', term)))}
          OR s.id IN (SELECT x.sku_id FROM sku_barcode x WHERE x.value = ${normaliseCode(q)}))`
      : undefined,
  ];
  const rows = await read.all<PriceRow>(
    sql`SELECT s.id, ${sortColumn} AS sort_value, s.code, s.name, i.price_fen, i.floor_fen, i.from_at,
        b.price_fen AS base_price_fen
      FROM sku s
        LEFT JOIN price_item i ON i.sku_id = s.id AND i.price_list_id = ${list?.id ?? 0} AND ${holds('i')}
        LEFT JOIN price_list bl ON bl.kind = 'base'
        LEFT JOIN price_item b ON b.sku_id = s.id AND b.price_list_id = bl.id AND ${holds('b')}
      WHERE ${sql.all(conditions)} ${orderBy} ${limit}`,
  );
  return can(actor, 'pricing.floor.view') ? rows : rows.map((row) => ({ ...row, floorFen: null }));
}

/** What the rules make of the prices of a page that have no floor beside them, as far as the reader may know it. */
export async function ruleFloors(
  read: Reader,
  actor: Actor,
  rows: readonly PriceRow[],
  list: { channelId: number | null } | null,
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  const rules = can(actor, 'pricing.floor.view') ? await activeFloorRules(read) : [];
  if (rules.length === 0) return found;
  const open = new Map(rows.flatMap((row) => (row.priceFen !== null && row.floorFen === null ? [[row.id, row]] : [])));
  const terms = await floorTermsOf(read, rules, await skusByIds(read, [...open.keys()]), list?.channelId ?? null);
  for (const [skuId, known] of terms) {
    const floor = floorByRule(known, { priceFen: open.get(skuId)?.priceFen ?? 0 });
    if (floor && (!floor.fromCost || canThroughout(actor, COST_PERMISSION, 'all'))) found.set(skuId, floor.floorFen);
  }
  return found;
}

/** What stands as the floor beside each price of one list now; null: the base list. */
export async function floorsInList(
  read: Reader,
  listId: number | null,
  skuIds: readonly number[],
  at: number,
): Promise<Map<number, number | null>> {
  const id = listId ?? (await basePriceList(read))?.id ?? 0;
  const found = new Map<number, number | null>();
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<{ skuId: number; floorFen: number | null }>(
      sql`SELECT sku_id, floor_fen FROM price_item WHERE sku_id IN (${sql.list(chunk)}) AND price_list_id = ${id}
        AND from_at <= ${at} AND (until_at IS NULL OR until_at > ${at})`,
    );
    for (const { skuId, floorFen } of rows) found.set(skuId, floorFen);
  }
  return found;
}

export interface PriceHistoryRow {
  listName: string;
  priceFen: number;
  floorFen: number | null;
  fromAt: number;
  untilAt: number | null;
  setByName: string;
}

/** Every price a SKU ever had, the newest first, in the lists that the reader may see. Throws 404 for an unknown SKU. */
export async function priceHistory(
  read: Reader,
  actor: Actor,
  skuId: number,
): Promise<{ name: string; code: string; rows: PriceHistoryRow[] }> {
  authorise(actor, 'pricing.price.view');
  const sku = await read.one<{ name: string; code: string }>(sql`SELECT name, code FROM sku WHERE id = ${skuId}`);
  if (!sku) throw notFound('catalog.sku', skuId);
  const lists = await visibleLists(read, actor);
  const rows = await read.all<PriceHistoryRow>(
    sql`SELECT l.name AS list_name, i.price_fen, i.floor_fen, i.from_at, i.until_at, i.set_by_name
      FROM price_item i JOIN price_list l ON l.id = i.price_list_id
      WHERE i.sku_id = ${skuId} AND l.id IN (${sql.list(lists.map((list) => list.id).slice(0, 500))})
      ORDER BY i.from_at DESC, i.id DESC ${sql.limit(500)}`,
  );
  return { ...sku, rows: can(actor, 'pricing.floor.view') ? rows : rows.map((row) => ({ ...row, floorFen: null })) };
}

/** The base list and the lists of the reader's stores. */
export async function visibleLists(read: Reader, actor: Actor): Promise<PriceListRow[]> {
  const lists = await listPriceLists(read);
  return lists.filter((list) => list.storeId === null || can(actor, 'pricing.price.view', list.storeId));
}
