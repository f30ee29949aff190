import { expect } from 'chai';
import { claimSettlement } from '../../../src/modules/purchasing/store/claim-settlement.table';
import { rebateRun } from '../../../src/modules/purchasing/store/rebate.table';
import { testApps } from '../../support/http';
import { sellNow } from '../../support/protections';
import { imeiOf, imeisOf, samplePurchasing } from '../../support/purchasing';
import { receiveSample } from '../../support/returns';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

describe('rebates over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();

  it('go from the terms to the books with every row, to the money and the end, and alert when nothing comes', async () => {
    let now = NOW;
    const app = await start({ clock: () => now });
    const sample = await samplePurchasing(app.uow);
    await receiveSample(app.uow, sample, imeisOf(3), { withInvoice: true });
    await sellNow(app.uow, sample, [imeiOf(1)]);
    expect((await app.get('/purchasing/rebates')).text).to.include('还没有返利');
    expect((await app.get('/purchasing/rebates/new').expect(200)).text).to.include('按进货数量，每件返');
    const terms = {
      supplierId: sample.supplierId,
      storeId: sample.storeId,
      name: '四季度返利',
      kind: 'amount',
      fromOn: '2026-11-01',
      toOn: '2026-11-30',
      taxRate: '13',
      'tiers.0.from': '1,000',
      'tiers.0.award': '2.5',
    };
    const wrong = await app.post('/purchasing/rebates', { ...terms, 'tiers.0.award': '很多' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('写返多少').and.include('很多').and.include('四季度返利');
    const made = await app.post('/purchasing/rebates', { ...terms, operationKey: 'rebate-0001' });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect((await app.get(href)).text)
      .to.include('还没有计提')
      .and.include('满 1,000.00 元，返 2.5%');
    const ask = await app.get(`${href}/accrual`).expect(200);
    const accrual = { version: hidden(ask.text, 'version'), untilOn: '2026-11-22', operationKey: 'rebate-run-1' };
    expect((await app.post(`${href}/accrual`, { ...accrual, untilOn: '2026-12-01' })).status).to.equal(422);
    expect((await app.post(`${href}/accrual`, accrual)).status).to.equal(303);
    expect((await app.post(`${href}/accrual`, accrual)).status).to.equal(303);
    // 2.5 % of 3 × 3,920.00 and 565.00.
    const booked = await app.get(href).expect(200);
    expect(booked.text).to.include('308.13').and.include('/purchasing/receipts/').and.include('565.00');
    await app.get(`${href}/rows.xlsx`).expect(200);
    expect((await app.get(`${href}/print`).expect(200)).text).to.include('308.13');
    const [run] = await app.database.read.find(rebateRun, {});
    expect((await app.get(`/purchasing/rebate_runs/${run!.id}`)).headers['location']).to.equal(href);

    expect((await app.get('/alerts')).text).to.not.include('个返利太久没到账');
    now = NOW + 40 * 86_400_000;
    expect((await app.get('/alerts')).text).to.include('1 个返利太久没到账');
    const list = await app.get(`/purchasing/rebates?waiting=late&kind=amount&q=huasheng&supplier=${sample.supplierId}`);
    expect(list.text).to.include('四季度返利').and.include('308.13');
    expect((await app.get('/purchasing/rebates?state=closed')).text).to.not.include('四季度返利');
    await app.get('/purchasing/rebates.xlsx').expect(200);

    const permissions = ['purchasing.rebate.view', 'purchasing.rebate.edit', 'purchasing.rebate.accrue'];
    const buyer = await app.as({ permissions, stores: [sample.storeId] });
    for (const path of ['/purchasing/rebates', href, `${href}/print`])
      expect((await buyer.get(path).expect(200)).text, path).to.not.match(/308\.13|2\.5%|3,?920/);
    expect((await buyer.get(`${href}/edit`)).status).to.equal(303);
    await buyer.get(`${href}/settlement`).expect(403);
    const elsewhere = await app.as({ permissions, stores: [sample.otherStoreId] });
    await elsewhere.get(href).expect(403);
    expect((await elsewhere.get('/purchasing/rebates')).text).to.not.include('四季度返利');
    const english = await app.as({ permissions, stores: [sample.storeId], locale: 'en' });
    for (const path of ['/purchasing/rebates', href, '/purchasing/rebates/new'])
      expect((await english.get(path).expect(200)).text)
        .to.include('Rebates')
        .and.not.include('purchasing:');

    const money = await app.get(`${href}/settlement`).expect(200);
    const settled = { version: hidden(money.text, 'version'), method: 'bank', amount: '300', reference: '流水 9' };
    expect((await app.post(`${href}/settlement`, { ...settled, amount: '' })).status).to.equal(422);
    expect((await app.post(`${href}/settlement`, settled)).status).to.equal(303);
    const [one] = await app.database.read.find(claimSettlement, {});
    const numberOf = async (path: string) => /FL\d{6}-[A-Z0-9-]+/.exec((await app.get(path)).text)?.[0] ?? '';
    const said = async (who: Pick<typeof app, 'get'>, code: string) => {
      const found = await who.get(`/search?q=${code}`);
      return found.text + String(found.headers['location']);
    };
    // By its own number, that of a calculation and that of a settlement; not in other stores.
    for (const code of [await numberOf(href), run!.number, one!.number]) {
      expect(await said(app, code), code).to.include(href);
      expect(await said(elsewhere, code), code).to.not.include(href);
    }
    expect((await app.get(`/purchasing/claim_settlements/${one!.id}`)).headers['location']).to.equal(href);
    const step = async (name: string) => {
      const page = await app.get(`${href}/${name}`).expect(200);
      return (await app.post(`${href}/${name}`, { version: hidden(page.text, 'version') })).status;
    };
    expect(await step('unsettlement')).to.equal(303);
    expect(await step('closing')).to.equal(409);
    const again = { ...settled, version: hidden((await app.get(`${href}/settlement`)).text, 'version') };
    expect((await app.post(`${href}/settlement`, again)).status).to.equal(303);
    expect(await step('closing')).to.equal(303);
    expect(await step('reopening')).to.equal(303);

    // One paid for each device that a customer took.
    const edit = await app.get(`${href}/edit`).expect(200);
    expect(edit.text).to.include('value="1000.00"').and.include('value="2.5"');
    const change = {
      ...terms,
      version: hidden(edit.text, 'version'),
      kind: 'sold',
      'tiers.0.from': '1',
      'tiers.0.award': '50',
    };
    expect((await app.post(href, change)).status).to.equal(303);
    expect((await app.post(href, change)).status).to.equal(409);
    const next = hidden((await app.get(`${href}/accrual`)).text, 'version');
    expect((await app.post(`${href}/accrual`, { version: next, untilOn: '2026-11-30' })).status).to.equal(303);
    expect((await app.get(href)).text.replace(/\s/g, '')).to.include(imeiOf(1));
  });
});
