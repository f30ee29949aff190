import { notFound } from '../../../kernel';
import { shownNumbers } from '../../../ledger';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { getStore } from '../../organization';
import { deviceTest, deviceTestResult, type DeviceTestResultRow, type DeviceTestRow } from '../store/device-test.table';

export interface TestView extends DeviceTestRow {
  storeName: string;
  skuName: string;
  imei: string;
  results: DeviceTestResultRow[];
  works: boolean;
}

/** Throws 404 when it is of a store that is none of the actor's. */
export async function testView(read: Reader, actor: Actor, id: number): Promise<TestView> {
  const row = await read.get(deviceTest, id);
  if (!row || !can(actor, 'inventory.device.view', row.storeId)) throw notFound('inventory.test', id);
  const device = await read.one<{ skuId: number }>(sql`SELECT sku_id FROM device WHERE id = ${row.deviceId}`);
  const skus = await skusByIds(read, [device?.skuId ?? 0]);
  return {
    ...row,
    storeName: (await getStore(read, row.storeId)).name,
    skuName: skus.get(device?.skuId ?? 0)?.name ?? '',
    imei: (await shownNumbers(read, [row.deviceId])).get(row.deviceId) ?? '',
    results: await resultsOf(read, id),
    works: can(actor, 'inventory.test.edit', row.storeId),
  };
}

const resultsOf = (read: Reader, testId: number): Promise<DeviceTestResultRow[]> =>
  read.rows(deviceTestResult, sql`SELECT * FROM device_test_result WHERE test_id = ${testId} ORDER BY line_no`);

export interface LatestTest extends DeviceTestRow {
  results: DeviceTestResultRow[];
}

/** The test that holds now; undefined when there is none, or the last was reversed. */
export async function latestTest(read: Reader, deviceId: number): Promise<LatestTest | undefined> {
  const [row] = await read.rows(
    deviceTest,
    sql`SELECT * FROM device_test WHERE device_id = ${deviceId} AND state = 'posted' ORDER BY id DESC ${sql.limit(1)}`,
  );
  return row && { ...row, results: await resultsOf(read, row.id) };
}
