import { expect } from 'chai';
import { testApps } from '../../support/http';
import { imeisOf, samplePurchasing } from '../../support/purchasing';
import { receiveSample } from '../../support/returns';

const clock = () => Date.parse('2026-12-25T04:00:00Z');
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

describe('payment proposals over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();

  it('become drafts of the ticked suppliers, once', async () => {
    const app = await start({ clock });
    const sample = await samplePurchasing(app.uow);
    await receiveSample(app.uow, sample, imeisOf(1), { withInvoice: true });
    const list = await app.get('/finance/proposals').expect(200);
    expect(list.text)
      .to.include('深圳华盛通讯')
      .and.include('4,485.00')
      .and.include('/finance/proposals/choice?until=2027-01-01');
    expect((await app.get('/finance/proposals?until=2026-12-01')).text).to.not.include('4,485.00');
    await app.get('/finance/proposals.xlsx').expect(200);
    expect((await app.post('/finance/proposals/choice?until=2027-01-01', {})).status).to.equal(303);
    const choice = await app.post('/finance/proposals/choice?until=2027-01-01', {
      supplier: [String(sample.supplierId)],
    });
    expect(choice.status, choice.text).to.equal(200);
    expect(choice.text).to.include('1 笔到期 4,485.00');
    const form = {
      operationKey: hidden(choice.text, 'operationKey'),
      suppliers: hidden(choice.text, 'suppliers'),
      until: hidden(choice.text, 'until'),
      owing: '',
      storeId: sample.storeId,
      account: 'bank',
      businessDate: '2026-12-25',
    };
    const future = await app.post('/finance/proposals/payments', { ...form, businessDate: '2026-12-26' });
    expect(future.status).to.equal(422);
    expect(future.text).to.include('付款日期不能晚于今天').and.include('value="2026-12-26"');
    for (let times = 0; times < 2; times += 1) {
      const made = await app.post('/finance/proposals/payments', form);
      expect(made.headers['location']).to.equal('/finance/payments?state=draft');
    }
    expect((await app.get('/finance/payments?state=draft')).text.match(/\/finance\/payments\/\d+"/g)).to.have.length(1);
    expect((await app.get('/finance/proposals')).text).to.include('没有要付的');
    const again = await app.post('/finance/proposals/payments', { ...form, operationKey: 'proposal-again' });
    expect(again.status).to.equal(303);
    expect(again.headers['location']).to.equal('/finance/proposals');
    const viewer = await app.as({ permissions: ['finance.payment.view', 'inventory.cost.view'] });
    await viewer.get('/finance/proposals').expect(403);
    const english = await app.as({ permissions: ['finance.payment.edit', 'inventory.cost.view'], locale: 'en' });
    expect((await english.get('/finance/proposals')).text).to.not.include('finance:');
  });
});
