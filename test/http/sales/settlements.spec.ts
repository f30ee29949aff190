import { expect } from 'chai';
import { sql } from '../../../src/platform/database';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { testApps } from '../../support/http';
import { download } from '../../support/import-pages';
import { imeiOf, sampleShop } from '../../support/sample-shop';

describe('settlements with partners in the browser', function () {
  this.timeout(60_000);
  const start = testApps();
  const hidden = (html: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html.slice(html.indexOf('<main')))?.[1] ?? '';

  it('are made from a consignment, printed, listed, exported and reversed; cost is hidden without the right', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    expect((await on.get('/sales/settlements/new').redirects(0)).headers['location']).to.equal(
      '/sales/consignments?state=out',
    );
    const made = await on.post('/sales/consignments', {
      locationId: String(shop.locationId),
      partner: '13800138000',
      partnerName: '河西通讯',
      dueOn: '2099-01-01',
      numbers: `${imeiOf(0)} 4299\n${imeiOf(1)} 4299`,
    });
    const from = String(made.headers['location']);
    expect((await on.get(from)).text).to.include('/sales/settlements/new?consignment=');
    const form = (await on.get(`/sales/settlements/new?consignment=${from.split('/').at(-1)}`).expect(200)).text;
    const rows = [...form.matchAll(/name="(rows\.d\d+)"/g)].map(([, name = '']) => name);
    expect(rows).to.have.length(2);
    const typed = {
      consignmentId: hidden(form, 'consignmentId'),
      dueOn: '2099-02-01',
      numbers: imeiOf(3),
      reference: 'HX-11',
    };
    const wrong = await on.post('/sales/settlements', typed);
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('不在这家代销商处').and.include('HX-11').and.include(imeiOf(3));
    const sent = { ...typed, numbers: '', [rows[0] ?? '']: '1', commission: '106', commissionTax: '6' };
    const done = await on.post('/sales/settlements', sent);
    expect(done.status, done.text).to.equal(303);
    const href = String(done.headers['location']);
    const text = (await on.get(href).expect(200)).text;
    expect(text).to.include('4,193.00').and.include('3,900.00').and.include('HX-11').and.include('结算 1 台');
    expect((await on.get(from)).text)
      .to.include('1 / 2')
      .and.include(href);
    expect((await on.get(`${href}/print`).expect(200)).text)
      .to.include('4,299.00')
      .and.not.include('3,900.00');
    await on.uow.run(on.actor, (unit) => unit.execute(sql`UPDATE consignment_sale SET due_on = ${'2020-01-01'}`));
    expect((await on.get('/alerts').expect(200)).text).to.include('代销款到期未收');
    const quiet = { alertConsignments: 'true', 'reason-for-change': '财务自己盯' };
    expect((await on.post('/settings/parameters/sales', quiet)).status).to.equal(303);
    expect((await on.get('/alerts').expect(200)).text, 'switched off').not.to.include('代销款到期未收');
    for (const query of ['unpaid=1', `q=${imeiOf(0).slice(-6)}`, `q=${encodeURIComponent('河西')}`, 'state=posted'])
      expect((await on.get(`/sales/settlements?${query}`).expect(200)).text, query).to.include('河西通讯');
    const number = /DX\d{6}-[A-Z0-9]+-\d{4}/.exec(text)?.[0] ?? '';
    expect((await on.get(`/search?q=${number}`).redirects(0)).headers['location']).to.equal(href);
    const listed = await readAllRows(await download(on, '/sales/settlements.xlsx'));
    expect(listed[1]?.cells.slice(0, 3).map((cell) => cell.text)).to.deep.equal([number, '已结算', '河西通讯']);
    const [, device] = await readAllRows(await download(on, `${href}/devices.xlsx`));
    expect(device?.cells[1]?.text).to.equal(imeiOf(0));

    const viewer = await on.as({ permissions: ['sales.settlement.view'], stores: [shop.storeId] });
    expect((await viewer.get(href).expect(200)).text)
      .to.include('4,299.00')
      .and.not.include('3,900.00');
    expect((await viewer.get('/sales/settlements').expect(200)).text).to.not.include('毛利');
    const [heads] = await readAllRows(await download(viewer, '/sales/settlements.xlsx'));
    expect(heads?.cells.map((cell) => cell.text))
      .to.include('结算金额')
      .and.not.include('成本');
    expect((await viewer.get(`${href}/reversal`)).status).to.equal(403);
    expect((await viewer.post('/sales/settlements', sent)).status).to.equal(403);
    const other = await on.as({ permissions: ['sales.settlement.view'], stores: [shop.otherStoreId] });
    expect((await other.get(href)).status).to.equal(404);
    expect((await other.get('/sales/settlements').expect(200)).text).not.to.include('河西通讯');

    const saleHref = /\/sales\/sales\/\d+(?=")/.exec(text)?.[0] ?? '';
    expect((await on.get(saleHref).expect(200)).text)
      .to.include(href)
      .and.not.include(`${saleHref}/reversal`);
    const ask = (await on.get(`${href}/reversal`).expect(200)).text;
    const version = hidden(ask, 'version');
    expect((await on.post(`${href}/reversal`, { version, reason: '' })).status).to.equal(422);
    expect((await on.post(`${href}/reversal`, { version, reason: '报错了' })).status).to.equal(303);
    expect((await on.get(href)).text)
      .to.include('已红冲')
      .and.include('报错了');
    expect((await on.get(from)).text).to.include('2 / 2');
  });
});
