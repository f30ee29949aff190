import { expect } from 'chai';
import { placeOrder } from '../../../src/modules/purchasing';
import { COST_PERMISSION } from '../../../src/platform/permissions';
import { testApps } from '../../support/http';
import { samplePurchasing } from '../../support/purchasing';

const clock = () => Date.parse('2026-11-22T04:00:00Z');

describe('price lists of suppliers over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();

  it('are kept with plain forms, listed, exported, and hidden from who sees no cost', async () => {
    const app = await start({ clock });
    const sample = await samplePurchasing(app.uow);
    const href = `/purchasing/suppliers/${sample.supplierId}/prices`;
    expect((await app.get(`/purchasing/suppliers/${sample.supplierId}`)).text).to.include(href);
    expect((await app.get(href)).text).to.include('还没有价格');
    await app.get(`${href}/new`).expect(200);
    const price = { sku: 'CD67', unitPrice: '60.00', fromOn: '2026-11-01', minQuantity: '1', packSize: '10' };
    const wrong = await app.post(href, { ...price, untilOn: '2026-10-01' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('截止日期不能早于生效日期').and.include('60.00');
    expect((await app.post(href, { ...price, sku: '小米 17' })).text).to.include('有几个规格');
    expect((await app.post(href, { ...price, operationKey: 'price-once-1' })).status).to.equal(303);
    expect((await app.post(href, { ...price, operationKey: 'price-once-1' })).status).to.equal(303);
    const list = await app.get(`${href}?valid=now&q=cd67`).expect(200);
    expect(list.text).to.include('67W').and.include('60.00');
    expect((await app.get(`${href}?valid=ended`)).text).to.not.include('67W');
    expect((await app.get(`${href}?valid=later`)).text).to.not.include('67W');
    await app.get(`${href}.xlsx`).expect(200);
    const one = /href="(\/purchasing\/suppliers\/\d+\/prices\/\d+)"/.exec(list.text)?.[1] ?? '';
    const form = await app.get(one).expect(200);
    const version = /name="version" value="(\d+)"/.exec(form.text)?.[1] ?? '';
    const { sku: _sku, ...terms } = price;
    expect((await app.post(one, { ...terms, version, unitPrice: '58.00' })).status).to.equal(303);
    expect((await app.post(one, { ...terms, version, unitPrice: '57.00' })).status).to.equal(409);

    const { storeId } = sample;
    const line = { skuId: sample.chargerSkuId, storeId };
    const { id } = await placeOrder(app.uow, app.actor, {
      supplierId: sample.supplierId,
      storeId,
      orderedOn: '2026-11-20',
      expectedOn: null,
      note: null,
      submit: false,
      lines: [
        { ...line, quantity: 15 },
        { ...line, quantity: 10, unitPriceFen: 6380 },
      ],
    });
    const order = await app.get(`/purchasing/orders/${id}`).expect(200);
    expect(order.text).to.include('58.00').and.include('价格表 58.00，高 10.0%').and.include('10 件一箱');
    expect((await app.get(`/purchasing/orders/${id}/lines`)).text).to.include('价格表：58.00');

    const permissions = ['purchasing.supplier.view', 'purchasing.price.view', 'purchasing.order.view'];
    const blind = await app.as({ permissions });
    await blind.get(href).expect(403);
    await blind.get(`${href}.xlsx`).expect(403);
    expect((await blind.get(`/purchasing/suppliers/${sample.supplierId}`)).text).to.not.include(href);
    expect((await blind.get(`/purchasing/orders/${id}`)).text).to.not.include('58.00');
    const reader = await app.as({ permissions: [...permissions, COST_PERMISSION] });
    expect((await reader.get(href)).text)
      .to.include('58.00')
      .and.not.include(`${href}/new`);
  });
});
