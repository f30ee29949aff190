import { expect } from 'chai';
import { addSupplier } from '../../../src/modules/purchasing';
import { consignment } from '../../../src/modules/purchasing/store/consignment.table';
import { postSale } from '../../../src/modules/sales';
import { sql } from '../../../src/platform/database';
import { consignmentHands } from '../../support/consignments';
import { testApps } from '../../support/http';
import { imeiOf, sampleShop } from '../../support/sample-shop';

describe('settling consigned devices in the browser', function () {
  this.timeout(60_000);
  const start = testApps();

  it('chooses, shows, settles and prints; unsold ones are returned or bought, old ones are told', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const supplierId = await on.uow.run(on.actor, (unit) =>
      addSupplier(unit, on.services.keys, { name: '深圳华盛通讯', paymentDays: 30 }),
    );
    const hands = consignmentHands(on.uow, shop, on.actor);
    await hands.receive(supplierId, [60, 61, 62, 63]);
    for (const index of [60, 61])
      await postSale(on.uow, on.actor, {
        registerId: shop.registerId,
        lines: [
          { skuId: shop.phoneSkuIds[0], deviceId: (await hands.deviceOf(index)).id, quantity: 1, discountFen: 0 },
        ],
        tenders: [{ kind: 'cash', amountFen: 449_900 }],
      });
    const base = '/purchasing/consignments';
    const asking = (await on.get(`${base}/settlement/new`).expect(200)).text;
    expect(asking).to.include('看要结算哪些');
    const untilOn = /name="untilOn"[^>]*value="([^"]+)"/.exec(asking)?.[1] ?? '';
    const what = { supplierId, storeId: shop.storeId, untilOn };
    expect((await on.post(`${base}/settlements`, { ...what, supplierId: '' })).status).to.equal(422);
    const nothing = `${base}/settlement/new?supplierId=${supplierId}&storeId=${shop.otherStoreId}&untilOn=${untilOn}`;
    expect((await on.get(nothing).expect(200)).text).to.include('没有要结算的');
    const chosen = await on.post(`${base}/settlements`, what);
    expect(chosen.status).to.equal(303);
    const list = (await on.get(String(chosen.headers['location'])).expect(200)).text;
    expect(list).to.include('2 台').and.include('3390.00');
    const [first = '', second = ''] = [...list.matchAll(/name="rows\.(d\d+)"/g)].map(([, name]) => name);
    const typed = { ...what, [`rows.${first}`]: '1', [`price.${first}`]: '3277', [`price.${second}`]: '3390' };
    const wrong = await on.post(`${base}/settlements`, typed);
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('写明原因').and.include('value="3277"');
    const none = await on.post(`${base}/settlements`, { ...what, [`price.${first}`]: '3277' });
    expect(none.status).to.equal(422);
    expect(none.text).to.include('请勾选机器');
    const made = await on.post(`${base}/settlements`, { ...typed, note: '厂家降价', invoiceNumber: 'FP-77' });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect((await on.get(href).expect(200)).text)
      .to.include('约定 3,390.00')
      .and.include('FP-77');
    expect((await on.get(`${href}/print`).expect(200)).text)
      .to.include('3,277.00')
      .and.include('卖出日期');
    const statement = (await on.get(`/finance/statements/${supplierId}`).expect(200)).text;
    expect(statement).to.include('代销结算').and.include('零售（代销货）');
    const again = await on.post(`${base}/settlements`, { ...typed, note: '再来' });
    expect(again.status, 'settled meanwhile').to.equal(409);
    expect(again.text).to.include('最新的清单');

    for (const kind of ['return', 'purchase'] as const) {
      expect((await on.get(`${base}/${kind}/new`).expect(200)).text).to.include('一行一台');
      const numbers = imeiOf(kind === 'return' ? 62 : 63);
      const move = { supplierId, storeId: shop.storeId, note: '滞销' };
      const refused = await on.post(`${base}/${kind}s`, { ...move, numbers: imeiOf(0) });
      expect(refused.status).to.equal(422);
      expect(refused.text).to.include('不是这家供应商').and.include('滞销');
      const moved = await on.post(`${base}/${kind}s`, { ...move, numbers });
      expect(moved.status, moved.text).to.equal(303);
      const page = String(moved.headers['location']);
      expect((await on.get(page).expect(200)).text).to.include(kind === 'return' ? '已退回' : '已售未结');
      expect((await on.get(`${page}/reversal`).expect(200)).text).to.include('1 台');
    }
    expect((await on.get(`${base}?kind=settlement`).expect(200)).text).to.include('代销结算');

    await hands.receive(supplierId, [64]);
    await on.uow.run(on.actor, (unit) => unit.execute(sql`UPDATE consigned_device SET received_on = ${'2020-01-01'}`));
    expect((await on.get('/alerts').expect(200)).text).to.include('1 台代销货在店超过 90 天');
    expect((await on.get('/purchasing/consignments/devices?days=90').expect(200)).text).to.include('在店满 90 天');
  });

  it('is for who may, in the stores in which they may', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const supplierId = await on.uow.run(on.actor, (unit) =>
      addSupplier(unit, on.services.keys, { name: '深圳华盛通讯' }),
    );
    await consignmentHands(on.uow, shop, on.actor).receive(supplierId, [60]);
    const base = '/purchasing/consignments';
    const viewer = await on.as({ permissions: ['purchasing.consignment.view'], stores: [shop.storeId] });
    for (const path of ['settlement', 'return', 'purchase'])
      expect((await viewer.get(`${base}/${path}/new`)).status, path).to.equal(403);
    const blind = await on.as({
      permissions: ['purchasing.consignment.view', 'purchasing.consignment.edit', 'purchasing.consignment.settle'],
      stores: [shop.storeId],
    });
    const move = { supplierId, storeId: shop.storeId, note: '', numbers: imeiOf(60) };
    expect((await blind.post(`${base}/purchases`, move)).status, 'a purchase needs the right to see cost').to.equal(
      403,
    );
    const settle = { supplierId, storeId: shop.storeId, untilOn: '2026-01-01', 'rows.d1': '1', 'price.d1': '1' };
    expect((await blind.post(`${base}/settlements`, settle)).status).to.equal(403);
    const elsewhere = { ...move, storeId: shop.otherStoreId };
    expect((await blind.post(`${base}/returns`, elsewhere)).status).to.equal(403);
    expect((await blind.post(`${base}/returns`, move)).status).to.equal(303);
    const [made] = (await on.database.read.find(consignment, {})).filter(({ kind }) => kind === 'return');
    expect((await blind.get(`${base}/${made?.id}`).expect(200)).text).to.not.include('3,390');
  });
});
