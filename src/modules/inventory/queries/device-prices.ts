import { notFound } from '../../../kernel';
import { numberEndsWith, shownNumbers } from '../../../ledger';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, can, inScope, type StoreScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { getStore } from '../../organization';
import type { PriceChangeState } from '../domain/device-pricing';
import { devicePriceChange, type DevicePriceChangeRow } from '../store/device-price.table';

export const PRICE_CHANGE_LIST: ListSpec = {
  path: '/inventory/prices',
  id: 'r.id',
  filters: ['q', 'state', 'store', 'from', 'to'],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

export interface PriceChangeFilter {
  /** Number or reason of a document, or a number of one of its devices or its end. */
  text: string;
  storeId: number | null;
  from: string | null;
  to: string | null;
  scope: StoreScope;
}

export type PriceChangeListRow = Pick<
  DevicePriceChangeRow,
  'id' | 'number' | 'state' | 'way' | 'value' | 'reason' | 'businessDate' | 'devices' | 'createdByName' | 'createdAt'
> & { sortValue: number; storeName: string };

function textCondition(term: string): Sql {
  const plain = term.toUpperCase();
  const byWords = sql`(${sql.contains('r.number', plain)} OR ${sql.contains('r.reason', term)})`;
  if (!/^[0-9A-Z]{3,20}$/.test(plain)) return byWords;
  return sql`(${byWords} OR r.id IN (SELECT n.change_id FROM device_price_line n JOIN device_identifier i ON i.device_id = n.device_id
    WHERE i.value = ${plain} OR ${numberEndsWith('i.tail', plain)}))`;
}

const conditions = ({ text, storeId, from, to, scope }: PriceChangeFilter): Sql =>
  sql.all([
    inScope('r.store_id', scope),
    storeId !== null && sql`r.store_id = ${storeId}`,
    from !== null && sql`r.business_date >= ${from}`,
    to !== null && sql`r.business_date <= ${to}`,
    ...searchTerms(text).map(textCondition),
  ]);

/** One row more than the page, see `keyset`. */
export async function priceChangeList(
  read: Reader,
  query: ListQuery,
  filter: PriceChangeFilter,
): Promise<PriceChangeListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  const { state } = query.filters;
  return read.all<PriceChangeListRow>(
    sql`SELECT r.id, r.id AS sort_value, r.number, r.state, r.way, r.value, r.reason, r.business_date, r.devices,
        r.created_by_name, r.created_at, s.name AS store_name
      FROM device_price_change r JOIN store s ON s.id = r.store_id
      WHERE ${conditions(filter)} AND ${state ? sql`r.state = ${state}` : sql`1 = 1`} AND ${where} ${orderBy} ${limit}`,
  );
}

export async function priceChangeCounts(
  read: Reader,
  filter: PriceChangeFilter,
): Promise<Map<PriceChangeState, number>> {
  const rows = await read.all<{ state: PriceChangeState; n: number }>(
    sql`SELECT r.state, COUNT(*) AS n FROM device_price_change r WHERE ${conditions(filter)} GROUP BY r.state`,
  );
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

export interface PriceChangeView extends DevicePriceChangeRow {
  storeName: string;
  reverses: boolean;
}

/** Throws 404 when there is none in the actor's stores. */
export async function priceChangeView(read: Reader, actor: Actor, id: number): Promise<PriceChangeView> {
  const row = await read.get(devicePriceChange, id);
  if (!row || !can(actor, 'inventory.price.view', row.storeId)) throw notFound('inventory.price', id);
  return {
    ...row,
    storeName: (await getStore(read, row.storeId)).name,
    reverses: row.state === 'posted' && can(actor, 'inventory.price.change', row.storeId),
  };
}

export interface PriceLineView {
  id: number;
  lineNo: number;
  deviceId: number;
  imei: string;
  skuName: string;
  skuCode: string;
  listFen: number | null;
  beforeFen: number | null;
  afterFen: number | null;
  belowFloor: number;
}

export async function priceLineViews(read: Reader, changeId: number): Promise<PriceLineView[]> {
  const lines = await read.all<Omit<PriceLineView, 'imei'>>(
    sql`SELECT n.id, n.line_no, n.device_id, s.name AS sku_name, s.code AS sku_code, n.list_fen, n.before_fen, n.after_fen,
        n.below_floor
      FROM device_price_line n JOIN device d ON d.id = n.device_id JOIN sku s ON s.id = d.sku_id
      WHERE n.change_id = ${changeId} ORDER BY n.line_no`,
  );
  const numbers = await shownNumbers(
    read,
    lines.map(({ deviceId }) => deviceId),
  );
  return lines.map((line) => ({ ...line, imei: numbers.get(line.deviceId) ?? '' }));
}
