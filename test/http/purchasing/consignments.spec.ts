import { expect } from 'chai';
import { addSupplier } from '../../../src/modules/purchasing';
import { consignedDevice } from '../../../src/modules/inventory';
import { consignment } from '../../../src/modules/purchasing/store/consignment.table';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { consignmentHands } from '../../support/consignments';
import { type TestApp, testApps } from '../../support/http';
import { download } from '../../support/import-pages';
import { imeiOf, sampleShop } from '../../support/sample-shop';

const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html.slice(html.indexOf('<main')))?.[1] ?? '';

async function shopWith(on: TestApp) {
  const shop = await sampleShop(on.uow, on.actor);
  const supplierId = await on.uow.run(on.actor, (unit) =>
    addSupplier(unit, on.services.keys, { name: '深圳华盛通讯', paymentDays: 30 }),
  );
  return { shop, supplierId };
}

describe('consignment in the browser', function () {
  this.timeout(60_000);
  const start = testApps();

  it('is received, found, listed, printed and exported; what was typed stays', async () => {
    const on = await start();
    const { shop, supplierId } = await shopWith(on);
    const opened = await on.post('/purchasing/consignments', { supplierId, locationId: shop.locationId, note: '铺货' });
    expect(opened.status, opened.text).to.equal(303);
    const adding = String(opened.headers['location']);
    const href = adding.replace('/devices/new', '');
    const version = async () => hidden((await on.get(adding).expect(200)).text, 'version');
    const typed = { sku: 'MI17-01', price: '3390', taxRate: '', numbers: `${imeiOf(60)}\n${imeiOf(0)}` };
    const wrong = await on.post(`${href}/devices`, { ...typed, version: await version() });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('已在账上').and.include('3390').and.include(imeiOf(60));
    const several = await on.post(`${href}/devices`, { ...typed, sku: '小米', version: await version() });
    expect(several.status).to.equal(422);
    expect(several.text).to.include('好几个规格');
    const numbers = [60, 61, 62].map(imeiOf).join('\n');
    const added = await on.post(`${href}/devices`, { ...typed, numbers, version: await version() });
    expect(added.status, added.text).to.equal(303);
    const removing = (await on.get(`${href}/removal/new`).expect(200)).text;
    const last = [...removing.matchAll(/name="(rows\.d\d+)"/g)].at(-1)?.[1] ?? '';
    expect((await on.post(`${href}/removal`, { version: hidden(removing, 'version') })).status).to.equal(422);
    const removed = await on.post(`${href}/removal`, { version: hidden(removing, 'version'), [last]: '1' });
    expect(removed.status).to.equal(303);
    const ask = (await on.get(`${href}/posting`).expect(200)).text;
    expect(ask).to.include('卖出以前是 深圳华盛通讯 的');
    expect((await on.post(`${href}/posting`, { version: hidden(ask, 'version') })).status).to.equal(303);
    const shown = (await on.get(href).expect(200)).text;
    expect(shown).to.include('代销入库').and.include('3,390.00').and.include('在店').and.include('铺货');
    expect((await on.get(`${href}/print`).expect(200)).text)
      .to.include('6,780.00')
      .and.include('经手人');
    const number = (await on.database.read.find(consignment, {}))[0]?.number ?? '';
    expect((await on.get(`/search?q=${number}`).redirects(0)).headers['location']).to.equal(href);
    const filters = `q=${imeiOf(60).slice(-6)}&kind=receipt&supplier=${supplierId}&store=${shop.storeId}&from=2020-01-01&to=2099-01-01`;
    expect((await on.get(`/purchasing/consignments?${filters}`).expect(200)).text).to.include(number);
    const [, first] = await readAllRows(await download(on, '/purchasing/consignments.xlsx'));
    expect(first?.cells.slice(0, 4).map(({ text }) => text)).to.deep.equal([
      number,
      '已过账',
      '代销入库',
      '深圳华盛通讯',
    ]);
    const devices = `q=${imeiOf(60).slice(-6)}&supplier=${supplierId}&store=${shop.storeId}&state=here`;
    expect((await on.get(`/purchasing/consignments/devices?${devices}`).expect(200)).text).to.include(number);
    expect((await on.get('/purchasing/consignments/devices?days=30').expect(200)).text).to.not.include(number);
    const [, device] = await readAllRows(await download(on, '/purchasing/consignments/devices.xlsx'));
    expect(device?.cells.map(({ text }) => text))
      .to.include(imeiOf(61))
      .and.include('在店');
    const [, exported] = await readAllRows(await download(on, `${href}/devices.xlsx`));
    expect(exported?.cells.map(({ text }) => text))
      .to.include(imeiOf(60))
      .and.include('在店');
    expect((await on.get('/inventory/devices?ownership=consigned').expect(200)).text)
      .to.include('代销')
      .and.include('3,000.00')
      .and.include(imeiOf(60).slice(-4))
      .and.not.include(imeiOf(0).slice(-6));
    const row = (await on.database.read.find(consignedDevice, {}))[0];
    expect((await on.get(`/inventory/devices/${row?.deviceId}`).expect(200)).text)
      .to.include('深圳华盛通讯 代销')
      .and.include('3,000.00（不含税）');
    const reversing = (await on.get(`${href}/reversal`).expect(200)).text;
    const sent = { version: hidden(reversing, 'version') };
    expect((await on.post(`${href}/reversal`, { ...sent, reason: '' })).status).to.equal(422);
    expect((await on.post(`${href}/reversal`, { ...sent, reason: '送错' })).status).to.equal(303);
    expect((await on.get(href).expect(200)).text)
      .to.include('已由')
      .and.include('红冲：送错');
  });

  it('keeps to the reader’s stores and rights, and hides agreed prices from who does not see cost', async () => {
    const on = await start();
    const { shop, supplierId } = await shopWith(on);
    const { id } = await consignmentHands(on.uow, shop, on.actor).receive(supplierId, [60]);
    const href = `/purchasing/consignments/${id}`;
    const viewer = await on.as({ permissions: ['purchasing.consignment.view'], stores: [shop.storeId] });
    for (const path of [href, `${href}/print`, '/purchasing/consignments', '/purchasing/consignments/devices'])
      expect((await viewer.get(path).expect(200)).text, path).to.not.include('3,390');
    for (const path of [
      '/purchasing/consignments.xlsx',
      '/purchasing/consignments/devices.xlsx',
      `${href}/devices.xlsx`,
    ])
      expect(JSON.stringify(await readAllRows(await download(viewer, path)))).to.not.include('3390');
    for (const path of ['/purchasing/consignments/new', `${href}/posting`, `${href}/reversal`])
      expect((await viewer.get(path)).status, path).to.equal(403);
    const other = await on.as({ permissions: ['purchasing.consignment.view'], stores: [shop.otherStoreId] });
    expect((await other.get(href)).status).to.equal(404);
    expect((await other.get('/purchasing/consignments/devices').expect(200)).text).to.not.include(imeiOf(60).slice(-4));
    const draft = await consignmentHands(on.uow, shop, on.actor).draft(supplierId);
    const blind = await on.as({
      permissions: ['purchasing.consignment.view', 'purchasing.consignment.edit'],
      stores: [shop.storeId],
    });
    const page = `/purchasing/consignments/${draft.id}`;
    expect((await blind.get(`${page}/devices/new`).redirects(0)).status, 'prices are cost').to.equal(303);
    const ask = (await on.get(`${page}/deletion`).expect(200)).text;
    expect((await on.post(`${page}/deletion`, { version: hidden(ask, 'version') })).status).to.equal(303);
    expect((await on.get(page)).status).to.equal(404);
  });
});
