import { expect } from 'chai';
import { consignment } from '../../../src/modules/sales/store/consignment.table';
import { sql } from '../../../src/platform/database';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { testApps } from '../../support/http';
import { download } from '../../support/import-pages';
import { imeiOf, sampleShop } from '../../support/sample-shop';

describe('consignments in the browser', function () {
  this.timeout(60_000);
  const start = testApps();
  const hidden = (html: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html.slice(html.indexOf('<main')))?.[1] ?? '';

  it('are made, printed, taken back, found and exported; what was typed stays', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const form = (await on.get('/sales/consignments/new').expect(200)).text;
    const dueOn = /name="dueOn"[^>]*value="([^"]+)"/.exec(form)?.[1] ?? '';
    const typed = {
      locationId: String(shop.locationId),
      partner: '13800138000',
      partnerName: '河西通讯',
      dueOn,
      price: '4199',
      numbers: `${imeiOf(0)}\n${imeiOf(50)}`,
    };
    const wrong = await on.post('/sales/consignments', typed);
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('不在这个库位').and.include('河西通讯').and.include(imeiOf(50));
    const made = await on.post('/sales/consignments', { ...typed, numbers: `${imeiOf(0)} 4299\n${imeiOf(1)}` });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect((await on.get(href).expect(200)).text)
      .to.include('代销中')
      .and.include('2 / 2')
      .and.include('4,299.00')
      .and.include('发出 2 台');
    expect((await on.get(`${href}/print`).expect(200)).text)
      .to.include('代销方')
      .and.include('4,199.00');
    await on.uow.run(on.actor, (unit) => unit.execute(sql`UPDATE consignment_out SET due_on = ${'2020-01-01'}`));
    expect((await on.get('/alerts').expect(200)).text).to.include('委托代销逾期未结');
    for (const query of ['late=1', `q=${imeiOf(0).slice(-6)}`, `q=${encodeURIComponent('河西')}`, 'sort=due'])
      expect((await on.get(`/sales/consignments?${query}`).expect(200)).text, query).to.include('河西通讯');
    const page = (await on.get(`${href}/returns/new`).expect(200)).text;
    const rows = [...page.matchAll(/name="(rows\.d\d+)"/g)].map(([, name = '']) => name);
    expect(rows).to.have.length(2);
    const version = hidden(page, 'version');
    expect((await on.post(`${href}/returns`, { version })).status, 'nothing ticked').to.equal(422);
    const sent = { version, [rows[0] ?? '']: '1' };
    expect((await on.post(`${href}/returns`, sent)).status).to.equal(303);
    expect((await on.post(`${href}/returns`, sent)).status, 'a stale page').to.equal(409);
    expect((await on.get(href)).text)
      .to.include('1 / 2')
      .and.include('收回 1 台');
    expect((await on.get('/sales/consignment_returns/1').redirects(0)).headers['location']).to.equal(href);
    const number = (await on.database.read.find(consignment, {}))[0]?.number ?? '';
    expect((await on.get(`/search?q=${number}`).redirects(0)).headers['location'], 'found by its number').to.equal(
      href,
    );
    const [, first] = await readAllRows(await download(on, '/sales/consignments.xlsx'));
    expect(first?.cells.slice(0, 3).map(({ text }) => text)).to.deep.equal([number, '代销中', '河西通讯']);
  });

  it('are seen in the reader’s stores, cost by who may see it, and made and reversed by who may', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const typed = { locationId: String(shop.locationId), partner: '13800138000', partnerName: '江宁店' };
    const body = { ...typed, dueOn: '2099-01-01', price: '4000', numbers: imeiOf(0) };
    const made = await on.post('/sales/consignments', body);
    const href = String(made.headers['location']);
    expect((await on.get(href).expect(200)).text).to.include('3,900.00');
    const viewer = await on.as({ permissions: ['sales.consignment.view'], stores: [shop.storeId] });
    expect((await viewer.get(href).expect(200)).text)
      .to.include('江宁店')
      .and.not.include('3,900.00')
      .and.not.include('/returns/new')
      .and.not.include('/reversal');
    for (const path of ['/sales/consignments/new', `${href}/returns/new`, `${href}/reversal`])
      expect((await viewer.get(path)).status, path).to.equal(403);
    expect((await viewer.post('/sales/consignments', { ...body, numbers: imeiOf(1) })).status).to.equal(403);
    const other = await on.as({ permissions: ['sales.consignment.view'], stores: [shop.otherStoreId] });
    expect((await other.get(href)).status).to.equal(404);
    expect((await other.get('/sales/consignments').expect(200)).text).not.to.include('江宁店');
    const ask = (await on.get(`${href}/reversal`).expect(200)).text;
    expect((await on.post(`${href}/reversal`, { version: hidden(ask, 'version') })).status).to.equal(303);
    expect((await on.get(href)).text).to.include('已红冲');
  });
});
