import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { ProtectionState } from '../domain/protection-state';
import { dateOf } from './receipt-list';

export const VIEW_PROTECTIONS = 'purchasing.protection.view';

export const PROTECTION_LIST: ListSpec = {
  path: '/purchasing/protections',
  id: 'o.id',
  sorts: {
    created: { expression: 'o.id', type: 'number', direction: 'descending' },
    number: { expression: 'o.number', type: 'text', direction: 'ascending' },
    supplier: { expression: 's.name', type: 'text', direction: 'ascending' },
    effective: { expression: 'o.effective_at', type: 'number', direction: 'descending' },
    claimed: { expression: 'o.claimed_fen', type: 'number', direction: 'descending', cost: true },
  },
  filters: ['q', 'state', 'supplier', 'store', 'open', 'from', 'to'],
};

export interface ProtectionListRow {
  id: number;
  sortValue: string | number;
  number: string;
  state: ProtectionState;
  supplierName: string;
  storeName: string;
  effectiveAt: number;
  deviceCount: number;
  covered: number;
  /** Day from which it waits for the supplier; null: it does not. */
  openSince: string | null;
  createdByName: string;
  /** Shown to who sees cost. */
  claimedFen: number;
  agreedFen: number | null;
  settledFen: number | null;
}

const OPEN_SINCE = sql`CASE WHEN o.state IN ('submitted', 'agreed') THEN o.submitted_on ELSE NULL END`;
const COVERED = sql`(o.held_count + o.transit_count + o.sold_count)`;

/** `late`: submitted on or before this day counts as waiting too long. */
export interface ProtectionFilter {
  storeId: number | null;
  late: string;
}

