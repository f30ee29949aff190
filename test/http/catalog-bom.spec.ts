import { expect } from 'chai';
import { testApps } from '../support/http';
import { sampleShop } from '../support/sample-shop';

describe('bills of materials in the browser', function () {
  this.timeout(60_000);
  const start = testApps();

  it('are shown with the product, changed by who may, and keep what was typed', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const href = `/catalog/skus/${shop.phoneSkuIds[1]}/bom`;
    expect((await on.get(`/catalog/products/${shop.phoneProductId}`).expect(200)).text).to.include(href);
    expect((await on.get(href).expect(200)).text).to.include('还没有组装清单');
    const wrong = await on.post(href, { version: '0', components: 'MI17-01\nNONE 2' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('第 2 行').and.include('NONE 2');
    expect((await on.post(href, { version: '0', components: 'MI17-01\nCD67 2' })).status).to.equal(303);
    expect((await on.get(`/catalog/products/${shop.phoneProductId}`)).text).to.include('2 种部件');
    expect((await on.get(`/catalog/skus/${shop.chargerSkuId}/bom`)).text).to.include('用在这些商品里');
    const viewer = await on.as({ permissions: ['catalog.product.view'], stores: 'all' });
    expect((await viewer.get(href).expect(200)).text)
      .to.include('67W 充电器')
      .and.not.include('保存清单');
    expect((await viewer.post(href, { version: '1', components: '' })).status).to.equal(403);
  });
});
