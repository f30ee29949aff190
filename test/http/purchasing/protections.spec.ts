import { expect } from 'chai';
import { findByNumbers } from '../../../src/ledger';
import { claimSettlement } from '../../../src/modules/purchasing/store/claim-settlement.table';
import { type TestApp, testApps } from '../../support/http';
import { draftProtection, submitNow } from '../../support/protections';
import { imeiOf, imeisOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { receiveSample } from '../../support/returns';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

describe('price protection over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();
  const open = async (): Promise<{ app: TestApp; sample: SamplePurchasing; at: (instant: number) => void }> => {
    let now = NOW;
    const app = await start({ clock: () => now });
    const sample = await samplePurchasing(app.uow);
    await receiveSample(app.uow, sample, imeisOf(4), { withInvoice: true });
    return { app, sample, at: (instant) => void (now = instant) };
  };

  it('goes with plain forms from the header over the list to the books, the money and back', async () => {
    const { app, sample } = await open();
    expect((await app.get('/purchasing/protections/new').expect(200)).text).to.include('value="2026-11-22T00:00"');
    const header = {
      supplierId: sample.supplierId,
      storeId: sample.storeId,
      effectiveAt: '2026-11-22T18:00',
      windowDays: '7',
      withTax: '1',
      reference: '调价函 12 号',
      note: '',
    };
    const early = await app.post('/purchasing/protections', header);
    expect(early.status).to.equal(422);
    expect(early.text).to.include('生效时间还没到').and.include('调价函 12 号');
    const made = await app.post('/purchasing/protections', {
      ...header,
      effectiveAt: '2026-11-22T11:30',
      operationKey: 'protect-0001',
    });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect((await app.get(href)).text).to.include('还没有机型');
    const noAmount = await app.post(`${href}/lines`, { sku: 'MI17-01', oldPrice: '3999', newPrice: '4000' });
    expect(noAmount.status).to.equal(422);
    expect(noAmount.text).to.include('写每台补多少').and.include('value="MI17-01"');
    const several = await app.post(`${href}/lines`, { sku: '小米', unit: '113' });
    expect(several.text).to.include('MI17-02').and.include('value="113"');
    const line = { sku: 'MI17-01', oldPrice: '3999', newPrice: '3886', wholeModel: '1', operationKey: 'protect-line' };
    expect((await app.post(`${href}/lines`, line)).status).to.equal(303);
    expect((await app.post(`${href}/lines`, { sku: 'CD67', unit: '1' })).text).to.include('不按串号管理');
    await app.get('/purchasing/protections/skus?q=MI').expect(200);

    const answer = await app.postJson(`${href}/scans`, { scans: [{ key: 'k-1', code: imeiOf(1) }] });
    expect(answer.body.results[0]).to.include({ outcome: 'right', text: '在库' });
    expect(answer.body.tally).to.eql({ right: 1, wrong: 0 });
    const pasted = await app.post(`${href}/pasted`, { codes: `${imeiOf(2)}\n${imeiOf(77)}\n86742106` });
    expect(pasted.status).to.equal(422);
    expect(pasted.text).to.include('能保 1 台，不保 1 台').and.include('没有列入 1');
    const csv = Buffer.from(`IMEI\n${imeiOf(3)}\n`);
    const file = await app.upload(`${href}/file`, [{ field: 'file', name: 'imei.csv', content: csv }]);
    expect(file.status, file.text).to.equal(303);
    expect((await app.post(`${href}/all`, { operationKey: 'protect-all-1' })).status).to.equal(303);
    const page = await app.get(`${href}?coverage=none`).expect(200);
    expect(page.text).to.include('系统里没有这个串号').and.include('452.00').and.not.include(imeiOf(1).slice(-6));
    const prices = await app.get(`${href}/lines`).expect(200);
    const change = { 'lines.0.id': hidden(prices.text, 'lines.0.id'), 'lines.0.version': '1', 'lines.0.unit': '226' };
    expect((await app.post(`${href}/lines/changes`, { ...change, 'lines.0.unit': '一百' })).text).to.include('一百');
    expect((await app.post(`${href}/lines/changes`, change)).status).to.equal(303);
    expect((await app.post(`${href}/lines/changes`, change)).status).to.equal(409);
    const edit = await app.get(`${href}/edit`).expect(200);
    const later = { version: hidden(edit.text, 'version'), effectiveAt: '2026-11-22T09:00', windowDays: '0' };
    expect((await app.post(href, { ...later, withTax: '1' })).status).to.equal(303);
    expect((await app.post(`${href}/recheck`, { operationKey: 'protect-check' })).status).to.equal(303);
    expect((await app.post(`${href}/uncovered/removal`, { operationKey: 'protect-drop' })).status).to.equal(303);
    const removal = /href="([^"]*devices\/\d+\/removal)"/.exec((await app.get(href)).text)?.[1] ?? '';
    await app.get(removal).expect(200);
    expect((await app.post(removal, { operationKey: 'protect-rm-1' })).status).to.equal(303);
    const lineRemoval = /href="([^"]*lines\/\d+\/removal)"/.exec((await app.get(href)).text)?.[1] ?? '';
    await app.get(lineRemoval).expect(200);

    const step = async (name: string, more: Record<string, string> = {}) => {
      const ask = await app.get(`${href}/${name}`).expect(200);
      return app.post(`${href}/${name}`, { version: hidden(ask.text, 'version'), ...more });
    };
    expect((await step('submission')).status).to.equal(303);
    expect((await step('recall')).status).to.equal(303);
    expect((await step('submission')).status).to.equal(303);
    expect((await app.get(`${href}/edit`)).status).to.equal(303);
    const agreement = await app.get(`${href}/agreement`).expect(200);
    const agreed = {
      version: hidden(agreement.text, 'version'),
      'lines.0.id': hidden(agreement.text, 'lines.0.id'),
      'lines.0.agreed': '113',
      operationKey: 'protect-agree',
    };
    const odd = await app.post(`${href}/agreement`, { ...agreed, exceptions: '123 1' });
    expect(odd.status).to.equal(422);
    expect(odd.text).to.include('这张单上没有这台').and.include('123 1');
    expect((await app.post(`${href}/agreement`, agreed)).status).to.equal(303);
    expect((await app.post(`${href}/agreement`, agreed)).status).to.equal(303);
    expect((await app.post(`${href}/agreement`, { ...agreed, operationKey: 'protect-agai2' })).status).to.equal(409);
    const posted = await app.get(href).expect(200);
    expect(posted.text).to.include('冲减库存成本').and.include('339.00').and.include('300.00');
    const [device] = await findByNumbers(app.database.read, [imeiOf(2)]);
    expect((await app.get(`/inventory/devices/${device!.deviceId}`)).text)
      .to.include('价保：成本下调')
      .and.include(href);
    expect((await app.get('/inventory/movements')).text).to.include('价保单');

    const money = await app.get(`${href}/settlement`).expect(200);
    const settled = { version: hidden(money.text, 'version'), method: 'set_off', amount: '999999' };
    const tooMuch = await app.post(`${href}/settlement`, settled);
    expect(tooMuch.status).to.equal(422);
    expect(tooMuch.text).to.include('冲减货款最多').and.include('999999');
    expect((await app.post(`${href}/settlement`, { ...settled, amount: '300' })).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('已到账')
      .and.include('39.00');
    const [one] = await app.database.read.find(claimSettlement, { state: 'posted' });
    const bySettlement = await app.get(`/search?q=${one!.number}`);
    expect(bySettlement.text + String(bySettlement.headers['location'])).to.include(href);
    expect((await app.get(`/purchasing/claim_settlements/${one!.id}`)).headers['location']).to.equal(href);
    expect((await app.get(`/purchasing/protection_reversals/${href.split('/').at(-1)}`)).headers['location']).to.equal(
      href,
    );
    expect((await step('unsettlement')).status).to.equal(303);
    expect((await step('reversal', { reason: '' })).status).to.equal(422);
    expect((await step('reversal', { reason: '记错了' })).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('已红冲')
      .and.include('记错了');
  });

  it('is listed, exported, printed, found and alerts, in the reader’s stores and without cost for who has no right', async () => {
    const { app, sample, at } = await open();
    const { id, number } = await draftProtection(app.uow, sample, imeisOf(2), { unitFen: 12_345 });
    const href = `/purchasing/protections/${id}`;
    await submitNow(app.database, app.uow, id);
    expect((await app.get('/alerts')).text).to.not.include('张价保单等供应商');
    at(NOW + 40 * 86_400_000);
    expect((await app.get('/alerts')).text).to.include('1 张价保单等供应商太久');
    const list = await app.get(`/purchasing/protections?open=late&state=submitted&q=${imeiOf(1)}`).expect(200);
    expect(list.text).to.include(number).and.include('246.90').and.include('40 天');
    expect((await app.get(`/purchasing/protections?supplier=${sample.supplierId + 1}`)).text).to.not.include(number);
    expect((await app.get('/purchasing/protections/open')).text)
      .to.include('246.90')
      .and.include('深圳华盛通讯');
    await app.get('/purchasing/protections.xlsx').expect(200);
    await app.get(`${href}/devices.xlsx`).expect(200);
    expect((await app.get(`${href}/print`).expect(200)).text.replace(/\s/g, '')).to.include(imeiOf(2));
    const search = await app.get(`/search?q=${number}`);
    expect(search.text + String(search.headers['location'])).to.include(href);

    const permissions = ['view', 'edit', 'agree', 'settle'].map((what) => `purchasing.protection.${what}`);
    const buyer = await app.as({ permissions, stores: [sample.storeId] });
    for (const path of ['', '/open', '?sort=claimed', `/${id}`, `/${id}/print`])
      expect((await buyer.get(`/purchasing/protections${path}`).expect(200)).text, path).to.not.match(
        /123\.45|246\.90/,
      );
    // Amounts can neither be seen nor agreed without the right to see cost.
    expect((await buyer.get(`${href}/agreement`)).status).to.equal(303);
    expect((await buyer.post(`${href}/agreement`, { version: '4' })).status).to.be.oneOf([403, 409]);
    await buyer.get(`${href}/reversal`).expect(403);
    const elsewhere = await app.as({ permissions, stores: [sample.otherStoreId] });
    await elsewhere.get(href).expect(403);
    await elsewhere.get(`${href}/devices.xlsx`).expect(403);
    expect((await elsewhere.get('/purchasing/protections')).text).to.not.include(number);
    const english = await app.as({ permissions, stores: [sample.storeId], locale: 'en' });
    for (const path of ['', `/${id}`, '/open'])
      expect((await english.get(`/purchasing/protections${path}`)).text)
        .to.include('Price protection')
        .and.not.include('purchasing:');

    const ask = await app.get(`${href}/refusal`).expect(200);
    const refused = { version: hidden(ask.text, 'version'), reason: '不在名单' };
    expect((await app.post(`${href}/refusal`, refused)).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('供应商拒绝了这张价保单')
      .and.include('不在名单');
    const draft = await draftProtection(app.uow, sample, []);
    const deletion = await app.get(`/purchasing/protections/${draft.id}/deletion`).expect(200);
    const gone = { version: hidden(deletion.text, 'version') };
    expect((await app.post(`/purchasing/protections/${draft.id}/deletion`, gone)).status).to.equal(303);
    await app.get(`/purchasing/protections/${draft.id}`).expect(404);
  });
});
