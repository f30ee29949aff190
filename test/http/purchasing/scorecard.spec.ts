import { expect } from 'chai';
import { placeOrder, receiveGoods } from '../../../src/modules/purchasing';
import { purchaseOrderLine } from '../../../src/modules/purchasing/store/order.table';
import { sql } from '../../../src/platform/database';
import { COST_PERMISSION } from '../../../src/platform/permissions';
import { testApps } from '../../support/http';
import { imeisOf, samplePurchasing } from '../../support/purchasing';

const clock = () => Date.parse('2026-11-22T04:00:00Z');

describe('the scorecard of suppliers', function () {
  this.timeout(60_000);
  const start = testApps();

  it('says what came in time, short, defective and dearer, with the rows behind it', async () => {
    const app = await start({ clock });
    const sample = await samplePurchasing(app.uow);
    const { supplierId, storeId, locationId, chargerSkuId } = sample;
    expect((await app.get('/purchasing/scorecard')).text).to.include('这段时间没有到期的订单');
    const receive = (businessDate: string, lines: Parameters<typeof receiveGoods>[2]['lines']) =>
      receiveGoods(app.uow, app.actor, {
        supplierId,
        storeId,
        locationId,
        businessDate,
        deliveryNote: null,
        withInvoice: false,
        note: null,
        lines,
      });
    // Before the period: chargers at 50.00, the price the period is compared with.
    await receive('2026-10-20', [{ skuId: chargerSkuId, quantity: 10, unitPriceFen: 5000 }]);
    const { id } = await placeOrder(app.uow, app.actor, {
      supplierId,
      storeId,
      orderedOn: '2026-11-01',
      expectedOn: '2026-11-10',
      note: null,
      submit: true,
      lines: [
        { skuId: chargerSkuId, storeId, quantity: 20, unitPriceFen: 5500 },
        { skuId: sample.phoneSkuIds[0], storeId, quantity: 4, unitPriceFen: 392_000, expectedOn: '2026-11-30' },
        { skuId: sample.phoneSkuIds[0], storeId: sample.otherStoreId, quantity: 6, unitPriceFen: 392_000 },
      ],
    });
    const [charger] = await app.database.read.find(purchaseOrderLine, { orderId: id });
    const order = { lineId: charger?.id ?? 0, unitPriceFen: 5500 };
    // Twelve in time, five late, three never; the handsets are not due yet, those of the other store never came.
    await receive('2026-11-10', [{ skuId: chargerSkuId, quantity: 12, order }]);
    await receive('2026-11-12', [{ skuId: chargerSkuId, quantity: 5, order }]);
    const phones = { skuId: sample.phoneSkuIds[0], quantity: 4, unitPriceFen: 392_000, devices: imeisOf(4) };
    await receive('2026-11-15', [phones]);
    await app.uow.run(app.actor, (unit) =>
      unit.execute(sql`UPDATE device SET bucket = 'defective' WHERE id IN
        (SELECT device_id FROM receipt_device WHERE main_number = ${imeisOf(1)[0]})`),
    );
    const days = 'from=2026-11-01&to=2026-11-22';
    const all = await app.get(`/purchasing/scorecard?${days}`).expect(200);
    expect(all.text).to.include('12 / 26').and.include('46.2%').and.include('9 / 26').and.include('1 / 4');
    expect(all.text).to.include('+10.0%').and.not.include('scorecard.svg?');
    const svg = await app.get(`/purchasing/scorecard.svg?${days}`).expect(200);
    expect(svg.body.toString()).to.include('46%');
    await app.get(`/purchasing/scorecard.xlsx?${days}`).expect(200);
    const rows = await app.get(`/purchasing/scorecard/${supplierId}?${days}`).expect(200);
    expect(rows.text).to.include(`/purchasing/orders/${id}`).and.include(imeisOf(1)[0]).and.include('在不良仓');
    expect(rows.text).to.include('50.00').and.include('55.00').and.not.include(imeisOf(2)[1]);
    expect((await app.get('/purchasing/scorecard/999999')).status).to.equal(404);
    // A day before nothing was due; one store's figures for who has one; no prices without the right to see cost.
    expect((await app.get('/purchasing/scorecard?from=2026-11-01&to=2026-11-09')).text).to.not.include('12 / 26');
    const local = await app.as({ permissions: ['purchasing.order.view'], stores: [storeId] });
    const seen = await local.get(`/purchasing/scorecard?${days}`).expect(200);
    expect(seen.text).to.include('12 / 20').and.not.include('+10.0%').and.not.include('进价涨跌</');
    expect((await local.get(`/purchasing/scorecard/${supplierId}?${days}`)).text).to.not.include('55.00');
    const buyer = await app.as({ permissions: ['purchasing.order.view', COST_PERMISSION], stores: [storeId] });
    expect((await buyer.get(`/purchasing/scorecard/${supplierId}?${days}`)).text).to.include('55.00');
    const none = await app.as({ permissions: ['purchasing.supplier.view'] });
    await none.get('/purchasing/scorecard').expect(403);
  });
});
