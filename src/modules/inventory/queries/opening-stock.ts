import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, can, inScope, type StoreScope } from '../../../platform/permissions';
import { openingStock, type OpeningStockRow } from '../store/opening-stock.table';

export type { OpeningStockRow };

export const OPENING_LIST: ListSpec = {
  path: '/inventory/openings',
  id: 'o.id',
  filters: [],
  sorts: { newest: { expression: 'o.id', type: 'number', direction: 'descending' } },
};

export interface OpeningListRow {
  id: number;
  sortValue: number;
  number: string;
  storeName: string;
  businessDate: string;
  state: 'posted' | 'reversed';
  devices: number;
  quantity: number;
  valueFen: number;
  createdBy: string;
}

export async function openingList(read: Reader, query: ListQuery, scope: StoreScope): Promise<OpeningListRow[]> {
  const { where, orderBy, limit } = keyset(query);
  return read.all<OpeningListRow>(
    sql`SELECT o.id, o.id AS sort_value, o.number, s.name AS store_name, o.business_date, o.state, o.devices, o.quantity, o.value_fen, o.created_by
      FROM opening_stock o JOIN store s ON s.id = o.store_id
      WHERE ${inScope('o.store_id', scope)} AND ${where} ${orderBy} ${limit}`,
  );
}

/** Throws 404 when there is none in the actor's stores. */
export async function openingDocument(read: Reader, actor: Actor, id: number): Promise<OpeningStockRow> {
  const document = await read.get(openingStock, id);
  if (!document || !can(actor, 'inventory.opening.post', document.storeId)) throw notFound('inventory.opening', id);
  return document;
}

export interface OpeningLineRow {
  id: number;
  lineNo: number;
  skuName: string;
  skuCode: string;
  locationName: string;
  quantity: number;
  valueFen: number;
  imei1: string | null;
  sn: string | null;
  deviceId: number | null;
}

/** The first lines of a document; whoever wants all of them exports the stock. */
export const OPENING_LINES_SHOWN = 200;

export function openingLines(read: Reader, id: number): Promise<OpeningLineRow[]> {
  return read.all<OpeningLineRow>(
    sql`SELECT l.id, l.line_no, s.name AS sku_name, s.code AS sku_code, p.name AS location_name, l.quantity, l.value_fen, l.imei1, l.sn, l.device_id
      FROM opening_stock_line l JOIN sku s ON s.id = l.sku_id JOIN location p ON p.id = l.location_id
      WHERE l.opening_id = ${id} ORDER BY l.line_no ${sql.limit(OPENING_LINES_SHOWN)}`,
  );
}
