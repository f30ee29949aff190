import { notFound } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, can, inScope, type StoreScope } from '../../../platform/permissions';
import { customersByIds, openName } from '../../crm';
import { getStore } from '../../organization';
import { COLLECTION_DOCUMENT, type ReceivingAccount } from '../domain/collection-posting';
import type { SaleState } from '../domain/sale';
import { collection, type CollectionRow } from '../store/collection.table';
import { partnerText } from './consignment-page';

export const VIEW_COLLECTIONS = 'sales.receivable.view';

export const COLLECTION_LIST: ListSpec = {
  path: '/sales/collections',
  id: 'r.id',
  filters: ['q', 'state', 'store', 'from', 'to'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface CollectionFilter {
  /** Number of a document or of a transfer, or a part of the customer's name. */
  text: string;
  named: readonly number[];
  storeId: number | null;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export interface CollectionListRow {
  id: number;
  sortValue: number;
  number: string;
  state: SaleState;
  storeName: string;
  customerName: string | null;
  phoneMasked: string | null;
  account: ReceivingAccount;
  businessDate: string;
  amountFen: number;
  reference: string | null;
  createdByName: string;
}

const conditions = ({ text, named, storeId, from, to, scope }: CollectionFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    text !== '' &&
      sql`(${sql.contains('r.number', text.toUpperCase())} OR ${sql.contains('r.reference', text)}
        OR ${named.length > 0 ? sql`r.customer_id IN (${sql.list(named)})` : sql`1 = 0`})`,
  ]);

/** One row more than the page, see `keyset`. */
export async function collectionList(
  read: Reader,
  keys: KeyRing,
  query: ListQuery,
  filter: CollectionFilter,
): Promise<CollectionListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  const rows = await read.all<
    Omit<CollectionListRow, 'customerName'> & { name: string | null; nameCipher: string | null }
  >(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.state, s.name AS store_name, c.name, c.name_cipher, c.phone_masked,
        r.account, r.business_date, r.amount_fen, r.reference, r.created_by_name
      FROM collection r JOIN store s ON s.id = r.store_id JOIN customer c ON c.id = r.customer_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => {
    const { name: customerName, ...rest } = openName(keys, row);
    return { ...rest, customerName };
  });
}

/** How many there are of each state; the filter of states itself left out. */
export async function collectionCounts(read: Reader, filter: CollectionFilter): Promise<Map<SaleState, number>> {
  const rows = await read.all<{ state: SaleState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM collection r WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

export interface CollectionView extends CollectionRow {
  /** Who paid. */
  customer: string;
  storeName: string;
  lines: { id: number; documentId: number; documentNumber: string; storeName: string; amountFen: number }[];
}

/** Throws 404 when there is none in the actor's stores. */
export async function collectionView(read: Reader, actor: Actor, keys: KeyRing, id: number): Promise<CollectionView> {
  const row = await read.get(collection, id);
  if (!row || !can(actor, VIEW_COLLECTIONS, row.storeId)) throw notFound(COLLECTION_DOCUMENT, id);
  const lines = await read.all<CollectionView['lines'][number]>(
    sql`SELECT l.id, p.document_id, p.document_number, s.name AS store_name, l.amount_fen
      FROM collection_line l JOIN open_item i ON i.id = l.open_item_id JOIN posting p ON p.id = i.posting_id
        JOIN store s ON s.id = i.store_id
      WHERE l.collection_id = ${id} ORDER BY l.id`,
  );
  return {
    ...row,
    customer: partnerText((await customersByIds(read, keys, [row.customerId])).get(row.customerId)),
    storeName: (await getStore(read, row.storeId)).name,
    lines,
  };
}
