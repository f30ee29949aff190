import type { DeviceOnBooks } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import type { ConsignedTerms } from '../domain/consigned';

/** What is agreed on the devices that are here on consignment; all others are absent. In a unit: lock the devices first. */
export async function consignedTerms(read: Reader, deviceIds: readonly number[]): Promise<Map<number, ConsignedTerms>> {
  const terms = new Map<number, ConsignedTerms>();
  for (const chunk of chunked([...new Set(deviceIds)]))
    for (const { id, deviceId, supplierId, netFen } of await read.all<ConsignedTerms>(
      sql`SELECT c.id, c.device_id, c.supplier_id, c.price_fen - c.tax_fen AS net_fen FROM consigned_device c
        WHERE c.device_id IN (${sql.list(chunk)}) AND c.state = 'here'`,
    ))
      terms.set(deviceId, { id, deviceId, supplierId, netFen: Number(netFen) });
  return terms;
}

/** What the agreed price makes of the devices that are here on consignment; one statement, and none where there are none. */
export async function withAgreedCosts<T extends Pick<DeviceOnBooks, 'id' | 'ownership' | 'costFen'>>(
  read: Reader,
  rows: readonly T[],
): Promise<(T & { consigned?: ConsignedTerms })[]> {
  const ids = rows.filter(({ ownership }) => ownership === 'consigned').map(({ id }) => id);
  if (ids.length === 0) return [...rows];
  const terms = await consignedTerms(read, ids);
  return rows.map((row) => {
    const consigned = terms.get(row.id);
    return consigned ? { ...row, costFen: consigned.netFen, consigned } : row;
  });
}
