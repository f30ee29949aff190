import { expect } from 'chai';
import { type TestApp, testApps } from '../../support/http';
import { draftInvoice, linesOfReceipt } from '../../support/invoices';
import { imeisOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { receiveSample } from '../../support/returns';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
/** Of the sample with two handsets: 7,840.00 and ten chargers for 565.00. */
const TOTAL = '8405';

describe('supplier invoices over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();
  const open = async (): Promise<{ app: TestApp; sample: SamplePurchasing; receiptId: number }> => {
    const app = await start({ clock });
    const sample = await samplePurchasing(app.uow);
    const { id: receiptId } = await receiveSample(app.uow, sample, imeisOf(2));
    return { app, sample, receiptId };
  };

  it('go with plain forms from the receipt over match, approval and posting to the reversal', async () => {
    const { app, sample, receiptId } = await open();
    expect((await app.get('/purchasing/invoices/new').expect(200)).text).to.include('深圳华盛通讯');
    expect((await app.get(`/purchasing/receipts/${receiptId}`)).text)
      .to.include(`/purchasing/invoices/new?receipt=${receiptId}`)
      .and.include('发票到了再核对');
    const form = await app.get(`/purchasing/invoices/new?receipt=${receiptId}`).expect(200);
    expect(form.text).to.include('value="8405.00"').and.include('明细自动带出');
    const header = {
      supplierId: sample.supplierId,
      storeId: sample.storeId,
      receiptId,
      invoiceNumber: '',
      total: TOTAL,
      invoicedOn: '2026-11-21',
      deductible: '1',
      note: '随货寄来',
    };
    const wrong = await app.post('/purchasing/invoices', { ...header, invoicedOn: '明天' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('随货寄来').and.include('明天');
    const command = { ...header, invoiceNumber: '2432 2000 0000 1234 5678', operationKey: 'invoice-0001' };
    const made = await app.post('/purchasing/invoices', command);
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect((await app.post('/purchasing/invoices', command)).headers['location']).to.equal(href);
    const twice = await app.post('/purchasing/invoices', { ...command, operationKey: 'invoice-0002' });
    expect(twice.status).to.equal(422);
    expect(twice.text).to.include('24322000000012345678 已经登记过了');
    const draft = await app.get(href).expect(200);
    expect(draft.text).to.include('三单核对').and.include('3,920.00').and.include('一致').and.include('2026-12-21');

    // 100.00 freight, and the handsets 5 % dearer.
    const freight = { kind: 'landed', text: '运费', amount: '', taxRate: '0' };
    const noAmount = await app.post(`${href}/lines`, freight);
    expect(noAmount.status).to.equal(422);
    expect(noAmount.text).to.include('value="运费"');
    expect(
      (await app.post(`${href}/lines`, { ...freight, amount: '100', operationKey: 'freight-001' })).status,
    ).to.equal(303);
    const lines = await app.get(`${href}/lines`).expect(200);
    expect(lines.text).to.include('未到票 2 件').and.include('value="7840.00"');
    const change = (amount: string) => ({
      'lines.0.id': hidden(lines.text, 'lines.0.id'),
      'lines.0.version': hidden(lines.text, 'lines.0.version'),
      'lines.0.quantity': '2',
      'lines.0.amount': amount,
      'lines.0.tax': '',
    });
    const many = await app.post(`${href}/lines/changes`, { ...change('8232'), 'lines.0.quantity': '3' });
    expect(many.status).to.equal(422);
    expect(many.text).to.include('最多还有 2 件').and.include('value="8232"');
    expect((await app.post(`${href}/lines/changes`, change('8232'))).status).to.equal(303);
    expect((await app.post(`${href}/lines/changes`, change('8232'))).status).to.equal(409);
    const off = await app.get(href).expect(200);
    expect(off.text).to.include('超差').and.include('+392.00').and.include('发票上是 8,405.00');
    const edit = await app.get(`${href}/edit`).expect(200);
    const { supplierId: _s, storeId: _st, receiptId: _r, ...rest } = command;
    const changed = { ...rest, total: '8897', version: hidden(edit.text, 'version'), operationKey: 'edit-00001' };
    expect((await app.post(href, changed)).status).to.equal(303);
    expect((await app.post(href, { ...changed, operationKey: 'edit-00002' })).status).to.equal(409);

    const version = async (): Promise<string> => hidden((await app.get(href)).text, 'version');
    const refused = await app.post(`${href}/posting`, {
      version: hidden((await app.get(`${href}/posting`)).text, 'version'),
    });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('先提交审批');
    expect((await app.post(`${href}/submission`, { version: await version() })).status).to.equal(303);
    expect((await app.get('/alerts')).text).to.include('1 张采购发票等审批');
    const back = await app.get(`${href}/return`).expect(200);
    expect((await app.post(`${href}/return`, { version: hidden(back.text, 'version'), reason: '' })).status).to.equal(
      422,
    );
    expect(
      (await app.post(`${href}/return`, { version: hidden(back.text, 'version'), reason: '再核' })).status,
    ).to.equal(303);
    await app.post(`${href}/submission`, { version: await version() });
    await app.post(`${href}/withdrawal`, { version: await version() });
    await app.post(`${href}/submission`, { version: await version() });
    expect((await app.post(`${href}/approval`, { version: await version() })).status).to.equal(303);
    const ask = await app.get(`${href}/posting`).expect(200);
    expect(ask.text).to.include('8,897.00').and.include('2026-12-21');
    const post = { version: hidden(ask.text, 'version'), operationKey: 'post-000001' };
    expect((await app.post(`${href}/posting`, post)).status).to.equal(303);
    expect((await app.post(`${href}/posting`, post)).status).to.equal(303);
    expect((await app.post(`${href}/posting`, { version: post.version })).status).to.equal(409);
    const posted = await app.get(href).expect(200);
    expect(posted.text).to.include('差额去向').and.include('批准差异').and.include('再核');
    expect((await app.get(`${href}/print`).expect(200)).text).to.include('24322000000012345678');
    expect((await app.get(`/purchasing/receipts/${receiptId}`)).text)
      .to.include(href)
      .and.include('票已到');
    const device = /href="(\/inventory\/devices\/\d+)"/.exec(posted.text)?.[1] ?? '';
    expect((await app.get(device)).text)
      .to.include('发票改成本')
      .and.include(href);
    expect((await app.get('/inventory/movements?document=purchasing.invoice')).text).to.include(href);

    const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(40)]);
    expect((await app.upload(`${href}/attachments`, [])).status).to.equal(422);
    const sent = await app.upload(`${href}/attachments`, [{ field: 'file', name: '发票.png', content: png }]);
    expect(sent.status).to.equal(303);
    const file = /href="(\/attachments\/\d+)"/.exec((await app.get(href)).text)?.[1] ?? '';
    await app.get(file).expect(200);
    await app.get(`${href}${file}/removal`).expect(200);
    expect((await app.post(`${href}${file}/removal`, {})).status).to.equal(303);
    expect((await app.get(href)).text).to.not.include(file);

    const reversal = await app.get(`${href}/reversal`).expect(200);
    const mirror = { version: hidden(reversal.text, 'version'), reason: '金额开错' };
    expect((await app.post(`${href}/reversal`, { ...mirror, reason: '' })).status).to.equal(422);
    expect((await app.post(`${href}/reversal`, mirror)).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('已红冲')
      .and.include('金额开错');
  });

  it('take what is left of receipts, are listed, exported, found and deleted, for who sees cost', async () => {
    const { app, sample, receiptId } = await open();
    const { id, number } = await draftInvoice(app.uow, sample, [], { totalFen: 840_500 });
    const href = `/purchasing/invoices/${id}`;
    const takeable = await app.get(`${href}/receipts?q=mi`).expect(200);
    expect(takeable.text).to.include('MI17-01').and.include('name="line"');
    const nothing = await app.post(`${href}/receipts`, {});
    expect(nothing.status).to.equal(422);
    const lineIds = await linesOfReceipt(app.database, receiptId);
    expect((await app.post(`${href}/receipts`, { line: lineIds.map(String) })).status).to.equal(303);
    expect((await app.get(href)).text).to.include('8,405.00');
    const removal = /href="([^"]*lines\/\d+\/removal)"/.exec((await app.get(href)).text)?.[1] ?? '';
    await app.get(removal).expect(200);
    expect((await app.post(removal, {})).status).to.equal(303);

    const list = await app.get('/purchasing/invoices?state=draft&q=huasheng&due=').expect(200);
    expect(list.text).to.include(number).and.include('24322000000012345678');
    for (const filter of [
      'due=overdue',
      'due=open',
      `supplier=${sample.supplierId + 1}`,
      'to=2026-01-01',
      'state=posted',
    ])
      expect((await app.get(`/purchasing/invoices?${filter}`)).text, filter).to.not.include(number);
    await app.get('/purchasing/invoices.xlsx').expect(200);
    const search = await app.get('/search?q=24322000000012345678');
    expect(search.text + String(search.headers['location'])).to.include(href);

    const waiting = await app.get('/purchasing/uninvoiced?age=a&sort=supplier').expect(200);
    expect(waiting.text).to.include('MI17-01').and.include('2 天').and.include('6,938.05');
    expect((await app.get('/purchasing/uninvoiced?age=d')).text).to.not.include('MI17-01');
    await app.get('/purchasing/uninvoiced.xlsx').expect(200);
    expect((await app.get('/purchasing/uninvoiced/suppliers')).text)
      .to.include('7,438.05')
      .and.include('深圳华盛通讯');

    const permissions = ['purchasing.invoice.view', 'purchasing.invoice.edit', 'purchasing.receipt.view'];
    const blind = await app.as({ permissions, stores: [sample.storeId] });
    for (const path of [href, `${href}/print`, `${href}/lines`, `${href}/receipts`]) await blind.get(path).expect(403);
    expect((await blind.get('/purchasing/invoices')).text).to.not.include(number);
    expect((await blind.get('/purchasing/uninvoiced')).text).to.not.match(/MI17-01|6,?938/);
    expect((await blind.get(`/purchasing/receipts/${receiptId}`)).text).to.not.include('invoices/new');
    const rights = [...permissions, 'inventory.cost.view'];
    const elsewhere = await app.as({ permissions: rights, stores: [sample.otherStoreId] });
    await elsewhere.get(href).expect(403);
    expect((await elsewhere.get('/purchasing/invoices')).text).to.not.include(number);
    expect((await elsewhere.get('/purchasing/uninvoiced')).text).to.not.include('MI17-01');
    const english = await app.as({ permissions: rights, stores: [sample.storeId], locale: 'en' });
    for (const path of [href, '/purchasing/invoices', '/purchasing/uninvoiced', `${href}/receipts`])
      expect((await english.get(path).expect(200)).text, path).to.not.include('purchasing:');
    await english.get(`${href}/posting`).expect(403);
    const deletion = await app.get(`${href}/deletion`).expect(200);
    expect((await app.post(`${href}/deletion`, { version: hidden(deletion.text, 'version') })).status).to.equal(303);
    await app.get(href).expect(404);
  });
});
