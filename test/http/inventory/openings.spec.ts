import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import { sql } from '../../../src/platform/database';
import { testApps, type TestApp } from '../../support/http';
import { applyImportPage, checkAsProposed, download, uploadImport } from '../../support/import-pages';
import { sampleCatalog } from '../../support/sample-catalog';
import { imeiOf, sampleShop } from '../../support/sample-shop';

const devicesOf = (on: TestApp) =>
  on.database.read.all<Record<string, unknown>>(
    sql`SELECT i.value AS number, i.kind, i.position, s.code AS sku, st.code AS store, d.state, d.bucket, d.cost_fen, d.stocked_on
      FROM device d JOIN device_identifier i ON i.device_id = d.id JOIN sku s ON s.id = d.sku_id JOIN store st ON st.id = d.store_id
      WHERE d.state <> 'void' ORDER BY i.value`,
  );
const goodsOf = (on: TestApp) =>
  on.database.read.all<Record<string, unknown>>(
    sql`SELECT s.code, st.code AS store, b.bucket, b.quantity, b.value_fen FROM stock_balance b JOIN sku s ON s.id = b.sku_id
      JOIN store st ON st.id = b.store_id WHERE b.by_device = 0 AND b.quantity > 0 ORDER BY s.code, st.code`,
  );

describe('opening stock through the pages', function () {
  this.timeout(60_000);
  const start = testApps();

  it('is imported with two IMEIs, serial number and state, shown, and reversed as a whole', async () => {
    const on = await start();
    await sampleCatalog(on.uow);
    const file =
      '商品编码,门店,串号1,串号2,序列号,状态,数量,含税进价,入库日期\n' +
      `MI17-01,NJ01,${imeiOf(1)},${imeiOf(2)},SN001,样机,1,"4,520.00",2026/1/5\n` +
      'CD67,新街口店,,,,,20,56.5,\n';
    const href = await uploadImport(on, 'inventory.opening', 'a.csv', file);
    await checkAsProposed(on, href);
    expect(await applyImportPage(on, href)).to.include('已导入 2 行');
    expect(await devicesOf(on)).to.have.length(3);
    expect((await devicesOf(on))[0]).to.include({ bucket: 'demo', costFen: 400_000, stockedOn: '2026-01-05' });
    const list = (await on.get('/inventory/openings').expect(200)).text;
    const page = /href="(\/inventory\/openings\/\d+)"/.exec(list)?.[1] ?? '';
    expect((await on.get(page).expect(200)).text)
      .to.include(imeiOf(1).slice(0, 2))
      .and.include('5,000.00');
    const confirm = (await on.get(`${page}/reversal`).expect(200)).text;
    const fields = Object.fromEntries(
      [...confirm.matchAll(/type="hidden" name="(version|operationKey)" value="([^"]+)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    ) as Record<string, string>;
    expect((await on.post(`${page}/reversal`, fields)).status).to.equal(303);
    expect((await on.post(`${page}/reversal`, { ...fields, operationKey: randomUUID() })).status, 'once only').to.equal(
      409,
    );
    expect([await devicesOf(on), await goodsOf(on)]).to.deep.equal([[], []]);
    expect((await verifyLedger(on.database.read)).ok).to.equal(true);
    const again = await uploadImport(on, 'inventory.opening', 'a.csv', file);
    await checkAsProposed(on, again);
    expect(await applyImportPage(on, again), 'the numbers are free again').to.include('已导入 2 行');
  });

  it('names what is wrong in each row, and writes nothing', async () => {
    const on = await start();
    await sampleShop(on.uow, on.actor);
    const rows: [string, string][] = [
      [`MI17-01,NJ01,${imeiOf(0)},,1,3900,`, '已经在系统里'],
      [`MI17-01,NJ01,${imeiOf(70)},,1,3900,`, ''],
      [`MI17-01,NJ01,${imeiOf(70)},,1,3900,`, '在第 3 行已经出现'],
      ['MI17-01,NJ01,,,1,3900,', '按串号管理，这一行没有串号'],
      [`MI17-01,NJ01,${imeiOf(71)},,2,3900,`, '一台一行'],
      [`CD67,NJ01,${imeiOf(72)},,1,50,`, '不按串号管理'],
      ['SPX,NJ01,,,1,0,', '是服务，没有库存'],
      ['CD67,XX,,,1,50,', '没有叫“XX”的门店'],
      ['CD67,NJ01,,,0,50,', '数量'],
      ['CD67,NJ01,,,1,-5,', '成本不能是负数'],
      ['CD67,NJ01,,,1,,', '没有成本'],
      ['CD67,NJ01,,已售,1,50,', '不是在库的货'],
      ['CD67,NJ01,,,1,50,2099-01-01', '在今天以后'],
      ['CD67,NJ01,,,1,50,2026-02-30', ''],
      [`MI17-01,NJ01,${imeiOf(73).slice(0, 14)}9,,1,3900,`, ''],
      ['MI17-01,NJ01,8.67421E+14,,1,3900,', '不能还原'],
      [',NJ01,,,1,50,', '没有商品编码，也没有商品名称'],
    ];
    const file = `商品编码,门店,串号,状态,数量,成本,入库日期\n${rows.map(([row]) => `${row}\n`).join('')}`;
    const href = await uploadImport(on, 'inventory.opening', 'wrong.csv', file);
    const page = await checkAsProposed(on, href);
    for (const [row, reason] of rows) if (reason) expect(page, row).to.include(reason);
    for (const line of [15, 16]) expect(page, `row ${line}`).to.match(new RegExp(`<td[^>]*>${line}</td>`));
    expect(page).not.to.match(/<td[^>]*>3<\/td>/);
    expect((await on.post(`${href}/application`)).status).to.equal(422);
    expect(await devicesOf(on)).to.have.length(6);
  });

  it('takes back what the lists of devices and stock export: an empty database then holds the same', async () => {
    const first = await start();
    await sampleShop(first.uow, first.actor);
    const second = await start();
    await sampleCatalog(second.uow);
    for (const path of ['/inventory/devices.xlsx', '/inventory/stock.xlsx?kind=goods']) {
      const href = await uploadImport(second, 'inventory.opening', 'export.xlsx', await download(first, path));
      expect(await checkAsProposed(second, href)).to.include('行全部通过检查');
      await applyImportPage(second, href);
    }
    expect(await devicesOf(second)).to.deep.equal(await devicesOf(first));
    expect(await goodsOf(second)).to.deep.equal(await goodsOf(first));
    expect((await verifyLedger(second.database.read)).ok).to.equal(true);
  });

  it('takes back an English export too', async () => {
    const first = await start({ actor: { locale: 'en' } });
    await sampleShop(first.uow, first.actor);
    const second = await start({ actor: { locale: 'en' } });
    await sampleCatalog(second.uow);
    for (const path of ['/inventory/devices.xlsx', '/inventory/stock.xlsx?kind=goods']) {
      const href = await uploadImport(second, 'inventory.opening', 'export.xlsx', await download(first, path));
      expect(await checkAsProposed(second, href)).to.include('passed the checks');
      await applyImportPage(second, href);
    }
    expect(await devicesOf(second)).to.deep.equal(await devicesOf(first));
    expect(await goodsOf(second)).to.deep.equal(await goodsOf(first));
  });
});