/** One row more than the page, see `keyset`. */
export async function protectionRows(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  filter: ProtectionFilter,
): Promise<ProtectionListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'o.id');
  const rows = await read.all<ProtectionListRow>(
    sql`SELECT o.id, ${sortValue} AS sort_value, o.number, o.state, s.name AS supplier_name, st.name AS store_name,
        o.effective_at, o.device_count, ${COVERED} AS covered, ${OPEN_SINCE} AS open_since, o.created_by_name,
        o.claimed_fen, o.agreed_fen, o.settled_fen
      FROM price_protection o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE ${condition(actor, query, filter)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, effectiveAt: Number(row.effectiveAt), covered: Number(row.covered) }));
}

export interface ProtectionTotals {
  claims: number;
  covered: number;
  claimedFen: number;
  agreedFen: number;
}

/** What the filters find, by state; the filter of states itself left out. */
export async function protectionTotals(
  read: Reader,
  actor: Actor,
  query: ListQuery,
  filter: ProtectionFilter,
): Promise<Map<ProtectionState, ProtectionTotals>> {
  const all = { ...query, filters: { ...query.filters, state: '' } };
  const rows = await read.all<{ state: ProtectionState } & Record<keyof ProtectionTotals, number | null>>(
    sql`SELECT o.state, COUNT(*) AS claims, SUM(${COVERED}) AS covered, SUM(o.claimed_fen) AS claimed_fen,
        SUM(o.agreed_fen) AS agreed_fen
      FROM price_protection o JOIN supplier s ON s.id = o.supplier_id
      WHERE ${condition(actor, all, filter)} GROUP BY o.state`,
  );
  return new Map(
    rows.map(({ state, ...sums }) => [
      state,
      {
        claims: Number(sums.claims ?? 0),
        covered: Number(sums.covered ?? 0),
        claimedFen: Number(sums.claimedFen ?? 0),
        agreedFen: Number(sums.agreedFen ?? 0),
      },
    ]),
  );
}

const idOf = (typed: string | undefined): number | null => (/^\d{1,15}$/.test(typed ?? '') ? Number(typed) : null);

function condition(actor: Actor, { filters }: ListQuery, { storeId, late }: ProtectionFilter): Sql {
  const from = dateOf(filters['from']);
  const to = dateOf(filters['to']);
  const { state, supplier, q, open } = filters;
  const store = idOf(filters['store']) ?? storeId;
  return sql.all([
    inScope('o.store_id', actor.scope(VIEW_PROTECTIONS)),
    store !== null && sql`o.store_id = ${store}`,
    Boolean(state) && sql`o.state = ${state}`,
    Boolean(supplier) && sql`o.supplier_id = ${idOf(supplier) ?? 0}`,
    Boolean(open) && sql`o.state IN ('submitted', 'agreed')`,
    open === 'late' && sql`o.submitted_on <= ${late}`,
    from !== null && sql`o.effective_on >= ${from}`,
    to !== null && sql`o.effective_on <= ${to}`,
    ...searchTerms(q ?? '').map(
      (term) => sql`(${sql.contains('o.number', term.toUpperCase())} OR ${sql.contains('s.search_key', term)}
        OR o.id IN (SELECT d.claim_id FROM price_protection_device d WHERE d.main_number = ${term.toUpperCase()}))`,
    ),
  ]);
}

export interface OpenClaims {
  supplierId: number;
  supplierName: string;
  claims: number;
  /** Claimed or, once it is agreed, agreed; tax-inclusive. */
  openFen: number;
  /** Of these, waiting since: at most 30 days, 60, 90, longer. */
  ageFen: readonly [number, number, number, number];
  oldestOn: string;
}

/** What suppliers still owe an answer or money for, by supplier and age. `days`: today less 30, 60 and 90 days. */
export async function openBySupplier(
  read: Reader,
  actor: Actor,
  storeId: number | null,
  days: readonly [string, string, string],
): Promise<OpenClaims[]> {
  const amount = sql`COALESCE(o.agreed_fen, o.claimed_fen)`;
  const [d30, d60, d90] = days;
  const rows = await read.all<Record<string, number | string>>(
    sql`SELECT o.supplier_id, s.name AS supplier_name, COUNT(*) AS claims, SUM(${amount}) AS open_fen,
        SUM(CASE WHEN o.submitted_on >= ${d30} THEN ${amount} ELSE 0 END) AS a1,
        SUM(CASE WHEN o.submitted_on < ${d30} AND o.submitted_on >= ${d60} THEN ${amount} ELSE 0 END) AS a2,
        SUM(CASE WHEN o.submitted_on < ${d60} AND o.submitted_on >= ${d90} THEN ${amount} ELSE 0 END) AS a3,
        SUM(CASE WHEN o.submitted_on < ${d90} THEN ${amount} ELSE 0 END) AS a4, MIN(o.submitted_on) AS oldest_on
      FROM price_protection o JOIN supplier s ON s.id = o.supplier_id
      WHERE ${sql.all([
        sql`o.state IN ('submitted', 'agreed')`,
        inScope('o.store_id', actor.scope(VIEW_PROTECTIONS)),
        storeId !== null && sql`o.store_id = ${storeId}`,
      ])}
      GROUP BY o.supplier_id, s.name ORDER BY s.name`,
  );
  return rows.map((row) => ({
    supplierId: Number(row['supplierId']),
    supplierName: String(row['supplierName']),
    claims: Number(row['claims']),
    openFen: Number(row['openFen']),
    ageFen: [Number(row['a1']), Number(row['a2']), Number(row['a3']), Number(row['a4'])],
    oldestOn: String(row['oldestOn']),
  }));
}

export interface FoundProtection {
  id: number;
  number: string;
  state: ProtectionState;
  supplierName: string;
  storeName: string;
  effectiveOn: string;
}

/** Claims by their number, that of a settlement, or the end of one of these, in the reader's stores. */
export async function findProtections(read: Reader, actor: Actor, code: string): Promise<FoundProtection[]> {
  if (!/^(JB|GJ)[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code)) return [];
  return read.all<FoundProtection>(
    sql`SELECT o.id, o.number, o.state, s.name AS supplier_name, st.name AS store_name, o.effective_on
      FROM price_protection o JOIN supplier s ON s.id = o.supplier_id JOIN store st ON st.id = o.store_id
      WHERE (${sql.contains('o.number', code)} OR EXISTS (SELECT c.id FROM claim_settlement c
          WHERE c.claim_type = 'purchasing.protection' AND c.claim_id = o.id AND ${sql.contains('c.number', code)}))
        AND ${inScope('o.store_id', actor.scope(VIEW_PROTECTIONS))}
      ORDER BY o.id DESC ${sql.limit(8)}`,
  );
}
