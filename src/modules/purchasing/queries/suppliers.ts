import { notFound } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { decodeRow, type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, can, COST_PERMISSION, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import type { ReceiptState } from '../domain/receipt-state';
import { contactIs, openSupplier, supplierPhoneIs } from '../store/supplier-secrets';
import { supplier, type SupplierRow } from '../store/supplier.table';

export type { SupplierRow } from '../store/supplier.table';

export const SUPPLIER_LIST: ListSpec = {
  path: '/purchasing/suppliers',
  id: 's.id',
  sorts: {
    name: { expression: 's.name', type: 'text', direction: 'ascending' },
    code: { expression: 's.code', type: 'text', direction: 'ascending' },
    days: { expression: 's.payment_days', type: 'number', direction: 'descending' },
  },
  filters: ['q', 'category', 'active'],
};

export type SupplierListRow = SupplierRow & { sortValue: string | number };

/** One row more than the page, see `keyset`. */
export async function supplierRows(read: Reader, keys: KeyRing, query: ListQuery): Promise<SupplierListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 's.name');
  const rows = await read.all<Record<string, unknown> & { sortValue: string | number }>(
    sql`SELECT s.*, ${sortValue} AS sort_value FROM supplier s WHERE ${condition(keys, query)} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...openSupplier(keys, decodeRow(supplier, row)), sortValue: row.sortValue }));
}

/** How many the filters find, by whether they are active; that filter itself left out. */
export async function supplierCounts(
  read: Reader,
  keys: KeyRing,
  query: ListQuery,
): Promise<{ active: number; inactive: number }> {
  const rows = await read.all<{ active: number; suppliers: number }>(
    sql`SELECT s.active, COUNT(*) AS suppliers FROM supplier s
      WHERE ${condition(keys, { ...query, filters: { ...query.filters, active: '' } })} GROUP BY s.active`,
  );
  const of = (active: number): number => Number(rows.find((row) => Number(row.active) === active)?.suppliers ?? 0);
  return { active: of(1), inactive: of(0) };
}

/** A phone number and the name of the contact are found as a whole, however they are written. */
function condition(keys: KeyRing, { filters }: ListQuery): Sql {
  return sql.all([
    Boolean(filters['category']) && sql`s.category = ${filters['category']}`,
    Boolean(filters['active']) && sql`s.active = ${filters['active'] === 'no' ? 0 : 1}`,
    ...searchTerms(filters['q'] ?? '').map(
      (term) =>
        sql`(${sql.contains('s.search_key', term)} OR ${sql.contains('s.code', term.toUpperCase())}
          OR ${supplierPhoneIs(keys, 's.phone_hash', term)} OR ${contactIs(keys, 's.contact_hash', filters['q'] ?? '')})`,
    ),
  ]);
}

/** Throws 404 when there is no such supplier. */
export async function getSupplier(read: Reader, keys: KeyRing, id: number): Promise<SupplierRow> {
  const found = await read.get(supplier, id);
  if (!found) throw notFound('purchasing.supplier', id);
  return openSupplier(keys, found);
}

/** Active suppliers by name, for choices; at most 500. */
export async function activeSuppliers(read: Reader): Promise<SupplierRow[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM supplier WHERE active = ${1} ORDER BY name, id ${sql.limit(500)}`,
  );
  return rows.map((row) => decodeRow(supplier, row));
}

export interface SupplierReceipt {
  id: number;
  number: string;
  state: ReceiptState;
  businessDate: string;
  storeId: number;
  storeName: string;
  received: number;
  grossFen?: number;
}

/** The last receipts of a supplier in the reader's stores. */
export async function receiptsOfSupplier(read: Reader, actor: Actor, supplierId: number): Promise<SupplierReceipt[]> {
  const rows = await read.all<SupplierReceipt>(
    sql`SELECT r.id, r.number, r.state, r.business_date, r.store_id, st.name AS store_name, r.received, r.gross_fen
      FROM receipt r JOIN store st ON st.id = r.store_id
      WHERE r.supplier_id = ${supplierId} AND ${inScope('r.store_id', actor.scope('purchasing.receipt.view'))}
      ORDER BY r.id DESC ${sql.limit(20)}`,
  );
  return rows.map((row) => {
    if (can(actor, COST_PERMISSION, row.storeId)) return row;
    const { grossFen: _gross, ...rest } = row;
    return rest;
  });
}

export interface SupplierBalance {
  /** Payables not settled, and those of them overdue today. */
  openFen: number;
  overdueFen: number;
  items: number;
  /** Received without an invoice so far, without tax. */
  accruedFen: number;
}

/** What is owed to a supplier by the stores whose cost the reader sees. */
export async function supplierBalance(
  read: Reader,
  actor: Actor,
  supplierId: number,
  today: string,
): Promise<SupplierBalance> {
  const row = await read.one<{ openFen: number | null; overdueFen: number | null; items: number }>(
    sql`SELECT SUM(o.amount_fen - o.settled_fen) AS open_fen, COUNT(*) AS items,
        SUM(CASE WHEN o.due_on < ${today} THEN o.amount_fen - o.settled_fen ELSE 0 END) AS overdue_fen
      FROM open_item o WHERE o.party_type = 'supplier' AND o.party_id = ${supplierId} AND o.direction = 'payable'
        AND o.settled_fen < o.amount_fen AND ${inScope('o.store_id', actor.scope(COST_PERMISSION))}`,
  );
  const accrued = await read.one<{ netFen: number | null }>(
    sql`SELECT SUM(o.amount_fen - o.settled_fen) AS net_fen FROM open_item o
      WHERE o.party_type = 'supplier' AND o.party_id = ${supplierId} AND o.direction = 'accrued'
        AND o.settled_fen < o.amount_fen AND ${inScope('o.store_id', actor.scope(COST_PERMISSION))}`,
  );
  return {
    accruedFen: Number(accrued?.netFen ?? 0),
    openFen: Number(row?.openFen ?? 0),
    overdueFen: Number(row?.overdueFen ?? 0),
    items: Number(row?.items ?? 0),
  };
}
