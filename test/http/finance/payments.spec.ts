import { expect } from 'chai';
import { type TestApp, testApps } from '../../support/http';
import { draftPayment, openItems } from '../../support/payments';
import { imeisOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { receiveSample } from '../../support/returns';

const clock = () => Date.parse('2026-12-25T04:00:00Z');
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

describe('payments over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();
  const open = async (): Promise<{ app: TestApp; sample: SamplePurchasing }> => {
    const app = await start({ clock });
    const sample = await samplePurchasing(app.uow);
    await receiveSample(app.uow, sample, imeisOf(1), { withInvoice: true });
    return { app, sample };
  };

  it('go with plain forms from what is due to the books and back', async () => {
    const { app, sample } = await open();
    expect((await app.get('/finance/payments/new').expect(200)).text).to.include('深圳华盛通讯');
    const header = {
      supplierId: sample.supplierId,
      storeId: sample.storeId,
      account: 'bank',
      businessDate: '2026-12-24',
      reference: 'ICBC-88',
      note: '',
    };
    const wrong = await app.post('/finance/payments', { ...header, amount: '很多' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('很多').and.include('ICBC-88');
    const made = await app.post('/finance/payments', { ...header, amount: '', operationKey: 'payment-0001' });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect((await app.get(href)).text)
      .to.include('4,485.00')
      .and.include('应付货款');

    const edit = await app.get(`${href}/edit`).expect(200);
    const [owed] = await openItems(app.database);
    const line = `lines.i${owed!.id}`;
    expect(hidden(edit.text, line) || edit.text).to.include('4485.00');
    const change = { ...header, version: hidden(edit.text, 'version'), amount: '5000', [line]: '4,000' };
    const short = await app.post(href, { ...change, amount: '100' });
    expect(short.status).to.equal(422);
    expect(short.text).to.include('付款金额不够').and.include('value="4,000"');
    expect((await app.post(href, { ...change, [line]: '5000' })).text).to.include('比未结的多');
    expect((await app.post(href, change)).status).to.equal(303);
    expect((await app.post(href, change)).status).to.equal(409);
    const draft = await app.get(href);
    expect(draft.text).to.include('转为预付账款').and.include('1,000.00');

    const ask = await app.get(`${href}/posting`).expect(200);
    expect(ask.text).to.include('5,000.00').and.include('银行存款');
    const post = { version: hidden(ask.text, 'version'), operationKey: 'post-payment-1' };
    expect((await app.post(`${href}/posting`, post)).status).to.equal(303);
    expect((await app.post(`${href}/posting`, post)).status).to.equal(303);
    expect((await app.post(`${href}/posting`, { version: post.version })).status).to.equal(409);
    expect((await app.get(href)).text)
      .to.include('已付款')
      .and.include('4,000.00');
    expect((await app.get(`${href}/print`).expect(200)).text)
      .to.include('付款单')
      .and.include('ICBC-88');

    const back = await app.get(`${href}/reversal`).expect(200);
    const version = hidden(back.text, 'version');
    expect((await app.post(`${href}/reversal`, { version, reason: '' })).status).to.equal(422);
    expect((await app.post(`${href}/reversal`, { version, reason: '付错了' })).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('已红冲')
      .and.include('付错了');
    expect((await openItems(app.database)).map(({ openFen }) => openFen)).to.eql([448_500]);
  });

  it('are approved above the limit of the settings, by somebody else', async () => {
    const { app, sample } = await open();
    const parameters = await app.post('/settings/parameters/finance', { paymentApprovalYuan: '1000' });
    expect(parameters.status, parameters.text).to.equal(303);
    const { id } = await draftPayment(app.uow, sample, { actor: app.actor, businessDate: '2026-12-24' });
    const href = `/finance/payments/${id}`;
    const draft = await app.get(href);
    expect(draft.text).to.include('起的付款要审批').and.not.include(`${href}/posting`);
    const submission = { version: '1', operationKey: 'submit-payment' };
    expect((await app.post(`${href}/submission`, submission)).status).to.equal(303);
    const own = await app.post(`${href}/approval`, { version: '2' });
    expect(own.status).to.equal(422);
    expect(own.text).to.include('不能自己批准');
    const permissions = [
      'finance.payment.view',
      'finance.payment.approve',
      'finance.payment.post',
      'inventory.cost.view',
    ];
    const boss = await app.as({ permissions, name: '老板' });
    expect((await boss.get('/alerts')).text).to.include('1 张付款单等审批');
    expect((await boss.get(`${href}/return`).expect(200)).text).to.include('退回');
    expect((await boss.post(`${href}/return`, { version: '2', reason: '' })).status).to.equal(422);
    expect((await boss.post(`${href}/return`, { version: '2', reason: '查一下' })).status).to.equal(303);
    expect((await app.post(`${href}/submission`, { version: '3' })).status).to.equal(303);
    expect((await boss.post(`${href}/approval`, { version: '4' })).status).to.equal(303);
    expect((await boss.post(`${href}/posting`, { version: '5' })).text).to.include('批准的人不能自己付款');
    expect((await app.post(`${href}/withdrawal`, { version: '5' })).status).to.equal(303);
    const deletion = await app.get(`${href}/deletion`).expect(200);
    expect((await app.post(`${href}/deletion`, { version: hidden(deletion.text, 'version') })).status).to.equal(303);
    await app.get(href).expect(404);
  });

  it('are listed, exported and found in the reader’s stores, by who may see cost', async () => {
    const { app, sample } = await open();
    const { id, number } = await draftPayment(app.uow, sample, { reference: 'ICBC-88' });
    const href = `/finance/payments/${id}`;
    const list = await app.get('/finance/payments?state=draft&q=huasheng&account=bank&from=2026-01-01').expect(200);
    expect(list.text).to.include(number).and.include('4,485.00');
    expect((await app.get('/finance/payments?q=icbc')).text).to.include(number);
    expect((await app.get('/finance/payments?account=cash')).text).to.not.include(number);
    for (const sort of ['number', 'supplier', 'amount', 'date'])
      expect((await app.get(`/finance/payments?sort=${sort}`)).text).to.include(number);
    await app.get('/finance/payments.xlsx').expect(200);
    const search = await app.get(`/search?q=${number}`);
    expect(search.text + String(search.headers['location'])).to.include(href);
    const permissions = ['finance.payment.view', 'finance.payment.edit'];
    const blind = await app.as({ permissions, stores: [sample.storeId] });
    expect((await blind.get('/finance/payments').expect(200)).text).to.not.include(number);
    for (const path of [href, `${href}/print`, `${href}/edit`]) await blind.get(path).expect(403);
    const elsewhere = await app.as({
      permissions: [...permissions, 'inventory.cost.view'],
      stores: [sample.otherStoreId],
    });
    await elsewhere.get(href).expect(403);
    expect((await elsewhere.get('/finance/payments')).text).to.not.include(number);
    const english = await app.as({ permissions: [...permissions, 'inventory.cost.view'], locale: 'en' });
    expect((await english.get(href)).text)
      .to.include('Payments')
      .and.not.include('finance:');
  });
});
