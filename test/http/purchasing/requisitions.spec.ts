import { expect } from 'chai';
import { requestGoods } from '../../../src/modules/purchasing';
import { type TestApp, testApps } from '../../support/http';
import { samplePurchasing, type SamplePurchasing } from '../../support/purchasing';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

describe('requisitions over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();
  const open = async (): Promise<{ app: TestApp; sample: SamplePurchasing }> => {
    const app = await start({ clock });
    return { app, sample: await samplePurchasing(app.uow) };
  };

  it('go with plain forms from the wish of a store to the order of the buyer', async () => {
    const { app, sample } = await open();
    const clerk = await app.as({
      permissions: ['purchasing.requisition.view', 'purchasing.requisition.edit'],
      stores: [sample.storeId],
    });
    const form = await clerk.get('/purchasing/requisitions/new').expect(200);
    expect(form.text).to.include('新街口店');
    const header = { storeId: sample.storeId, wantedOn: '2026-11-01', reason: '双十二备货' };
    const wrong = await clerk.post('/purchasing/requisitions', header);
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('期望到货日期不能早于请购日期').and.include('双十二备货');
    const elsewhere = { ...header, wantedOn: '', storeId: sample.otherStoreId };
    expect((await clerk.post('/purchasing/requisitions', elsewhere)).status).to.equal(403);
    const made = await clerk.post('/purchasing/requisitions', { ...header, wantedOn: '2026-11-30' });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    const refused = await clerk.post(`${href}/lines`, { sku: 'CD67', quantity: '两个', reason: '预订' });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('两个').and.include('预订').and.include('数量写 1 以上的整数');
    const line = { sku: 'CD67', quantity: '5', reason: '预订', operationKey: 'wish-line-1' };
    expect((await clerk.post(`${href}/lines`, line)).status).to.equal(303);
    expect((await clerk.post(`${href}/lines`, line)).status).to.equal(303);
    const several = await clerk.post(`${href}/lines`, { sku: '小米 17', quantity: 4, reason: '' });
    expect(several.status).to.equal(200);
    expect(several.text).to.include('MI17-02');
    const editor = await clerk.get(`${href}/lines`).expect(200);
    const changes = {
      'lines.0.id': hidden(editor.text, 'lines.0.id'),
      'lines.0.version': hidden(editor.text, 'lines.0.version'),
      'lines.0.quantity': '6',
      'lines.0.reason': '',
    };
    expect((await clerk.post(`${href}/lines/changes`, changes)).status).to.equal(303);
    expect((await clerk.post(`${href}/lines/changes`, { ...changes, 'lines.0.quantity': '7' })).status).to.equal(409);
    const draft = await clerk.get(href).expect(200);
    expect(draft.text).to.include('提交审批').and.not.include('去下单');
    const version = hidden(draft.text, 'version');
    expect((await clerk.post(`${href}/submission`, { version })).status).to.equal(303);
    await clerk.get(`${href}/print`).expect(200);
    expect((await clerk.post(`${href}/approval`, { version })).status).to.equal(403);

    expect((await app.get('/alerts')).text).to.include('1 张请购单等你审批');
    const waiting = await app.get(href).expect(200);
    const reject = await app.get(`${href}/rejection`).expect(200);
    const noReason = await app.post(`${href}/rejection`, { version: hidden(reject.text, 'version'), reason: '' });
    expect(noReason.status).to.equal(422);
    const approved = await app.post(`${href}/approval`, { version: hidden(waiting.text, 'version') });
    expect(approved.status, approved.text).to.equal(303);

    const pool = await app.get('/purchasing/wishes').expect(200);
    expect(pool.text).to.include('67W').and.include('没买过').and.include('合并下单');
    await clerk.get('/purchasing/wishes').expect(403);
    const wish = /name="wish" value="(\d+)"/.exec(pool.text)?.[1] ?? '';
    expect((await app.post('/purchasing/wishes/choice')).headers['location']).to.equal('/purchasing/wishes');
    const choice = await app.post('/purchasing/wishes/choice', { wish });
    expect(choice.status).to.equal(200);
    expect(choice.text).to.include('value="6"').and.include('期望 2026-11-30');
    const order = {
      storeId: sample.storeId,
      expectedOn: '2026-11-28',
      'lines.0.lineId': wish,
      'lines.0.supplierId': sample.supplierId,
      'lines.0.quantity': '9',
      operationKey: 'place-wish-1',
    };
    const over = await app.post('/purchasing/wishes/orders', order);
    expect(over.status).to.equal(422);
    expect(over.text).to.include('写 1 到 6 之间的数量').and.include('value="9"');
    const placed = await app.post('/purchasing/wishes/orders', { ...order, 'lines.0.quantity': '4' });
    expect(placed.status, placed.text).to.equal(303);
    const orderHref = String(placed.headers['location']);
    expect((await app.get(orderHref)).text)
      .to.include('新街口店 请购')
      .and.include(href);
    // The store sees the order's number and date, without the right to open it.
    const seen = await clerk.get(href).expect(200);
    expect(seen.text).to.include('部分下单').and.include('待下单 2').and.include('预计 2026-11-28');
    expect(seen.text)
      .to.match(/CG261122-NJ01-\d{4}/)
      .and.not.include(`href="${orderHref}"`);
    expect((await app.get(href)).text).to.include(`href="${orderHref}"`);
    const ask = await clerk.get(`${href}/closing`).expect(200);
    const closed = await clerk.post(`${href}/closing`, { version: hidden(ask.text, 'version'), reason: '不要了' });
    expect(closed.status, closed.text).to.equal(303);
    expect((await clerk.get(href)).text)
      .to.include('已下单')
      .and.include('不要了');
  });

  it('are listed, filtered, exported, found by number and kept to the stores of the reader', async () => {
    const { app, sample } = await open();
    const { requisitions } = await requestGoods(app.uow, app.actor, {
      lines: [
        { storeId: sample.storeId, skuId: sample.chargerSkuId, quantity: 5 },
        { storeId: sample.otherStoreId, skuId: sample.phoneSkuIds[0], quantity: 2 },
      ],
      wantedOn: '2026-11-22',
      reason: null,
      upTo: 'approved',
    });
    const [here, there] = requisitions;
    const all = await app.get('/purchasing/requisitions?state=approved').expect(200);
    expect(all.text).to.include(here?.number).and.include(there?.number);
    const some = await app.get(`/purchasing/requisitions?q=cd67&store=${sample.storeId}&from=2026-11-22&to=2026-11-22`);
    expect(some.text).to.include(here?.number).and.not.include(there?.number);
    await app.get('/purchasing/requisitions.xlsx').expect(200);
    await app.get('/purchasing/wishes.xlsx').expect(200);
    const pool = await app.get(`/purchasing/wishes?q=mi17&supplier=${sample.supplierId}`).expect(200);
    expect(pool.text).to.include('没有符合这些条件的记录');
    expect((await app.get('/purchasing/wishes?late=yes')).text).to.include('没有符合这些条件的记录');
    expect((await app.get('/alerts')).text).to.include('2 行请购还没下单');
    const local = await app.as({
      permissions: ['purchasing.requisition.view', 'purchasing.order.edit'],
      stores: [sample.otherStoreId],
    });
    expect((await local.get('/purchasing/requisitions')).text)
      .to.include(there?.number)
      .and.not.include(here?.number);
    expect((await local.get('/purchasing/wishes')).text)
      .to.include('MI17-01')
      .and.not.include('CD67');
    await local.get(`/purchasing/requisitions/${here?.id}`).expect(403);
    const search = await app.get(`/search?q=${here?.number}`);
    expect(search.text + String(search.headers['location'])).to.include(`/purchasing/requisitions/${here?.id}`);
  });
});
