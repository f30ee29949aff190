import { expect } from 'chai';
import { readAllRows } from '../../src/platform/spreadsheet';
import { busyShop } from '../support/busy-shop';
import { testApps } from '../support/http';
import { download } from '../support/import-pages';

const VIEWS = ['inventory.stock.view', 'inventory.device.view'];

describe('pages of stock by store', function () {
  this.timeout(60_000);
  const start = testApps();

  it('lead from the stores’ figures to the product and to the documents behind them, and are exported', async () => {
    const on = await start();
    const shop = await busyShop(on);
    const { text } = await on.get('/reporting/stock-matrix').expect(200);
    expect(text).to.include('新街口店').and.include('河西店');
    const card = `/inventory/movements?sku=${shop.chargerSkuId}&amp;store=${shop.storeId}`;
    expect(text).to.include(`href="${card}"`).and.include(`/reporting/availability/${shop.chargerSkuId}`);
    expect((await on.get(card.replaceAll('&amp;', '&')).expect(200)).text).to.include('结存');
    const rows = (await readAllRows(await download(on, '/reporting/stock-matrix.xlsx'))).map(({ cells }) =>
      cells.map(({ text: cell }) => cell),
    );
    expect(rows[0]).to.eql(['编码', '商品', '在库', '新街口店', '河西店']);
    expect(rows.find(([code]) => code === 'CD67')?.slice(2, 4)).to.eql(['18', '18']);
    const one = (await on.get(`/reporting/stock-matrix?store=${shop.storeId}`).expect(200)).text;
    expect(one).to.match(/待到货[\s\S]*CD67[\s\S]*<td[^>]*>4<\/td>/);
    const found = (await on.get('/reporting/stock-matrix?q=cd67&goods=all&measure=sellable').expect(200)).text;
    expect(found).to.include('CD67').and.not.include('MI17-01');
    expect((await on.get('/reporting/stock-matrix?on=2020-01-01').expect(200)).text).to.include('2020-01-01 日终');
    expect((await on.get(`/reporting/stock-matrix?brand=${shop.brandId}`).expect(200)).text).to.include('MI17-01');
    const product = (await on.get(`/reporting/availability/${shop.chargerSkuId}`).expect(200)).text;
    expect(product).to.include('可售减去调拨备货').and.include('/purchasing/on-order?q=CD67');
    const stores = await readAllRows(await download(on, `/reporting/availability/${shop.chargerSkuId}/stores.xlsx`));
    expect(stores[1]?.cells.map(({ text: cell }) => cell).slice(0, 6)).to.eql([
      'CD67',
      '67W 充电器',
      '新街口店',
      '18',
      '0',
      '18',
    ]);
  });

  it('show ages with the handsets behind them and the value of any day beside the accounts', async () => {
    const on = await start();
    const shop = await busyShop(on);
    const ages = (await on.get('/reporting/ageing?by=category').expect(200)).text;
    const devices = `/inventory/devices?category=${shop.phoneCategoryId}&amp;age=a`;
    expect(ages).to.include(`href="${devices}"`);
    const listed = (await on.get(devices.replaceAll('&amp;', '&')).expect(200)).text;
    const count = new RegExp(`href="${devices.replace(/[?]/g, '\\?')}"[^>]*>(\\d+)<`).exec(ages)?.[1];
    expect(listed.match(/<tr/g)?.length, 'rows with head and totals').to.equal(Number(count) + 2);
    expect((await on.get(`/inventory/devices?category=${shop.phoneCategoryId}&age=d`).expect(200)).text).to.include(
      '没有',
    );
    await on.agent.get('/reporting/ageing.svg').expect(200).expect('content-type', /svg/);
    expect(await readAllRows(await download(on, '/reporting/ageing.xlsx'))).to.have.length(3);
    const value = (await on.get('/reporting/valuation').expect(200)).text;
    expect(value).to.include('总账库存科目').and.not.include('tone-bad');
    expect(value).to.include(`/reporting/stock-matrix?store=${shop.storeId}&amp;measure=value`);
    const one = (await on.get(`/reporting/valuation?store=${shop.storeId}`).expect(200)).text;
    expect(one).to.include('总账库存科目').and.not.include('tone-bad');
    expect((await on.get('/reporting/valuation?on=2020-01-01').expect(200)).text).to.include('没有');
    expect(await readAllRows(await download(on, '/reporting/valuation.xlsx?by=brand'))).to.have.length(2);
    expect(value).to.include('/reporting/valuation.svg').and.include('91 天');
    for (const address of ['/reporting/valuation.svg?theme=dark', '/reporting/valuation.svg?q=cd67&on=2026-01-01'])
      expect((await on.get(address).expect(200)).headers['content-type']).to.include('image/svg+xml');
  });

  it('keep to the reader’s stores, and no page or file tells cost without the right', async () => {
    const on = await start();
    const shop = await busyShop(on);
    const other = await on.as({ permissions: VIEWS, stores: [shop.otherStoreId] });
    const seen = (await other.get('/reporting/stock-matrix').expect(200)).text;
    expect(seen).to.include('MI17').and.not.include('CD67');
    expect((await other.get(`/reporting/stock-matrix?store=${shop.storeId}`).expect(200)).text).not.to.include('CD67');
    expect((await other.get(`/reporting/availability/${shop.chargerSkuId}`).expect(200)).text).not.to.include('>18<');
    const blind = await on.as({ permissions: VIEWS });
    for (const address of ['/reporting/stock-matrix?measure=value', '/reporting/ageing'])
      expect((await blind.get(address).expect(200)).text, address).not.to.match(/\d\.\d\d<|金额/);
    const rows = await readAllRows(await download(blind, '/reporting/ageing.xlsx'));
    expect(rows[0]?.cells).to.have.length(5);
    await blind.get('/reporting/valuation').expect(403);
    await blind.get('/reporting/valuation.xlsx').expect(403);
    await blind.get('/reporting/valuation.svg').expect(403);
    await on
      .as({ permissions: ['sales.sale.view'] })
      .then((client) => client.get('/reporting/stock-matrix').expect(403));
  });
});
