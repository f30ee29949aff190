import { chunked, decodeRow, type Reader, type Sql, sql } from '../../../platform/database';
import { skusByIds } from '../../catalog';
import { consignmentDevice, type ConsignmentDeviceRow } from '../store/consignment.table';

interface Partner {
  storeId: number;
  customerId: number;
}

const STILL_THERE = sql`n.return_id IS NULL AND n.settlement_id IS NULL`;

const open = ({ storeId, customerId }: Partner): Sql =>
  sql`consignment_out_device n JOIN consignment_out r ON r.id = n.out_id
    WHERE r.store_id = ${storeId} AND r.customer_id = ${customerId} AND r.state = 'out' AND ${STILL_THERE}`;

/** Rows of devices that lie with the partner for this store; by their own ids or by the ids of the devices. */
export async function rowsWithPartner(
  read: Reader,
  partner: Partner,
  { rows, devices }: { rows: readonly number[]; devices: readonly number[] },
): Promise<ConsignmentDeviceRow[]> {
  const found = new Map<number, ConsignmentDeviceRow>();
  const add = async (condition: Sql): Promise<void> => {
    for (const raw of await read.all<Record<string, unknown>>(sql`SELECT n.* FROM ${open(partner)} AND ${condition}`)) {
      const row = decodeRow(consignmentDevice, raw);
      found.set(row.id, row);
    }
  };
  for (const chunk of chunked(rows)) await add(sql`n.id IN (${sql.list(chunk)})`);
  for (const chunk of chunked(devices)) await add(sql`n.device_id IN (${sql.list(chunk)})`);
  return [...found.values()].sort((a, b) => a.id - b.id);
}

export interface PartnerDevice {
  id: number;
  mainNumber: string;
  skuName: string;
  priceFen: number;
  consignmentNumber: string;
}

/** What lies with a partner for a store, the oldest first; at most `most`. */
export async function partnerDevices(read: Reader, partner: Partner, most: number): Promise<PartnerDevice[]> {
  const rows = await read.all<Omit<PartnerDevice, 'skuName'> & { skuId: number }>(
    sql`SELECT n.id, n.main_number, n.sku_id, n.price_fen, r.number AS consignment_number FROM ${open(partner)}
      ORDER BY n.id ${sql.limit(most)}`,
  );
  const cards = await skusByIds(
    read,
    rows.map(({ skuId }) => skuId),
  );
  return rows.map(({ skuId, ...row }) => ({ ...row, skuName: cards.get(skuId)?.name ?? '' }));
}

/** Which of these devices were settled, by the number of the settlement: told when one is reported twice. */
export async function settledBefore(read: Reader, deviceIds: readonly number[]): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const chunk of chunked(deviceIds))
    for (const { deviceId, number } of await read.all<{ deviceId: number; number: string }>(
      sql`SELECT n.device_id, t.number FROM consignment_out_device n JOIN consignment_sale t ON t.id = n.settlement_id
        WHERE n.device_id IN (${sql.list(chunk)}) ORDER BY t.id`,
    ))
      found.set(deviceId, number);
  return found;
}
