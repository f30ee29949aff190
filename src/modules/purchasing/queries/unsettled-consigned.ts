import { type Reader, sql } from '../../../platform/database';
import { skusByIds } from '../../catalog';
import { MOST_CONSIGNED } from '../domain/consignment';

/** A consigned device that was sold or bought and that no settlement has taken. */
export interface UnsettledDevice {
  id: number;
  deviceId: number;
  mainNumber: string;
  skuId: number;
  skuName: string;
  priceFen: number;
  taxRateBp: number;
  sourceType: string;
  sourceId: number;
  sourceNumber: string;
  sourceOn: string;
}

export interface WhatToSettle {
  supplierId: number;
  storeId: number;
  /** Sold until this day. */
  untilOn: string;
}

/** The oldest first; of a supplier and the store that owes, at most as many as one settlement may have. */
export async function unsettledDevices(
  read: Reader,
  { supplierId, storeId, untilOn }: WhatToSettle,
): Promise<UnsettledDevice[]> {
  const rows = await read.all<Omit<UnsettledDevice, 'skuName'>>(
    sql`SELECT c.id, c.device_id, c.main_number, c.sku_id, c.price_fen, c.tax_rate_bp, c.source_type, c.source_id,
        c.source_number, c.source_on
      FROM consigned_device c WHERE c.supplier_id = ${supplierId} AND c.store_id = ${storeId} AND c.state = 'sold'
        AND c.source_on <= ${untilOn} ORDER BY c.source_on, c.id ${sql.limit(MOST_CONSIGNED)}`,
  );
  const cards = await skusByIds(
    read,
    rows.map(({ skuId }) => skuId),
  );
  return rows.map((row) => ({
    ...row,
    priceFen: Number(row.priceFen),
    skuName: cards.get(row.skuId)?.name ?? '',
  }));
}
