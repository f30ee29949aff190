import type { Bucket } from '../../../ledger';
import { type Reader, sql } from '../../../platform/database';
import { keyset, type ListQuery, type ListSpec } from '../../../platform/lists';
import { type TransferDeviceState, TRANSFER_DEVICE_STATES } from '../domain/transfer-state';

export const transferDeviceList = (transferId: number): ListSpec => ({
  path: `/inventory/transfers/${transferId}/devices`,
  id: 'd.id',
  sorts: {
    seq: { expression: 'd.seq', type: 'number', direction: 'ascending' },
    number: { expression: 'd.main_number', type: 'text', direction: 'ascending' },
  },
  filters: ['line', 'state', 'q'],
  sizes: [200, 50, 500],
});

export interface TransferDeviceView {
  id: number;
  sortValue: string | number;
  seq: number;
  deviceId: number;
  mainNumber: string;
  state: TransferDeviceState;
  bucket: Bucket;
  arrivedAt: number | null;
  damaged: number;
  pickedAt: number;
  pickedByName: string;
  arrivedByName: string | null;
  lineNo: number;
  skuCode: string;
  skuName: string;
}

/** Devices of a transfer in the order of scanning; one row more than the page. The caller has checked the right. */
export async function transferDeviceRows(
  read: Reader,
  transferId: number,
  query: ListQuery,
): Promise<TransferDeviceView[]> {
  const { where, orderBy, limit } = keyset(query);
  const { line, state } = query.filters;
  const text = (query.filters['q'] ?? '').replace(/\s/g, '').toUpperCase();
  const filters = sql.all([
    sql`d.transfer_id = ${transferId}`,
    Boolean(line) && sql`l.line_no = ${/^\d{1,6}$/.test(line ?? '') ? Number(line) : 0}`,
    state === 'missing' && sql`d.state = 'sent' AND d.arrived_at IS NULL`,
    state === 'arrived' && sql`d.state = 'sent' AND d.arrived_at IS NOT NULL`,
    TRANSFER_DEVICE_STATES.some((one) => one === state) && sql`d.state = ${state}`,
    text !== '' && sql.contains('d.main_number', text),
  ]);
  const sortValue = sql.identifier(query.spec.sorts[query.sort]?.expression ?? 'd.seq');
  return read.all<TransferDeviceView>(
    sql`SELECT d.id, ${sortValue} AS sort_value, d.seq, d.device_id, d.main_number, d.state, d.bucket, d.arrived_at, d.damaged,
        d.picked_at, d.picked_by_name, d.arrived_by_name, l.line_no, k.code AS sku_code, k.name AS sku_name
      FROM transfer_device d JOIN transfer_line l ON l.id = d.line_id JOIN sku k ON k.id = l.sku_id
      WHERE ${filters} AND ${where} ${orderBy} ${limit}`,
  );
}
