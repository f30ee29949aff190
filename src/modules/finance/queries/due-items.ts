import type { BusinessDate } from '../../../kernel';
import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import type { Actor } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { SettleableItem } from '../domain/payment-proposal';
import { UNPAID_STATES } from '../domain/payment-state';
import { idOf } from './payment-list';
import { EDIT_PAYMENTS, moneyScope } from './scope';

export const PROPOSAL_LIST: ListSpec = {
  path: '/finance/proposals',
  id: 's.id',
  sorts: {
    due: { expression: 'b.first_due', type: 'text', direction: 'ascending' },
    name: { expression: 's.name', type: 'text', direction: 'ascending' },
  },
  filters: ['q', 'until', 'store'],
};

/** Open items of suppliers with what no payment is to settle yet, as a table in FROM: `free_fen`, `due`. */
const freeItems = (actor: Actor, storeId: number | null): Sql =>
  sql`(SELECT i.id, i.party_id, i.direction, COALESCE(i.due_on, i.opened_on) AS due,
      CASE WHEN COALESCE(pp.planned_fen, 0) >= i.amount_fen - i.settled_fen THEN 0
        ELSE i.amount_fen - i.settled_fen - COALESCE(pp.planned_fen, 0) END AS free_fen
    FROM open_item i LEFT JOIN (SELECT pl.open_item_id, SUM(pl.amount_fen) AS planned_fen
      FROM payment_line pl JOIN payment py ON py.id = pl.payment_id
      WHERE py.state IN (${sql.list(UNPAID_STATES)}) GROUP BY pl.open_item_id) pp ON pp.open_item_id = i.id
    WHERE i.party_type = 'supplier' AND i.direction IN ('payable', 'receivable') AND i.settled_fen < i.amount_fen
      AND ${moneyScope('i.store_id', actor, EDIT_PAYMENTS)}
      AND ${storeId === null ? sql`1 = 1` : sql`i.store_id = ${storeId}`})`;

export interface ProposalFilter {
  query: ListQuery;
  /** The last day on which what is proposed is due. */
  until: BusinessDate;
  today: BusinessDate;
  /** The store that owes; null: all of the reader's. */
  storeId: number | null;
}

export interface Proposal {
  id: number;
  sortValue: string | number;
  code: string;
  name: string;
  items: number;
  firstDue: string;
  dueFen: number;
  overdueFen: number;
  /** Prepayments and claims that can be used. */
  creditFen: number;
  /** What is to be paid in money. */
  payFen: number;
}

const bySupplier = (actor: Actor, { until, today, storeId, query }: ProposalFilter): Sql =>
  sql`(SELECT o.party_id, SUM(CASE WHEN o.direction = 'payable' AND o.due <= ${until} THEN o.free_fen ELSE 0 END) AS due_fen,
      SUM(CASE WHEN o.direction = 'payable' AND o.due <= ${until} AND o.free_fen > 0 THEN 1 ELSE 0 END) AS items,
      SUM(CASE WHEN o.direction = 'payable' AND o.due < ${today} THEN o.free_fen ELSE 0 END) AS overdue_fen,
      SUM(CASE WHEN o.direction = 'receivable' THEN o.free_fen ELSE 0 END) AS credit_fen,
      MIN(CASE WHEN o.direction = 'payable' AND o.free_fen > 0 THEN o.due END) AS first_due
    FROM ${freeItems(actor, idOf(query.filters['store']) ?? storeId)} o GROUP BY o.party_id)`;

const matches = (filters: ListQuery['filters']): Sql =>
  sql.all([
    sql`b.due_fen > 0`,
    ...searchTerms(filters['q'] ?? '').map(
      (term) => sql`(${sql.contains('s.search_key', term)} OR ${sql.contains('s.code', term.toUpperCase())})`,
    ),
  ]);

/** Suppliers with anything due by the day that no payment is to settle yet. One row more than the page, see `keyset`. */
export async function proposals(
  read: Reader,
  actor: Actor,
  filter: ProposalFilter,
  supplierIds: readonly number[] | null = null,
): Promise<Proposal[]> {
  const { query } = filter;
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 's.id');
  const chosen = supplierIds === null ? sql`1 = 1` : sql`s.id IN (${sql.list(supplierIds)})`;
  const rows = await read.all<Omit<Proposal, 'payFen'>>(
    sql`SELECT s.id, ${sortValue} AS sort_value, s.code, s.name, b.items, b.first_due, b.due_fen, b.overdue_fen, b.credit_fen
      FROM ${bySupplier(actor, filter)} b JOIN supplier s ON s.id = b.party_id
      WHERE ${matches(query.filters)} AND ${chosen} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => {
    const [items, dueFen, overdueFen, creditFen] = [row.items, row.dueFen, row.overdueFen, row.creditFen].map(Number);
    return {
      ...row,
      items: items ?? 0,
      dueFen: dueFen ?? 0,
      overdueFen: overdueFen ?? 0,
      creditFen: creditFen ?? 0,
      payFen: Math.max(0, (dueFen ?? 0) - (creditFen ?? 0)),
    };
  });
}

export interface ProposalTotals {
  suppliers: number;
  dueFen: number;
  overdueFen: number;
  payFen: number;
}

export async function proposalTotals(read: Reader, actor: Actor, filter: ProposalFilter): Promise<ProposalTotals> {
  const row = await read.one<Record<keyof ProposalTotals, number | string | null>>(
    sql`SELECT COUNT(*) AS suppliers, SUM(b.due_fen) AS due_fen, SUM(b.overdue_fen) AS overdue_fen,
        SUM(CASE WHEN b.due_fen > b.credit_fen THEN b.due_fen - b.credit_fen ELSE 0 END) AS pay_fen
      FROM ${bySupplier(actor, filter)} b JOIN supplier s ON s.id = b.party_id WHERE ${matches(filter.query.filters)}`,
  );
  return {
    suppliers: Number(row?.suppliers ?? 0),
    dueFen: Number(row?.dueFen ?? 0),
    overdueFen: Number(row?.overdueFen ?? 0),
    payFen: Number(row?.payFen ?? 0),
  };
}

export interface FreeItem extends SettleableItem {
  supplierId: number;
}

/** What of these suppliers' items no payment is to settle yet, what is due first first. */
export async function freeItemsOf(
  read: Reader,
  actor: Actor,
  supplierIds: readonly number[],
  storeId: number | null,
): Promise<FreeItem[]> {
  const found: FreeItem[] = [];
  for (const ids of chunked(supplierIds))
    found.push(
      ...(await read.all<FreeItem>(
        sql`SELECT o.id, o.party_id AS supplier_id, o.direction, o.due AS due_on, o.free_fen
          FROM ${freeItems(actor, storeId)} o WHERE o.party_id IN (${sql.list(ids)}) AND o.free_fen > 0
          ORDER BY o.due, o.id`,
      )),
    );
  return found.map((item) => ({ ...item, freeFen: Number(item.freeFen) }));
}
