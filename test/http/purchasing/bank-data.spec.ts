import { expect } from 'chai';
import { addSupplier } from '../../../src/modules/purchasing';
import { systemActor } from '../../../src/platform/permissions';
import { testKeys } from '../../support/auth';
import { testApps } from '../../support/http';

const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
const OLD = '6222021234567890';
const NEW = '6222029999999999';

describe('bank data of suppliers over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();

  it('are seen with their right alone, asked for by one person and confirmed by another', async () => {
    const app = await start({});
    const id = await app.uow.run(systemActor('test'), (unit) =>
      addSupplier(unit, app.services.keys ?? testKeys, { name: '深圳华盛通讯', bank: '工行', bankAccount: OLD }),
    );
    const supplier = `/purchasing/suppliers/${id}`;
    const href = `${supplier}/bank`;
    expect((await app.get(supplier)).text)
      .to.include(OLD)
      .and.include(href);
    const rights = ['purchasing.supplier.view', 'purchasing.supplier.edit'];
    const buyer = await app.as({ permissions: rights });
    for (const path of [supplier, `${supplier}/edit`])
      expect((await buyer.get(path).expect(200)).text).to.not.include(OLD);
    await buyer.get(href).expect(403);
    await buyer.get('/purchasing/bank-payments.xlsx').expect(403);

    const wrong = await app.post(href, { bank: '建行', bankAccount: '一二三', reason: '变更函' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('一二三').and.include('账号是 4 到 40 位');
    const asked = await app.post(href, {
      bank: '建行',
      bankAccount: NEW,
      reason: '变更函',
      operationKey: 'bank-ask-01',
    });
    expect(asked.status, asked.text).to.equal(303);
    expect((await app.get(href)).text)
      .to.include(NEW)
      .and.include('待核对');
    expect((await app.get(supplier)).text)
      .to.include(OLD)
      .and.not.include(NEW);
    const owner = await app.as({ permissions: ['purchasing.bank.view', 'purchasing.bank.confirm'], name: '老板' });
    expect((await owner.get('/alerts')).text).to.include('1 个供应商账号改动等你核对');
    const change = /bank\/(\d+)\/confirmation/.exec((await owner.get(href)).text)?.[1] ?? '';
    const ask = await owner.get(`${href}/${change}/confirmation`).expect(200);
    expect(ask.text).to.include(NEW).and.include(OLD).and.include('登记的电话');
    const own = await app.post(`${href}/${change}/confirmation`, { version: hidden(ask.text, 'version') });
    expect(own.text).to.include('自己申请的不能自己核对');
    expect((await owner.get(`${href}/${change}/refusal`)).text).to.include('退回');
    expect((await owner.post(`${href}/${change}/refusal`, { version: '1', reason: '' })).status).to.equal(422);
    expect((await owner.post(`${href}/${change}/confirmation`, { version: '1' })).status).to.equal(303);
    expect((await owner.post(`${href}/${change}/confirmation`, { version: '1' })).status).to.equal(409);
    expect((await app.get(supplier)).text)
      .to.include(NEW)
      .and.not.include(OLD);
    const again = await app.post(href, { bank: '建行', bankAccount: OLD, reason: '改回' });
    expect(again.status).to.equal(303);
    const next = /bank\/(\d+)\/refusal/.exec((await owner.get(href)).text)?.[1] ?? '';
    expect((await owner.post(`${href}/${next}/refusal`, { version: '1', reason: '没有这回事' })).status).to.equal(303);
    expect((await app.get(href)).text).to.include('没有这回事');
    await app.get('/purchasing/bank-payments.xlsx').expect(200);
    const csv = await app.get('/purchasing/bank-payments.csv').expect(200);
    expect(csv.text).to.include('收款账号');
    expect((await app.get('/finance/payments')).text).to.include('/purchasing/bank-payments.xlsx');
    const english = await app.as({ permissions: ['purchasing.bank.view', 'purchasing.bank.edit'], locale: 'en' });
    expect((await english.get(href)).text)
      .to.include('Account in use')
      .and.not.include('purchasing:');
  });
});
