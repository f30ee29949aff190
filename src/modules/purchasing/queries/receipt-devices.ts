import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type Actor, authorise } from '../../../platform/permissions';
import { getReceipt } from '../store/receipt.store';

export function receiptDeviceList(receiptId: number): ListSpec {
  return {
    path: `/purchasing/receipts/${receiptId}/devices`,
    id: 'd.id',
    sorts: {
      seq: { expression: 'd.seq', type: 'number', direction: 'ascending' },
      number: { expression: 'd.main_number', type: 'text', direction: 'ascending' },
    },
    filters: ['line', 'q'],
    sizes: [200, 50, 500],
  };
}

export interface ReceiptDeviceView {
  id: number;
  sortValue: string | number;
  seq: number;
  mainNumber: string;
  imei1: string | null;
  imei2: string | null;
  meid: string | null;
  sn: string | null;
  checkOverride: number;
  addedAt: number;
  addedByName: string;
  deviceId: number | null;
  boxNo: string | null;
  lineNo: number;
  skuCode: string;
  skuName: string;
}

/** Devices of a receipt in the order of scanning; one row more than the page. */
export async function receiptDeviceRows(
  read: Reader,
  actor: Actor,
  receiptId: number,
  query: ListQuery,
): Promise<ReceiptDeviceView[]> {
  authorise(actor, 'purchasing.receipt.view', (await getReceipt(read, receiptId)).storeId);
  const { where, orderBy, limit } = keyset(query);
  const line = query.filters['line'];
  const text = (query.filters['q'] ?? '').replace(/\s/g, '').toUpperCase();
  const filters = sql.all([
    sql`d.receipt_id = ${receiptId}`,
    Boolean(line) && sql`l.line_no = ${/^\d{1,6}$/.test(line ?? '') ? Number(line) : 0}`,
    text !== '' &&
      sql`(${sql.contains('d.main_number', text)} OR ${sql.contains('d.imei2', text)} OR ${sql.contains('d.sn', text)}
        OR ${sql.contains('d.box_no', text)})`,
  ]);
  const sortValue = sql.perDialect(() => query.spec.sorts[query.sort]?.expression ?? 'd.seq');
  return read.all<ReceiptDeviceView>(
    sql`SELECT d.id, ${sortValue} AS sort_value, d.seq, d.main_number, d.imei1, d.imei2, d.meid, d.sn, d.check_override,
        d.added_at, d.added_by_name, d.device_id, d.box_no, l.line_no, k.code AS sku_code, k.name AS sku_name
      FROM receipt_device d JOIN receipt_line l ON l.id = d.line_id JOIN sku k ON k.id = l.sku_id
      WHERE ${filters} AND ${where} ${orderBy} ${limit}`,
  );
}
