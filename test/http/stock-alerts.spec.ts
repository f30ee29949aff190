import { expect } from 'chai';
import { saveReplenishmentRule } from '../../src/modules/purchasing/use-cases/save-replenishment-rule';
import { readAllRows } from '../../src/platform/spreadsheet';
import { fromInstant } from '../../src/kernel';
import { placeOrder } from '../../src/modules/purchasing';
import { sql } from '../../src/platform/database';
import { writeParameter } from '../../src/platform/parameters';
import { busyShop } from '../support/busy-shop';
import { testApps } from '../support/http';
import { download } from '../support/import-pages';

const PATH = '/reporting/alerts';

describe('page of stock alerts', function () {
  this.timeout(60_000);
  const start = testApps();

  it('is computed, told on the home page, and makes the document with one click; others see their stores', async () => {
    const on = await start();
    const shop = await busyShop(on);
    expect((await on.get(PATH).expect(200)).text).to.include('没有需要处理的库存');
    const rule = { skuId: shop.chargerSkuId, minimum: null, coverDays: null, leadDays: null, packSize: null };
    await saveReplenishmentRule(on.uow, on.actor, { ...rule, storeId: shop.otherStoreId, minimum: 4, maximum: null });
    await saveReplenishmentRule(on.uow, on.actor, { ...rule, storeId: shop.storeId, maximum: 10 });
    expect((await on.post(`${PATH}/runs`)).headers['location']).to.equal(PATH);
    const { text } = await on.get(PATH).expect(200);
    expect(text).to.include('可售 18，多于 10。').and.include('现有和在途 0，补货点 4。').and.include('请购 4 件');
    expect((await on.get('/').expect(200)).text).to.include('/reporting/alerts?kind=below');
    expect((await on.get(`${PATH}?kind=above&q=cd67`).expect(200)).text)
      .to.include('调 4 件到河西店')
      .and.not.include('请购 4 件');
    const rows = await readAllRows(await download(on, `${PATH}.xlsx`));
    expect(rows[1]?.cells.map(({ text: cell }) => cell).slice(0, 4)).to.eql(['不足', '河西店', 'CD67', '67W 充电器']);

    const here = await on.as({ permissions: ['reporting.alert.view'], stores: [shop.storeId] });
    const seen = (await here.get(PATH).expect(200)).text;
    expect(seen)
      .to.include('可售 18')
      .and.not.include('补货点 4')
      .and.not.include('重新计算')
      .and.not.include('调 4 件');
    expect((await here.post(`${PATH}/runs`)).status).to.equal(403);
    const action = (name: string) => new RegExp(`action="(${PATH}/\\d+/${name})"`).exec(text)?.[1] ?? '';
    expect((await here.post(action('requisition'))).status, 'of another store').to.equal(404);
    expect((await here.post(action('transfer'))).status, 'may look only').to.equal(403);

    const wish = (await on.post(action('requisition'))).headers['location'] ?? '';
    expect((await on.get(wish).expect(200)).text).to.include('CD67');
    const moved = (await on.post(action('transfer'))).headers['location'] ?? '';
    expect((await on.get(moved).expect(200)).text).to.include('CD67');
    expect((await on.post(action('transfer'))).headers['location']).to.equal(PATH);
    expect((await on.get(PATH).expect(200)).text).to.include('已经处理过');
    expect((await on.get(`${PATH}?state=done`).expect(200)).text).to.include(`href="${moved}"`);
  });

  it('goes from the home page and the bell with its switch', async () => {
    let now = Date.now() - 10 * 24 * 3_600_000;
    const on = await start({ clock: () => now });
    const shop = await busyShop(on);
    const before = await on.database.read.all<{ id: number }>(sql`SELECT id FROM supplier`);
    const order = { supplierId: before[0]?.id ?? 0, storeId: shop.storeId, note: null, submit: true };
    const line = { skuId: shop.chargerSkuId, storeId: shop.storeId, quantity: 4, unitPriceFen: 6_121 };
    const [orderedOn, expectedOn] = [0, 2].map((days) => fromInstant(now + days * 24 * 3_600_000, 'Asia/Shanghai'));
    await placeOrder(on.uow, on.actor, {
      ...order,
      orderedOn: orderedOn ?? '',
      expectedOn: expectedOn ?? '',
      lines: [line],
    });
    now += 10 * 24 * 3_600_000;
    expect((await on.get('/alerts').expect(200)).text).to.include('/purchasing/on-order?late=yes');
    await on.uow.run(on.actor, (unit) => writeParameter(unit, 'reporting.alertOrder', false));
    expect((await on.get('/alerts').expect(200)).text).not.to.include('/purchasing/on-order?late=yes');
  });

  it('is sent of one store where the channel says so', async () => {
    const on = await start();
    const shop = await busyShop(on);
    const form = (await on.get('/settings/notifications/channels/new?kind=webhook').expect(200)).text;
    expect(form).to.include('库存预警（每天一次）').and.include('河西店');
    const fields = {
      name: '河西',
      locale: 'zh-CN',
      url: 'https://x.example/hook',
      active: '1',
      storeId: shop.otherStoreId,
    };
    const { headers } = await on.post('/settings/notifications/channels?kind=webhook', {
      ...fields,
      kind: 'webhook',
      'events.stock-alerts': '1',
    });
    expect(headers['location']).to.include('/settings/notifications');
    const [row] = await on.database.read.find((await import('../../src/platform/notify')).notificationChannel, {});
    expect(row).to.deep.include({ storeId: shop.otherStoreId, subscriptions: ['stock-alerts'] });
    const saved = (await on.get(`/settings/notifications/channels/${row?.id}`).expect(200)).text;
    expect(saved).to.match(new RegExp(`value="${shop.otherStoreId}"[^>]*selected`));
  });
});
