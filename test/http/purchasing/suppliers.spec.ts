import { expect } from 'chai';
import { placeOrder } from '../../../src/modules/purchasing';
import { testApps } from '../../support/http';
import { samplePurchasing } from '../../support/purchasing';

const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

describe('suppliers over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();

  it('have terms, a credit limit for who sees cost, and several contacts', async () => {
    const app = await start({});
    const sample = await samplePurchasing(app.uow);
    const href = `/purchasing/suppliers/${sample.supplierId}`;
    const form = await app.get(`${href}/edit`).expect(200);
    const fields = {
      version: hidden(form.text, 'version'),
      name: '深圳华盛通讯',
      paymentTerms: 'month_end',
      paymentDays: '15',
      creditLimit: '1,000',
      leadDays: '7',
      active: '1',
    };
    const wrong = await app.post(href, { ...fields, leadDays: '999' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('到货天数是 0 到 365 天').and.include('value="1,000"');
    expect((await app.post(href, fields)).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('月结后 15 天')
      .and.include('1,000.00');
    expect((await app.get(`${href}/edit`)).text)
      .to.include('value="1000.00"')
      .and.include('value="month_end" selected');
    await app.get('/purchasing/suppliers.xlsx').expect(200);

    const { id } = await placeOrder(app.uow, app.actor, {
      supplierId: sample.supplierId,
      storeId: sample.storeId,
      orderedOn: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
      expectedOn: null,
      note: null,
      submit: false,
      lines: [
        { skuId: sample.chargerSkuId, storeId: sample.storeId, quantity: 30, unitPriceFen: 5_000, expectedOn: null },
      ],
    });
    expect((await app.get(`/purchasing/orders/${id}`)).text)
      .to.include('超过供应商的信用额度')
      .and.include('额度 ¥1,000.00');
    const permissions = ['purchasing.supplier.view', 'purchasing.supplier.edit', 'purchasing.order.view'];
    const clerk = await app.as({ permissions });
    expect((await clerk.get(`/purchasing/orders/${id}`)).text)
      .to.include('超过供应商的信用额度')
      .and.not.include('1,000.00');
    for (const path of [href, `${href}/edit`]) expect((await clerk.get(path)).text).to.not.match(/1,?000\.00/);
    const { creditLimit: _limit, ...rest } = { ...fields, version: '2' };
    expect((await clerk.post(href, { ...rest, note: '老客户' })).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('1,000.00')
      .and.include('老客户');

    await app.get(`${href}/contacts/new`).expect(200);
    const nobody = await app.post(`${href}/contacts`, { name: '', phone: '13900001111' });
    expect(nobody.status).to.equal(422);
    expect(nobody.text).to.include('13900001111');
    const person = { name: '李会计', phone: '13900001111', duty: '对账', operationKey: 'contact-0001' };
    for (let times = 0; times < 2; times += 1)
      expect((await app.post(`${href}/contacts`, person)).status).to.equal(303);
    const shown = await app.get(href);
    expect(shown.text.match(/李会计/g)).to.have.length(1);
    const contact = /(\/purchasing\/suppliers\/\d+\/contacts\/\d+)\/edit/.exec(shown.text)?.[1] ?? '';
    expect((await app.get(`${contact}/edit`)).text).to.include('value="李会计"');
    expect(
      (await app.post(contact, { ...person, operationKey: 'contact-0002', version: '1', name: '王会计' })).status,
    ).to.equal(303);
    expect(
      (await app.post(contact, { ...person, operationKey: 'contact-0003', version: '1', name: '张会计' })).status,
    ).to.equal(409);
    expect((await app.get(`${contact}/removal`)).text).to.include('移除联系人 王会计');
    expect((await app.post(`${contact}/removal`, { version: '1' })).status).to.equal(409);
    expect((await app.post(`${contact}/removal`, { version: '2' })).status).to.equal(303);
    expect((await app.get(href)).text).to.not.include('王会计');
    await app.get(`${contact}/edit`).expect(404);
    const english = await app.as({ permissions, locale: 'en' });
    expect((await english.get(href)).text)
      .to.include('End of month + 15 days')
      .and.not.include('purchasing:');
  });
});
