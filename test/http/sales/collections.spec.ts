import { expect } from 'chai';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { testApps } from '../../support/http';
import { download } from '../../support/import-pages';
import { imeiOf, sampleShop } from '../../support/sample-shop';

describe('money of customers in the browser', function () {
  this.timeout(60_000);
  const start = testApps();
  const hidden = (html: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html.slice(html.indexOf('<main')))?.[1] ?? '';

  it('is entered from a settlement, printed, listed, exported and taken back by who may', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const made = await on.post('/sales/consignments', {
      locationId: String(shop.locationId),
      partner: '13800138000',
      partnerName: '河西通讯',
      dueOn: '2099-01-01',
      numbers: `${imeiOf(0)} 4299`,
    });
    const consignmentId = String(made.headers['location']).split('/').at(-1) ?? '';
    const settled = await on.post('/sales/settlements', { consignmentId, dueOn: '2099-02-01', numbers: imeiOf(0) });
    const settlement = String(settled.headers['location']);
    const link =
      /\/sales\/collections\/new\?customer=\d+&amp;sale=\d+/.exec((await on.get(settlement)).text)?.[0] ?? '';
    const form = (await on.get(link.replace('&amp;', '&')).expect(200)).text;
    const item = /name="(items\.i\d+)"/.exec(form)?.[1] ?? '';
    expect(form).to.include('value="4299.00"').and.include('河西通讯');
    expect((await on.get('/sales/collections/new').expect(200)).text).to.include('name="partner"');
    expect((await on.post('/sales/collections/payer', { partner: '13900139000' })).status).to.equal(422);
    const payer = await on.post('/sales/collections/payer', { partner: '13800138000' });
    expect(payer.headers['location']).to.equal(`/sales/collections/new?customer=${hidden(form, 'customerId')}`);
    const typed = {
      customerId: hidden(form, 'customerId'),
      storeId: String(shop.storeId),
      account: 'bank',
      reference: 'T-77',
      [item]: '5000',
    };
    const over = await on.post('/sales/collections', typed);
    expect(over.status).to.equal(409);
    expect(over.text).to.include('未收只有').and.include('T-77');
    const bad = await on.post('/sales/collections', { ...typed, [item]: 'abc' });
    expect(bad.status).to.equal(422);
    const done = await on.post('/sales/collections', { ...typed, [item]: '4000' });
    expect(done.status, done.text).to.equal(303);
    const href = String(done.headers['location']);
    const text = (await on.get(href).expect(200)).text;
    expect(text).to.include('4,000.00').and.include('T-77').and.include('银行存款');
    expect((await on.get(settlement)).text).to.include('299.00');
    expect((await on.get(`${href}/print`).expect(200)).text).to.include('4,000.00');
    for (const query of ['state=posted', 'q=T-77', `q=${encodeURIComponent('河西')}`])
      expect((await on.get(`/sales/collections?${query}`).expect(200)).text, query).to.include('河西通讯');
    const [, first] = await readAllRows(await download(on, '/sales/collections.xlsx'));
    expect(first?.cells.slice(1, 3).map((cell) => cell.text)).to.deep.equal(['已收款', '河西通讯']);

    const viewer = await on.as({ permissions: ['sales.receivable.view'], stores: [shop.storeId] });
    expect((await viewer.get(href).expect(200)).text).not.to.include('/reversal');
    for (const path of ['/sales/collections/new', `${href}/reversal`])
      expect((await viewer.get(path)).status, path).to.equal(403);
    expect((await viewer.post('/sales/collections', typed)).status).to.equal(403);
    const other = await on.as({ permissions: ['sales.receivable.view'], stores: [shop.otherStoreId] });
    expect((await other.get(href)).status).to.equal(404);
    expect((await other.get('/sales/collections').expect(200)).text).not.to.include('河西通讯');

    const version = hidden((await on.get(`${href}/reversal`).expect(200)).text, 'version');
    expect((await on.post(`${href}/reversal`, { version, reason: '' })).status).to.equal(422);
    expect((await on.post(`${href}/reversal`, { version, reason: '记错' })).status).to.equal(303);
    expect((await on.get(href)).text)
      .to.include('已红冲')
      .and.include('记错');
  });
});
