import { expect } from 'chai';
import { HttpClient } from '../../bench/http-client';
import { openDatabase, sql } from '../../src/platform/database';

/** Signs in over HTTP, opens a till of the sample company and sells one of its handsets for cash. */
export async function sellHandset(
  url: string,
  databaseUrl: string,
  who: { login: string; password: string },
): Promise<void> {
  const client = new HttpClient(url);
  const database = await openDatabase(databaseUrl, { poolSize: 1 });
  const parsed = async <T>(path: string, value: object): Promise<T> => {
    const { status, body } = await client.postJson(path, value);
    expect(status, body).to.equal(200);
    return JSON.parse(body) as T;
  };
  try {
    await client.signIn(who);
    const goods = await database.read.one<{ registerId: number; imei: string }>(sql`
      SELECT r.id AS register_id, n.value AS imei
      FROM register r
      JOIN location l ON l.store_id = r.store_id
      JOIN device d ON d.location_id = l.id
      JOIN device_identifier n ON n.device_id = d.id
      WHERE d.state = ${'in_stock'} AND d.bucket = ${'sellable'} AND n.kind = ${'imei'} AND r.active = ${true}
        AND NOT EXISTS (SELECT 1 FROM shift s WHERE s.register_id = r.id AND s.closed_at IS NULL)
      ORDER BY d.id ${sql.limit(1)}`);
    if (!goods) throw new Error('the sample company has no handset to sell');
    const { registerId, imei } = goods;
    const key = `installer-${Date.now()}`;
    const shift = { registerId: String(registerId), openingFloat: '500', operationKey: `${key}-shift` };
    const opened = await client.postForm('/sales/shifts', shift);
    expect(opened.status, opened.body).to.equal(303);
    const { results } = await parsed<{
      results: { outcome: string; line: { skuId: number; deviceId: number; priceFen: number } }[];
    }>(`/sales/till/${registerId}/scans`, { scans: [{ key: 'a', code: imei }] });
    const [result] = results;
    expect(result?.outcome).to.equal('right');
    if (!result) return;
    const { skuId, deviceId, priceFen } = result.line;
    const sold = await parsed<{ changeFen: number }>(`/sales/till/${registerId}/sales`, {
      operationKey: `${key}-sale`,
      customerId: null,
      salespersonId: null,
      expectedFen: priceFen,
      lines: [{ skuId, deviceId, quantity: 1, discountFen: 0 }],
      tenders: [{ kind: 'cash', amountFen: priceFen + 100, reference: null }],
    });
    expect(sold.changeFen).to.equal(100);
    const device = await database.read.one<{ state: string }>(sql`SELECT state FROM device WHERE id = ${deviceId}`);
    expect(device?.state).to.equal('sold');
  } finally {
    client.close();
    await database.close();
  }
}
