import { expect } from 'chai';
import { verifyLedger } from '../../../src/ledger';
import { deviceChecks, deviceGrades } from '../../../src/modules/inventory/queries/device-grades';
import { sku } from '../../../src/modules/catalog';
import { type TestApp, testApps } from '../../support/http';
import { imeiOf, sampleShop, type SampleShop } from '../../support/sample-shop';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('prices of single devices and used devices through the pages', function () {
  this.timeout(60_000);
  const start = testApps();
  let app: TestApp;
  let shop: SampleShop;
  beforeEach(async () => {
    app = await start({ clock });
    shop = await sampleShop(app.uow, app.actor);
  });

  const device = (index: number): string => `/inventory/devices/${shop.devices[index]?.id}`;
  const versionIn = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? '';
  const filterIn = (html: string): string =>
    (/name="filter" value="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');

  it('prices one device from its page and all of a filtered list, shows the history, and takes it back', async () => {
    expect((await app.get('/inventory/prices').expect(200)).text).to.include('这里会列出每一次单台调价');
    expect((await app.get(device(0)).expect(200)).text).to.include(
      `/inventory/prices/new?device=${shop.devices[0]?.id}`,
    );
    const one = { device: String(shop.devices[0]?.id), way: 'amount', value: '4500', reason: '展示机' };
    expect((await app.get(`/inventory/prices/new?device=${one.device}`).expect(200)).text).to.include('给 1 台调价');
    const wrong = await app.post('/inventory/prices', { ...one, value: '四千' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="四千"').and.include('给 1 台调价');
    const made = await app.post('/inventory/prices', one);
    expect(made.status, made.text.slice(0, 300)).to.equal(303);
    const page = String(made.headers['location']);
    expect((await app.get(page).expect(200)).text)
      .to.include('4,500.00')
      .and.include('展示机')
      .and.include('按价目表');
    expect((await app.get(device(0)).expect(200)).text)
      .to.include('单台调价')
      .and.include('按价目表 → 4,500.00');
    const list = (await app.get(`/inventory/devices?view=sellable&store=${shop.storeId}`).expect(200)).text;
    expect(list).to.include('给这些手机调价');
    const form = (await app.get(`/inventory/prices/new?view=sellable&store=${shop.storeId}`).expect(200)).text;
    expect(form).to.include('给 5 台调价');
    const bulk = { filter: filterIn(form), way: 'less', value: '100', reason: '降价' };
    const moved = await app.post('/inventory/prices', { ...bulk, count: '4' });
    expect([moved.status, moved.text.includes('现在是 5 台')]).to.deep.equal([409, true]);
    const all = await app.post('/inventory/prices', { ...bulk, count: '5' });
    expect(all.status, all.text.slice(0, 400)).to.equal(303);
    const done = String(all.headers['location']);
    expect((await app.get(done).expect(200)).text).to.include('4,400.00');
    await app.get(`${done}/print`).expect(200);
    await app.get('/inventory/prices.xlsx').expect(200);
    expect((await app.get(`/inventory/prices?q=${imeiOf(1).slice(-6)}&from=2026-11-22`)).text).to.include(done);
    expect((await app.get('/inventory/prices?q=没有这个')).text).to.not.include(`href="${done}"`);
    const priced = (await app.get('/inventory/devices?view=all&priceFrom=4300&priceTo=4450').expect(200)).text;
    expect(priced).to.include(imeiOf(0).slice(-4)).and.include('单台价 ≥¥4300');
    const asked = (await app.get(`${done}/reversal`).expect(200)).text;
    expect((await app.post(`${done}/reversal`, { version: versionIn(asked) })).status).to.equal(303);
    expect((await app.get(done)).text).to.include('已红冲');
    expect((await app.get(`${done}/reversal`)).status).to.equal(303);
    expect((await verifyLedger(app.database.read)).ok).to.equal(true);
  });

  it('names who is below the floor, and is for who may in that store', async () => {
    const rights = ['inventory.price.view', 'inventory.price.change', 'inventory.device.view'];
    const manager = await app.as({ permissions: rights, stores: [shop.storeId] });
    const one = { device: String(shop.devices[0]?.id), way: 'amount', value: '4000', reason: '降价' };
    const refused = await manager.post('/inventory/prices', one);
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('低于底价').and.include(imeiOf(0)).and.not.include('4,299');
    const other = await app.as({ permissions: rights, stores: [shop.otherStoreId] });
    expect((await other.post('/inventory/prices', one)).status).to.equal(422);
    const made = String((await app.post('/inventory/prices', one)).headers['location']);
    expect((await app.get(made)).text).to.include('低于底价');
    await other.get(made).expect(404);
    expect((await other.get('/inventory/prices')).text).to.not.include(made);
    const viewer = await app.as({
      permissions: ['inventory.price.view', 'inventory.device.view'],
      stores: [shop.storeId],
    });
    expect((await viewer.get(made).expect(200)).text).to.not.include('/reversal');
    await viewer.get('/inventory/prices/new').expect(403);
    expect((await viewer.get('/inventory/devices')).text).to.not.include('给这些手机调价');
  });

  it('tests a device on a sheet, with photographs, and shows it in lists, on labels, in exports and at the till', async () => {
    const grade = (await deviceGrades(app.database.read)).find(({ name }) => name === '95新');
    const checks = await deviceChecks(app.database.read);
    const href = `${device(0)}/tests`;
    expect((await app.get(`${href}/new`).expect(200)).text)
      .to.include('屏幕显示')
      .and.include('电池健康');
    const fields = {
      gradeId: String(grade?.id),
      batteryHealth: '88%',
      note: '后盖有划痕',
      ...Object.fromEntries(checks.map(({ id }, index) => [`outcome.${id}`, index === 1 ? 'fail' : 'pass'])),
      [`remark.${checks[1]?.id}`]: '右下角失灵',
    };
    const wrong = await app.post(href, { ...fields, batteryHealth: '超好' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('value="超好"').and.include('右下角失灵');
    const made = await app.post(href, fields);
    expect(made.status, made.text.slice(0, 300)).to.equal(303);
    const page = String(made.headers['location']);
    expect((await app.get(page).expect(200)).text)
      .to.include('右下角失灵')
      .and.include('异常')
      .and.include('后盖有划痕');
    expect((await app.upload(`${page}/attachments`, [])).status).to.equal(422);
    expect(
      (await app.upload(`${page}/attachments`, [{ field: 'file', name: '外观.png', content: PICTURE }])).status,
    ).to.equal(303);
    const removal = /href="([^"]+\/attachments\/\d+\/removal)"/.exec((await app.get(page)).text)?.[1] ?? '';
    await app.get(removal).expect(200);
    expect((await app.post(removal, {})).status).to.equal(303);
    const life = (await app.get(device(0)).expect(200)).text;
    expect(life).to.include('检测定级').and.include('95新').and.include('88%').and.include(page);
    const used = (await app.get('/inventory/devices?view=used&grade=95%E6%96%B0&battery=80').expect(200)).text;
    expect(used).to.include('95新 · 88%').and.include('电池 ≥80%');
    expect((await app.get('/inventory/devices?view=used&battery=90')).text).to.not.include('95新 · 88%');
    await app.get('/inventory/devices.xlsx?view=used').expect(200);
    expect((await app.get(`${device(0)}/label`).expect(200)).text).to.include('95新 · 88%');
    const viewer = await app.as({ permissions: ['inventory.device.view'], stores: [shop.storeId] });
    await viewer.get(`${href}/new`).expect(403);
    expect((await viewer.get(page).expect(200)).text).to.not.include('/reversal');
    const other = await app.as({
      permissions: ['inventory.device.view', 'inventory.test.edit'],
      stores: [shop.otherStoreId],
    });
    await other.get(page).expect(404);
    await other.get(`${href}/new`).expect(404);
    const asked = (await app.get(`${page}/reversal`).expect(200)).text;
    expect((await app.post(`${page}/reversal`, { version: versionIn(asked) })).status).to.equal(303);
    expect((await app.get(page)).text).to.include('已红冲');
    expect((await app.get('/inventory/devices?view=used')).text).to.not.include('95新 · 88%');
  });

  it('prints labels of all that a list shows or of ticked devices, and prices ticked ones', async () => {
    const list = (await app.get(`/inventory/devices?view=sellable&store=${shop.storeId}`).expect(200)).text;
    expect(list)
      .to.include('/inventory/devices/labels?view=sellable')
      .and.include('formaction="/inventory/prices/picked"');
    const labels = (await app.get(`/inventory/devices/labels?view=sellable&store=${shop.storeId}`).expect(200)).text;
    expect(labels.match(/class="label"/g)).to.have.length(5);
    expect(labels).to.include('data:image/svg+xml');
    const ticked = { device: [String(shop.devices[0]?.id), String(shop.devices[1]?.id)] };
    expect((await app.post('/inventory/devices/labels', ticked)).text.match(/class="label"/g)).to.have.length(2);
    const form = (await app.post('/inventory/prices/picked', ticked)).text;
    expect(form)
      .to.include('给 2 台调价')
      .and.include(`name="devices" value="${ticked.device.join(',')}"`);
    const fields = { devices: ticked.device.join(','), way: 'amount', reason: '展示' };
    const wrong = await app.post('/inventory/prices', { ...fields, value: '' });
    expect([wrong.status, wrong.text.includes('给 2 台调价')]).to.deep.equal([422, true]);
    expect((await app.post('/inventory/prices', { ...fields, value: '4600' })).status).to.equal(303);
    const other = await app.as({ permissions: ['inventory.device.view'], stores: [shop.otherStoreId] });
    expect((await other.post('/inventory/devices/labels', ticked)).text).to.not.include('class="label"');
    const { productId } = (await app.database.read.get(sku, shop.phoneSkuIds[0])) ?? { productId: 0 };
    const product = (await app.get(`/catalog/products/${productId}`).expect(200)).text;
    expect(product).to.include(`/inventory/devices?view=all&amp;product=${productId}`);
    const all = (await app.get(`/inventory/devices?view=all&product=${productId}`).expect(200)).text;
    expect(all).to.include('一种商品').and.include(imeiOf(0).slice(8, 14));
    expect((await app.get('/inventory/devices?product=999999')).text).to.not.include(imeiOf(0).slice(8, 14));
  });
});
