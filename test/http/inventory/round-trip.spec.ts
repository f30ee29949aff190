import { expect } from 'chai';
import { fillDemo } from '../../../src/app/demo';
import { verifyLedger } from '../../../src/ledger';
import { addLocation, addStore, location, locationsOf, store } from '../../../src/modules/organization';
import { sql } from '../../../src/platform/database';
import { testApps, type TestApp } from '../../support/http';
import { applyImportPage, checkAsProposed, download, uploadImport } from '../../support/import-pages';

const devices = (on: TestApp) =>
  on.database.read.all<Record<string, unknown>>(
    sql`SELECT i.value AS number, i.kind, s.name AS sku, st.code AS store, l.name AS location, d.bucket, d.cost_fen, d.stocked_on
      FROM device d JOIN device_identifier i ON i.device_id = d.id JOIN sku s ON s.id = d.sku_id
        JOIN store st ON st.id = d.store_id JOIN location l ON l.id = d.location_id
      WHERE d.state = ${'in_stock'} AND i.active_key IS NOT NULL ORDER BY i.value`,
  );
const goods = (on: TestApp) =>
  on.database.read.all<Record<string, unknown>>(
    sql`SELECT s.name AS sku, st.code AS store, l.name AS location, b.bucket, SUM(b.quantity) AS quantity, SUM(b.value_fen) AS value_fen
      FROM stock_balance b JOIN sku s ON s.id = b.sku_id JOIN store st ON st.id = b.store_id JOIN location l ON l.id = b.location_id
      WHERE b.by_device = ${0} AND b.quantity > ${0} AND b.bucket <> ${'in_transit'} GROUP BY s.name, st.code, l.name, b.bucket ORDER BY s.name, st.code, l.name, b.bucket`,
  );

describe('the sample company’s products and stock', function () {
  this.timeout(240_000);
  const start = testApps();

  it('go out as files and into an empty database, the same to the fen', async () => {
    const from = await start();
    await fillDemo(from.services, { size: { days: 2, salesPerDay: 2, openingDevices: 12, customers: 10 }, seed: 3 });
    const to = await start();
    await to.uow.run(to.actor, async (unit) => {
      for (const { id, code, name, kind } of await from.database.read.find(store, {})) {
        const made = await addStore(unit, { code, name, kind });
        const known = new Set((await unit.find(location, { storeId: made.id })).map((one) => one.name));
        for (const place of await locationsOf(from.database.read, id))
          if (!known.has(place.name)) await addLocation(unit, { storeId: made.id, code: place.code, name: place.name });
      }
    });
    for (const [importer, path] of [
      ['catalog.products', '/catalog/products/export?active=all'],
      // What is on its way between stores arrives first: it is on no shelf.
      ['inventory.opening', '/inventory/devices.xlsx?view=sellable'],
      ['inventory.opening', '/inventory/devices.xlsx?view=demo'],
      ['inventory.opening', '/inventory/stock.xlsx?kind=goods&bucket=sellable'],
    ] as const) {
      const href = await uploadImport(to, importer, 'export.xlsx', await download(from, path));
      const checked = await checkAsProposed(to, href);
      expect(checked, path).to.include('行全部通过检查');
      expect(await applyImportPage(to, href), path).to.include('已导入');
    }
    expect((await devices(from)).length).to.be.greaterThan(30);
    expect(await devices(to)).to.deep.equal(await devices(from));
    expect(await goods(to)).to.deep.equal(await goods(from));
    expect((await verifyLedger(to.database.read)).ok).to.equal(true);
  });
});
