import { expect } from 'chai';
import { listChannels } from '../../src/modules/organization';
import { postSale } from '../../src/modules/sales';
import { testApps } from '../support/http';
import { sampleCatalog } from '../support/sample-catalog';
import { sampleShop } from '../support/sample-shop';

const SELLS = ['reporting.dashboard.view', 'sales.sale.create', 'sales.sale.view', 'inventory.device.view'];

describe('the home page', function () {
  this.timeout(30_000);
  const start = testApps();

  it('of an empty database says what to do first, step by step, in both languages', async () => {
    const on = await start();
    const empty = (await on.get('/').expect(200)).text;
    expect(empty)
      .to.include('第一步')
      .and.include('href="/organization/stores"')
      .and.include('/imports/catalog.products');
    expect([...empty.matchAll(/class="btn btn-primary/g)], 'one filled button').to.have.length(1);
    expect(empty, 'no figures of nothing').not.to.include('上周同日');
    await sampleCatalog(on.uow);
    const next = (await on.get('/').expect(200)).text;
    expect(next).to.match(/btn-primary[^>]*href="\/organization\/staff"|href="\/organization\/staff"[^>]*btn-primary/);
    const english = await on.as({ locale: 'en' });
    expect((await english.get('/').expect(200)).text).to.include('First steps');
    const clerk = await on.as({ permissions: ['sales.sale.view'] });
    expect((await clerk.get('/').expect(200)).text, 'no button to where the reader may not go').not.to.include(
      '/imports/',
    );
  });

  it('shows sales by channel with the documents behind them, by period, and as a file', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const [online] = await listChannels(on.database.read);
    const channelId = online?.id ?? 0;
    const sell = (index: number, more: object) =>
      postSale(on.uow, on.actor, {
        registerId: shop.registerId,
        lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[index]?.id ?? 0, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 449_900 }],
        ...more,
      });
    await sell(0, {});
    expect((await on.get('/').expect(200)).text, 'one channel only').not.to.include('渠道销售');
    await sell(1, { channelId });
    await sell(2, { channelId });
    const home = (await on.get('/').expect(200)).text;
    expect(home).to.include('渠道销售').and.include('8,998.00').and.include(`/sales/sales?channel=${channelId}&amp;`);
    const page = (await on.get('/reporting/channels').expect(200)).text;
    expect(page).to.include('66.7%').and.include('毛利').and.include('channel=store');
    expect((await on.get('/reporting/channels?from=2020-01-01&to=2020-01-31').expect(200)).text).to.include(
      '这几天没有销售',
    );
    await on.agent
      .get('/reporting/channels.xlsx')
      .expect(200)
      .expect('content-type', /spreadsheetml/);
    const cashier = await on.as({ permissions: ['reporting.dashboard.view'] });
    const seen = (await cashier.get('/reporting/channels').expect(200)).text;
    expect(seen)
      .to.include('8,998.00')
      .and.not.match(/毛利|href="\/sales/);
    const other = await on.as({ permissions: ['reporting.dashboard.view'], stores: [shop.otherStoreId] });
    expect((await other.get('/reporting/channels').expect(200)).text).not.to.include('8,998.00');
  });

  it('shows today’s figures once something was sold; cost and profit to nobody without the right', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    await postSale(on.uow, on.actor, {
      registerId: shop.registerId,
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[0]?.id ?? 0, quantity: 1, discountFen: 0 }],
      tenders: [{ kind: 'cash', amountFen: 449_900 }],
    });
    const owner = (await on.get('/').expect(200)).text;
    expect(owner).not.to.include('第一步');
    expect(owner).to.include('4,499').and.include('毛利').and.include('/reporting/charts/margin.svg');
    const cashier = await on.as({ permissions: SELLS });
    const seen = (await cashier.get('/').expect(200)).text;
    expect(seen)
      .to.include('4,499')
      .and.not.match(/毛利|成本|margin\.svg/);
    for (const path of ['/reporting/charts/margin.svg', '/reporting/tables/margin'])
      expect((await cashier.get(path)).status, path).to.equal(404);
    const tables = await Promise.all(
      ['hours', 'brands', 'ageing'].map((name) => cashier.get(`/reporting/tables/${name}`).expect(200)),
    );
    for (const { text } of tables) expect(text).not.to.match(/毛利|成本/);
    for (const name of ['hours', 'brands', 'margin', 'ageing'])
      await on.agent.get(`/reporting/charts/${name}.svg?theme=dark`).expect(200).expect('content-type', /svg/);
    const other = await on.as({ permissions: SELLS, stores: [shop.otherStoreId] });
    expect((await other.get('/').expect(200)).text, 'the sale of another store').not.to.include('4,499');
    expect((await other.get('/reporting/tables/brands').expect(200)).text).not.to.include('4,499');
    const nobody = await on.as({ permissions: ['crm.customer.view'] });
    expect((await nobody.get('/').expect(200)).text)
      .to.include('您好')
      .and.not.include('4,499');
    expect((await nobody.get('/reporting/tables/brands')).status).to.equal(403);
  });
});
