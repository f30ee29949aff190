import { expect } from 'chai';
import { placeOrder } from '../../../src/modules/purchasing';
import { receivingRuleConfiguration } from '../../../src/modules/purchasing/use-cases/receiving-rule-configuration';
import { COST_PERMISSION } from '../../../src/platform/permissions';
import { type TestApp, testApps } from '../../support/http';
import { setApprovalLevels } from '../../support/orders';
import { samplePurchasing, type SamplePurchasing } from '../../support/purchasing';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

const setBlind = (app: TestApp): Promise<void> =>
  app.uow.run(app.actor, (unit) =>
    receivingRuleConfiguration.save(unit, [
      { name: '盲收', active: true, values: { category: null, overBp: 0, blind: true } },
    ]),
  );

describe('purchase orders over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();
  const open = async (): Promise<{ app: TestApp; sample: SamplePurchasing }> => {
    const app = await start({ clock });
    return { app, sample: await samplePurchasing(app.uow) };
  };
  const place = ({ app, sample }: { app: TestApp; sample: SamplePurchasing }, submit: boolean) =>
    placeOrder(app.uow, app.actor, {
      supplierId: sample.supplierId,
      storeId: sample.storeId,
      orderedOn: '2026-11-20',
      expectedOn: '2026-11-21',
      note: null,
      submit,
      lines: [
        { skuId: sample.phoneSkuIds[0], storeId: sample.storeId, quantity: 3, unitPriceFen: 392_000 },
        { skuId: sample.chargerSkuId, storeId: sample.otherStoreId, quantity: 7, unitPriceFen: 0 },
      ],
    });

  it('goes with plain forms from the header to the approved order, and is closed short', async () => {
    const { app, sample } = await open();
    const form = await app.get('/purchasing/orders/new').expect(200);
    expect(form.text).to.include('深圳华盛通讯').and.include('新街口店');
    const header = {
      supplierId: sample.supplierId,
      storeId: sample.storeId,
      orderedOn: '2026-11-22',
      expectedOn: '2026-11-01',
    };
    const wrong = await app.post('/purchasing/orders', header);
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('到货日期不能早于下单日期').and.include('2026-11-01');
    const made = await app.post('/purchasing/orders', { ...header, expectedOn: '2026-11-25' });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    const empty = await app.get(href).expect(200);
    expect(empty.text).to.include('还没有商品');
    const refused = await app.post(`${href}/lines`, {
      sku: 'MI17-01',
      storeId: sample.storeId,
      quantity: '两台',
      unitPrice: '3920',
    });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('两台').and.include('数量写 1 以上的整数');
    const added = {
      sku: 'MI17-01',
      storeId: sample.storeId,
      quantity: 2,
      unitPrice: '3,920.00',
      operationKey: 'add-line-01',
    };
    expect((await app.post(`${href}/lines`, added)).status).to.equal(303);
    // The same form once more adds nothing.
    expect((await app.post(`${href}/lines`, added)).status).to.equal(303);
    const several = await app.post(`${href}/lines`, { sku: '小米 17', storeId: sample.otherStoreId, quantity: 4 });
    expect(several.status).to.equal(200);
    expect(several.text).to.include('MI17-02').and.include(`<option value="${sample.otherStoreId}" selected`);
    const spread = {
      sku: 'CD67',
      unitPrice: '56.50',
      'stores.0.id': sample.storeId,
      'stores.0.quantity': '',
      'stores.1.id': sample.otherStoreId,
      'stores.1.quantity': '0',
    };
    const zero = await app.post(`${href}/lines/spread`, spread);
    expect(zero.status).to.equal(422);
    expect(zero.text).to.include('数量写 1 以上的整数').and.include('56.50');
    expect((await app.post(`${href}/lines/spread`, { ...spread, 'stores.1.quantity': '12' })).status).to.equal(303);
    const lines = await app.get(`${href}/lines`).expect(200);
    const changes = {
      'lines.0.id': hidden(lines.text, 'lines.0.id'),
      'lines.0.version': hidden(lines.text, 'lines.0.version'),
      'lines.0.quantity': '5',
      'lines.0.unitPrice': '3,900.00',
      'lines.0.expectedOn': '',
    };
    expect((await app.post(`${href}/lines/changes`, changes)).status).to.equal(303);
    expect((await app.post(`${href}/lines/changes`, { ...changes, 'lines.0.quantity': '6' })).status).to.equal(409);
    const draft = await app.get(href).expect(200);
    expect(draft.text).to.include('19,500.00').and.include('678.00').and.include('20,178.00');
    const version = hidden(draft.text, 'version');
    const submitted = await app.post(`${href}/submission`, { version, operationKey: 'submit-0001' });
    expect(submitted.status, submitted.text).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('待到货')
      .and.not.include('add-line');
    await app.get(`${href}/print`).expect(200);
    const ask = await app.get(`${href}/closing`).expect(200);
    expect((await app.post(`${href}/closing`, { version: hidden(ask.text, 'version'), reason: '' })).status).to.equal(
      422,
    );
    // One line first: the button of that line ticks it alone.
    const lineIds = [...ask.text.matchAll(/name="line\.(\d+)"[^>]*checked/g)].map((match) => match[1] ?? '');
    expect(lineIds).to.have.length(2);
    const one = await app.get(`${href}/closing?line=${lineIds[1]}`).expect(200);
    expect([...one.text.matchAll(/name="line\.(\d+)"[^>]*checked/g)].map((match) => match[1])).to.eql([lineIds[1]]);
    const answer = { version: hidden(one.text, 'version'), chosen: '1', reason: '厂家缺货' };
    const none = await app.post(`${href}/closing`, answer);
    expect(none.status).to.equal(422);
    expect(none.text).to.include('请至少勾一行').and.include('厂家缺货').and.not.include('checked');
    expect((await app.post(`${href}/closing`, { ...answer, [`line.${lineIds[1]}`]: '1' })).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('12 件不等了')
      .and.include('未到 5');
    const rest = await app.get(`${href}/closing`).expect(200);
    const closed = await app.post(`${href}/closing`, { version: hidden(rest.text, 'version'), reason: '厂家缺货' });
    expect(closed.status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('已结束')
      .and.include('厂家缺货');
  });

  it('are received by plain forms: from the order, or into a receipt that has begun', async () => {
    const opened = await open();
    const { app, sample } = opened;
    const { id, number } = await place(opened, true);
    const href = `/purchasing/orders/${id}/receipts`;
    const ask = await app.get(href).expect(200);
    const at = `${sample.storeId}-${sample.locationId}`;
    expect(ask.text).to.include(`value="${at}"`).and.include('盲收');
    const future = await app.post(href, { place: at, businessDate: '2026-12-01', deliveryNote: 'HS-1' });
    expect(future.status).to.equal(422);
    expect(future.text).to.include('HS-1').and.include('业务日期不能晚于今天');
    const elsewhere = { place: `${sample.storeId}-${sample.otherLocationId}`, businessDate: '2026-11-22' };
    expect((await app.post(href, elsewhere)).status).to.equal(422);
    const made = await app.post(href, { place: at, businessDate: '2026-11-22', operationKey: 'receive-0001' });
    expect(made.status, made.text).to.equal(303);
    const first = await app.get(String(made.headers['location'])).expect(200);
    expect(first.text).to.include(number).and.include('MI17-01').and.not.include('CD67');
    // The other store begins with a receipt of its own and takes what is open there.
    const begun = await app.post('/purchasing/receipts', {
      supplierId: sample.supplierId,
      locationId: sample.otherLocationId,
      businessDate: '2026-11-22',
    });
    const receipt = String(begun.headers['location']);
    expect((await app.get(receipt)).text).to.include('按订单收货（1）');
    const choice = await app.get(`${receipt}/orders`).expect(200);
    const lineId = hidden(choice.text, 'lines.0.orderLineId');
    const nothing = await app.post(`${receipt}/orders`, { 'lines.0.orderLineId': lineId, 'lines.0.quantity': '6' });
    expect(nothing.status).to.equal(422);
    expect(nothing.text).to.include('请至少勾一行').and.include('value="6"');
    const ticked = { 'lines.0.orderLineId': lineId, 'lines.0.take': '1', 'lines.0.quantity': '6' };
    expect((await app.post(`${receipt}/orders`, ticked)).status).to.equal(303);
    expect((await app.post(`${receipt}/orders`, ticked)).status).to.equal(409);
    const filled = await app.get(receipt).expect(200);
    expect(filled.text).to.include(number).and.include('过账入库 6 件').and.not.include('按订单收货（');
    const posted = await app.post(`${receipt}/posting`, { version: hidden(filled.text, 'version') });
    expect(posted.status, posted.text).to.equal(303);
    const order = await app.get(`/purchasing/orders/${id}`).expect(200);
    expect(order.text).to.include('部分到货').and.include(receipt).and.include('未到 1');
    // Who counts blind and may not see orders learns no quantity.
    const keeper = await app.as({
      permissions: ['view', 'create', 'edit'].map((verb) => `purchasing.receipt.${verb}`),
    });
    const blind = await keeper.post('/purchasing/receipts', {
      supplierId: sample.supplierId,
      locationId: sample.locationId,
      businessDate: '2026-11-22',
    });
    expect((await keeper.get(`${String(blind.headers['location'])}/orders`)).text).to.include('lines.0.quantity');
    await setBlind(app);
    expect((await keeper.get(`${String(blind.headers['location'])}/orders`)).text)
      .to.include('MI17-01')
      .and.not.include('lines.0.quantity');
    await keeper.get(`/purchasing/orders/${id}`).expect(403);
  });

  it('are listed, filtered, exported and found by number', async () => {
    const opened = await open();
    const { app, sample } = opened;
    const late = await place(opened, true);
    const draft = await place(opened, false);
    const all = await app.get('/purchasing/orders').expect(200);
    expect(all.text).to.include(late.number).and.include(draft.number).and.include('逾期');
    const only = await app.get(`/purchasing/orders?late=yes&supplier=${sample.supplierId}&q=huasheng`).expect(200);
    expect(only.text).to.include(late.number).and.not.include(draft.number);
    await app.get('/purchasing/orders.xlsx').expect(200);
    const coming = await app.get('/purchasing/on-order?late=yes&q=cd67').expect(200);
    expect(coming.text).to.include(late.number).and.include('67W').and.include('逾期').and.not.include('MI17-01');
    expect(coming.text).to.not.include(draft.number);
    await app.get('/purchasing/on-order.xlsx').expect(200);
    const local = await app.as({ permissions: ['purchasing.order.view'], stores: [opened.sample.storeId] });
    expect((await local.get('/purchasing/on-order')).text)
      .to.include('MI17-01')
      .and.not.include('67W');
    expect((await app.get('/alerts')).text).to.include('2 行采购订货逾期未到');
    const search = await app.get(`/search?q=${late.number}`);
    expect(search.text + String(search.headers['location'])).to.include(`/purchasing/orders/${late.id}`);
  });

  it('show each person their stores, hide cost, and ask for the right to act', async () => {
    const opened = await open();
    const { app, sample } = opened;
    await setApprovalLevels(app.uow, [{ name: '老板审批', fromFen: 0, role: 'owner' }]);
    const { id } = await place(opened, true);
    const href = `/purchasing/orders/${id}`;
    const reader = await app.as({ permissions: ['purchasing.order.view'], stores: [sample.otherStoreId] });
    const seen = await reader.get(href).expect(200);
    expect(seen.text).to.include('67W').and.include('另有 1 行').and.not.include('3,920').and.not.include('11,760');
    expect(seen.text).to.include('老板审批').and.not.include('/approval"');
    expect((await reader.get('/purchasing/orders')).text).to.not.include('11,760');
    expect((await reader.get(`${href}/print`)).text).to.not.include('3,920');
    expect((await reader.post(`${href}/approval`, { version: '3' })).status).to.equal(403);
    expect((await reader.post(`${href}/cancellation`, { version: '3', reason: 'x' })).status).to.equal(403);
    const none = await app.as({ permissions: ['purchasing.receipt.view'] });
    await none.get(href).expect(403);
    await none.get('/purchasing/orders').expect(403);
    const approver = await app.as({
      permissions: ['purchasing.order.view', 'purchasing.order.approve', COST_PERMISSION],
    });
    const page = await approver.get(href).expect(200);
    expect(page.text).to.include('11,760.00');
    // The right alone is not the role that the level names.
    const refused = await approver.post(`${href}/approval`, { version: hidden(page.text, 'version') });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('老板审批');
  });
});
