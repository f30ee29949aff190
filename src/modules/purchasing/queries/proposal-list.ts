import { decodeRow, type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { replenishmentLine, type ReplenishmentLineRow } from '../store/replenishment.table';

export const VIEW_REPLENISHMENT = 'purchasing.replenishment.view';

export const PROPOSAL_LIST: ListSpec = {
  path: '/purchasing/replenishment',
  id: 'l.id',
  filters: ['q', 'kind', 'store', 'from', 'supplier', 'category', 'brand', 'state', 'budget'],
  sorts: {
    urgent: { expression: 'l.cover_tenths', type: 'number', direction: 'ascending' },
    name: { expression: 's.name', type: 'text', direction: 'ascending' },
    store: { expression: 't.name', type: 'text', direction: 'ascending' },
    quantity: { expression: 'l.quantity', type: 'number', direction: 'descending' },
  },
};

export interface ProposalFilter {
  runId: number;
  storeId: number | null;
  categoryIds: readonly number[] | null;
  /** These alone, at most 500. */
  ids?: readonly number[] | undefined;
}

export interface ProposalRow extends ReplenishmentLineRow {
  sortValue: string | number;
  skuCode: string;
  skuName: string;
  storeName: string;
  fromStoreName: string | null;
  supplierName: string | null;
}

/** The run whose proposals are in force: the last one that ended well. */
export async function proposalRun(read: Reader): Promise<number> {
  const row = await read.one<{ id: number | null }>(
    sql`SELECT MAX(id) AS id FROM upkeep_run WHERE kind = 'replenish' AND state = 'ok'`,
  );
  return Number(row?.id ?? 0);
}

const FROM = sql`replenishment_line l JOIN sku s ON s.id = l.sku_id JOIN product p ON p.id = s.product_id
  JOIN store t ON t.id = l.store_id LEFT JOIN store g ON g.id = l.from_store_id
  LEFT JOIN supplier v ON v.id = l.supplier_id`;

const idOf = (text: string | undefined): number => (/^[1-9]\d{0,14}$/.test(text ?? '') ? Number(text) : 0);

function condition(actor: Actor, { filters }: ListQuery, filter: ProposalFilter): Sql {
  const { q, kind, from, supplier, brand, state } = filters;
  return sql.all([
    sql`l.run_id = ${filter.runId}`,
    filter.ids !== undefined && sql`l.id IN (${sql.list(filter.ids)})`,
    sql`l.state = ${state === 'done' ? 'done' : 'open'}`,
    inScope('l.store_id', actor.scope(VIEW_REPLENISHMENT)),
    filter.storeId !== null && sql`l.store_id = ${filter.storeId}`,
    (kind === 'transfer' || kind === 'purchase') && sql`l.kind = ${kind}`,
    Boolean(from) && sql`l.from_store_id = ${idOf(from)}`,
    supplier === 'none' && sql`l.kind = 'purchase' AND l.supplier_id IS NULL`,
    Boolean(supplier) && supplier !== 'none' && sql`l.supplier_id = ${idOf(supplier)}`,
    Boolean(brand) && sql`p.brand_id = ${idOf(brand)}`,
    filter.categoryIds !== null && sql`p.category_id IN (${sql.list(filter.categoryIds)})`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('s.search_key', term)} OR ${sql.contains('s.code', term.toUpperCase())})`,
    ),
  ]);
}

export async function proposalList(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  filter: ProposalFilter,
): Promise<ProposalRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortExpression = query.spec.sorts[query.sort]?.expression ?? 'l.id';
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT l.*, ${sql.identifier(sortExpression)} AS sort_value, s.code AS sku_code, s.name AS sku_name,
        t.name AS store_name, g.name AS from_store_name, v.name AS supplier_name
      FROM ${FROM} WHERE ${condition(actor, query, filter)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...(row as unknown as ProposalRow), ...decodeRow(replenishmentLine, row) }));
}

/** All open purchases of the filter, the most urgent first. */
export async function openPurchases(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  filter: ProposalFilter,
): Promise<{ id: number; skuId: number; supplierId: number | null; quantity: number }[]> {
  const open = { ...query, filters: { ...query.filters, kind: 'purchase', state: '' } };
  return read.all(
    sql`SELECT l.id, l.sku_id, l.supplier_id, l.quantity FROM ${FROM}
      WHERE ${condition(actor, open, filter)} ORDER BY l.cover_tenths, l.id`,
  );
}

/** Proposals and pieces by kind, whatever kind the filter asks for. */
export async function proposalTotals(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  filter: ProposalFilter,
): Promise<Map<string, { proposals: number; pieces: number }>> {
  const all = { ...query, filters: { ...query.filters, kind: '' } };
  const rows = await read.all<{ kind: string; proposals: number; pieces: number }>(
    sql`SELECT l.kind, COUNT(*) AS proposals, SUM(l.quantity) AS pieces FROM ${FROM}
      WHERE ${condition(actor, all, filter)} GROUP BY l.kind`,
  );
  return new Map(
    rows.map(({ kind, proposals, pieces }) => [kind, { proposals: Number(proposals), pieces: Number(pieces) }]),
  );
}

/** One proposal with its names; undefined where the reader may not see it. */
export async function proposalById(read: Reader, actor: Actor, id: number): Promise<ProposalRow | undefined> {
  const row = await read.one<Record<string, unknown>>(
    sql`SELECT l.*, s.code AS sku_code, s.name AS sku_name, t.name AS store_name, g.name AS from_store_name,
        v.name AS supplier_name
      FROM ${FROM} WHERE l.id = ${id} AND ${inScope('l.store_id', actor.scope(VIEW_REPLENISHMENT))}`,
  );
  return row && { ...(row as unknown as ProposalRow), ...decodeRow(replenishmentLine, row) };
}

/** The other proposals for the same product in the same store: part from a store, part from a supplier. */
export function proposalsBeside(
  read: Reader,
  { runId, storeId, skuId }: ReplenishmentLineRow,
): Promise<ReplenishmentLineRow[]> {
  return read.find(replenishmentLine, { runId, storeId, skuId });
}
