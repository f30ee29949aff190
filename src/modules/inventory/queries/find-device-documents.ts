import { normaliseCode } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';

/** Documents about single devices that people look for by number. */
export const DEVICE_DOCUMENTS = {
  'inventory.number': { table: 'number_change', permission: 'inventory.number.view' },
  'inventory.price': { table: 'device_price_change', permission: 'inventory.price.view' },
  'inventory.test': { table: 'device_test', permission: 'inventory.device.view' },
} as const;
export type DeviceDocument = keyof typeof DEVICE_DOCUMENTS;

export interface FoundDocument {
  id: number;
  number: string;
  state: string;
  storeName: string;
  businessDate: string;
}

const MOST = 8;

/** By the number or a part of it, also by that of their reversal, in the reader's stores. */
export async function findDeviceDocuments(
  read: Reader,
  actor: Actor,
  type: DeviceDocument,
  text: string,
): Promise<FoundDocument[]> {
  const code = normaliseCode(text).replace(/\s/g, '');
  if (!/^[A-Z]{1,6}[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code)) return [];
  const { table, permission } = DEVICE_DOCUMENTS[type];
  return read.all<FoundDocument>(
    sql`SELECT r.id, r.number, r.state, s.name AS store_name, r.business_date
      FROM ${sql.identifier(table)} r JOIN store s ON s.id = r.store_id
      WHERE (${sql.contains('r.number', code)} OR r.reversal_number = ${code})
        AND ${inScope('r.store_id', actor.scope(permission))} ORDER BY r.id DESC ${sql.limit(MOST)}`,
  );
}
