import { expect } from 'chai';
import { device } from '../../../src/ledger';
import { sql } from '../../../src/platform/database';
import { type TestApp, testApps } from '../../support/http';
import { imeiOf, imeisOf, samplePurchasing, type SamplePurchasing } from '../../support/purchasing';
import { draftReturn, receiveSample } from '../../support/returns';

const clock = () => Date.parse('2026-11-22T04:00:00Z');
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

describe('purchase returns over HTTP', function () {
  this.timeout(60_000);
  const start = testApps();
  const open = async (): Promise<{ app: TestApp; sample: SamplePurchasing }> => {
    const app = await start({ clock });
    const sample = await samplePurchasing(app.uow);
    await receiveSample(app.uow, sample, imeisOf(6), { withInvoice: true });
    return { app, sample };
  };

  it('go with plain forms and the scanner from the header to the books and back', async () => {
    const { app, sample } = await open();
    const form = await app.get('/purchasing/returns/new').expect(200);
    expect(form.text).to.include('深圳华盛通讯').and.include('新街口店');
    const header = {
      supplierId: sample.supplierId,
      locationId: sample.locationId,
      reason: '',
      exchange: '1',
      note: '带发票',
    };
    const wrong = await app.post('/purchasing/returns', header);
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('带发票');
    const made = await app.post('/purchasing/returns', { ...header, reason: '开箱不良', operationKey: 'return-0001' });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect(
      (await app.post('/purchasing/returns', { ...header, reason: '开箱不良', operationKey: 'return-0001' })).headers[
        'location'
      ],
    ).to.equal(href);
    expect((await app.get(href)).text)
      .to.include('还没有商品')
      .and.include('还没有要退的');

    const scans = [
      { key: 'k-1', code: imeiOf(1) },
      { key: 'k-2', code: imeiOf(1) },
      { key: 'k-3', code: imeiOf(99) },
    ];
    const answer = await app.postJson(`${href}/scans`, { scans });
    expect(answer.body.results.map(({ outcome }: { outcome: string }) => outcome)).to.eql(['right', 'double', 'wrong']);
    expect(answer.body.tally).to.eql({ right: 1 });
    expect((await app.postJson(`${href}/scans`, { scans: [{ key: '../', code: 1 }] })).status).to.equal(422);
    const pasted = await app.post(`${href}/pasted`, { codes: `${imeiOf(2)}\n${imeiOf(98)}` });
    expect(pasted.status).to.equal(422);
    expect(pasted.text)
      .to.include('计入 1 台')
      .and.include(`系统里没有 ${imeiOf(98)}`);
    expect(/<textarea[^>]*name="codes"[^>]*>([^<]*)/.exec(pasted.text)?.[1]?.trim()).to.equal(imeiOf(98));

    const serial = await app.post(`${href}/lines`, { sku: 'MI17-01', quantity: '1', bucket: 'sellable' });
    expect(serial.status).to.equal(422);
    expect(serial.text).to.include('请扫每台的串号').and.include('value="MI17-01"');
    const added = { sku: 'CD67', quantity: '3', unitPrice: '50', bucket: 'sellable', operationKey: 'return-line-1' };
    expect((await app.post(`${href}/lines`, added)).status).to.equal(303);
    expect((await app.post(`${href}/lines`, added)).status).to.equal(303);
    const several = await app.post(`${href}/lines`, { sku: '小米', quantity: '2', bucket: 'defective' });
    expect(several.status).to.equal(200);
    expect(several.text).to.include('MI17-02').and.include('value="defective" selected');

    const lines = await app.get(`${href}/lines`).expect(200);
    expect(lines.text).to.include('进价 3,920.00').and.include('value="50.00"');
    const change = {
      'lines.0.id': hidden(lines.text, 'lines.0.id'),
      'lines.0.version': hidden(lines.text, 'lines.0.version'),
      'lines.0.unitPrice': '3,900',
    };
    expect((await app.post(`${href}/lines/changes`, { ...change, 'lines.0.unitPrice': '三千' })).text).to.include(
      '三千',
    );
    expect((await app.post(`${href}/lines/changes`, change)).status).to.equal(303);
    expect((await app.post(`${href}/lines/changes`, change)).status).to.equal(409);
    expect(
      (await app.post(`${href}/credit-note`, { version: '1', creditNoteNumber: 'X', creditNoteOn: '2026-11-22' }))
        .status,
    ).to.equal(409);
    const draft = await app.get(href).expect(200);
    expect(draft.text).to.include('7,800.00').and.include('150.00').and.include('7,950.00');
    const removal = /href="([^"]*devices\/\d+\/removal)"/.exec(draft.text)?.[1] ?? '';
    await app.get(removal).expect(200);
    expect((await app.post(removal, { operationKey: 'remove-0001' })).status).to.equal(303);

    const ask = await app.get(`${href}/posting`).expect(200);
    expect(ask.text).to.include('4,050.00').and.include('4 件离开库存');
    const post = { version: hidden(ask.text, 'version'), operationKey: 'post-000001' };
    expect((await app.post(`${href}/posting`, post)).status).to.equal(303);
    expect((await app.post(`${href}/posting`, post)).status).to.equal(303);
    expect((await app.post(`${href}/posting`, { version: post.version })).status).to.equal(409);
    const posted = await app.get(href).expect(200);
    expect(posted.text).to.include('还有 4 件没有换回来').and.include('过账退货 4 件');
    const printed = await app.get(`${href}/print`).expect(200);
    expect(printed.text.replace(/\s/g, '')).to.include(imeiOf(1));
    const [returned] = await app.database.read.find(device, { state: 'returned_to_supplier' });
    expect((await app.get(`/inventory/devices/${returned!.id}`)).text)
      .to.include('退给供应商')
      .and.include(href);
    expect((await app.get('/alerts')).text).to.include('1 张退货单等供应商换货');

    const note = await app.get(`${href}/credit-note`).expect(200);
    const credit = {
      version: hidden(note.text, 'version'),
      creditNoteNumber: '2632 2000 0000 0000 0009',
      creditNoteOn: '',
    };
    const undated = await app.post(`${href}/credit-note`, credit);
    expect(undated.status).to.equal(422);
    expect(undated.text).to.include('2632 2000');
    expect((await app.get('/purchasing/returns?credit=none')).text).to.include(href);
    expect((await app.post(`${href}/credit-note`, { ...credit, creditNoteOn: '2026-11-22' })).status).to.equal(303);
    expect((await app.post(`${href}/credit-note`, { ...credit, creditNoteOn: '2026-11-22' })).status).to.equal(409);
    expect((await app.get(href)).text)
      .to.include('26322000000000000009 · 2026-11-22')
      .and.include('登记红字发票 26322000000000000009');
    expect((await app.get('/purchasing/returns?credit=none')).text).to.not.include(href);
    const byNote = await app.get('/search?q=26322000000000000009');
    expect(byNote.text + String(byNote.headers['location'])).to.include(href);

    const exchange = await app.post(`${href}/exchange`, { operationKey: 'exchange-001' });
    expect(exchange.status, exchange.text).to.equal(303);
    const receipt = String(exchange.headers['location']);
    expect((await app.get(receipt)).text)
      .to.include('换的是这张退货单的货')
      .and.include(href);
    expect((await app.get(href)).text)
      .to.include(receipt)
      .and.not.include('收换来的货</');
    const blocked = await app.post(`${href}/reversal`, { version: '99', reason: 'x' });
    expect(blocked.status).to.equal(409);
    const back = await app.get(`${href}/reversal`).expect(200);
    const version = hidden(back.text, 'version');
    expect((await app.post(`${href}/reversal`, { version, reason: '拒收' })).text).to.include('已有换来的货');
    const receiptVersion = hidden((await app.get(`${receipt}/deletion`)).text, 'version');
    await app.post(`${receipt}/deletion`, { version: receiptVersion });
    expect((await app.post(`${href}/reversal`, { version, reason: '' })).status).to.equal(422);
    expect((await app.post(`${href}/reversal`, { version, reason: '拒收' })).status).to.equal(303);
    expect((await app.get(href)).text)
      .to.include('已红冲')
      .and.include('拒收');
  });

  it('are listed, filtered, exported, found and deleted, in the reader’s stores and without cost for who has no right', async () => {
    const { app, sample } = await open();
    const { id, number } = await draftReturn(app.uow, sample, [imeiOf(5)]);
    const href = `/purchasing/returns/${id}`;
    const list = await app.get('/purchasing/returns?state=draft&q=huasheng').expect(200);
    expect(list.text).to.include(number).and.include('3,920.00');
    expect((await app.get('/purchasing/returns?waiting=yes')).text).to.not.include(number);
    expect((await app.get(`/purchasing/returns?supplier=${sample.supplierId + 1}`)).text).to.not.include(number);
    await app.get('/purchasing/returns.xlsx').expect(200);
    const search = await app.get(`/search?q=${number}`);
    expect(search.text + String(search.headers['location'])).to.include(href);
    const permissions = ['purchasing.return.view', 'purchasing.return.edit', 'purchasing.return.post'];
    const keeper = await app.as({ permissions, stores: [sample.storeId] });
    for (const path of ['/purchasing/returns', href, `${href}/print`, `${href}/posting`, `${href}/lines`])
      expect((await keeper.get(path).expect(200)).text, path).to.not.match(/3,?920|3,?469/);
    const sneaky = await keeper.post(`${href}/lines`, {
      sku: 'CD67',
      quantity: '1',
      unitPrice: '1',
      bucket: 'sellable',
    });
    expect(sneaky.status).to.equal(303);
    const rows = await app.database.read.all<{ unitPriceFen: number }>(
      sql`SELECT unit_price_fen FROM purchase_return_line WHERE return_id = ${id} ORDER BY line_no`,
    );
    expect(rows.map(({ unitPriceFen }) => unitPriceFen)).to.eql([392_000, 5_650]);
    const elsewhere = await app.as({ permissions, stores: [sample.otherStoreId] });
    await elsewhere.get(href).expect(403);
    expect((await elsewhere.get('/purchasing/returns')).text).to.not.include(number);
    expect((await elsewhere.postJson(`${href}/scans`, { scans: [] })).status).to.equal(403);
    await keeper.get(`${href}/reversal`).expect(403);
    const english = await app.as({ permissions, stores: [sample.storeId], locale: 'en' });
    expect((await english.get(href)).text)
      .to.include('Purchase returns')
      .and.not.include('purchasing:');
    const edit = await app.get(`${href}/edit`).expect(200);
    const changed = { version: hidden(edit.text, 'version'), reason: '型号发错', note: '' };
    expect((await app.post(href, changed)).status).to.equal(303);
    expect((await app.post(href, changed)).status).to.equal(409);
    const deletion = await app.get(`${href}/deletion`).expect(200);
    expect((await app.post(`${href}/deletion`, { version: hidden(deletion.text, 'version') })).status).to.equal(303);
    await app.get(href).expect(404);
  });
});
