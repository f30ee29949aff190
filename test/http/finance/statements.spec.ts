import { expect } from 'chai';
import { testApps } from '../../support/http';
import { draftPayment, postPaymentNow } from '../../support/payments';
import { imeisOf, samplePurchasing } from '../../support/purchasing';
import { receiveSample } from '../../support/returns';

const clock = () => Date.parse('2026-12-25T04:00:00Z');

describe('supplier statements over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();

  it('lead from the alert to the supplier, each document, paper and file, for who may see cost', async () => {
    const app = await start({ clock });
    const sample = await samplePurchasing(app.uow);
    await receiveSample(app.uow, sample, imeisOf(1), { withInvoice: true });
    const alerts = await app.get('/alerts');
    expect(alerts.text).to.include('1 家供应商的货款已经逾期').and.include('/finance/statements?due=overdue');
    const paid = await draftPayment(app.uow, sample, { businessDate: '2026-12-24', amountFen: 100_000 });
    await postPaymentNow(app.database, app.uow, paid.id);
    const list = await app.get('/finance/statements?due=overdue&q=huasheng').expect(200);
    const href = `/finance/statements/${sample.supplierId}`;
    expect(list.text).to.include(href).and.include('3,485.00');
    expect((await app.get('/finance/statements?due=soon')).text).to.not.include(href);
    await app.get('/finance/statements.xlsx?sort=name').expect(200);

    const statement = await app.get(`${href}?from=2026-11-01&to=2026-12-31`).expect(200);
    expect(statement.text)
      .to.include(`/finance/payments/${paid.id}`)
      .and.include('/purchasing/receipts/')
      .and.include('4,485.00')
      .and.include('3,485.00')
      .and.include('逾期 1–30 天');
    expect((await app.get(`${href}?from=2026-12-30&to=2026-12-31`)).text).to.include('这段时间没有往来');
    const paper = await app.get(`${href}/print?from=2026-11-01&to=2026-12-31`).expect(200);
    expect(paper.text).to.include('供应商对账单').and.include('深圳华盛通讯（盖章）');
    const file = await app.get(`${href}/export.xlsx?from=2026-11-01`).expect(200);
    expect(String(file.headers['content-disposition'])).to.include('.xlsx');
    await app.get('/finance/statements/99').expect(404);

    const permissions = ['finance.statement.view'];
    const blind = await app.as({ permissions, stores: [sample.storeId] });
    expect((await blind.get('/finance/statements').expect(200)).text).to.not.include('3,485');
    expect((await blind.get(href).expect(200)).text).to.not.match(/3,485|4,485/);
    expect((await blind.get('/alerts')).text).to.not.include('逾期');
    const english = await app.as({ permissions: [...permissions, 'inventory.cost.view'], locale: 'en' });
    expect((await english.get(href)).text)
      .to.include('Closing balance')
      .and.not.include('finance:');
    await (await app.as({ permissions: [] })).get(href).expect(403);
  });
});
