import { expect } from 'chai';
import { loan, loanDevice } from '../../../src/modules/inventory/store/loan.table';
import { sql } from '../../../src/platform/database';
import { readAllRows } from '../../../src/platform/spreadsheet';
import { testApps } from '../../support/http';
import { download } from '../../support/import-pages';
import { imeiOf, sampleShop } from '../../support/sample-shop';

describe('loans in the browser', function () {
  this.timeout(60_000);
  const start = testApps();
  const hidden = (html: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html.slice(html.indexOf('<main')))?.[1] ?? '';

  it('are made, printed, given back, found and exported; what was typed stays', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const form = (await on.get('/inventory/loans/new').expect(200)).text;
    const dueOn = /name="dueOn"[^>]*value="([^"]+)"/.exec(form)?.[1] ?? '';
    const typed = {
      locationId: String(shop.locationId),
      borrower: '河西活动',
      purpose: 'event',
      dueOn,
      numbers: `${imeiOf(0)}\n${imeiOf(50)}`,
    };
    const wrong = await on.post('/inventory/loans', typed);
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('不在这个库位').and.include('河西活动').and.include(imeiOf(50));
    const made = await on.post('/inventory/loans', { ...typed, numbers: `${imeiOf(0)}\n${imeiOf(1)}` });
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect((await on.get(href).expect(200)).text)
      .to.include('借出中')
      .and.include('2 / 2')
      .and.include('借出 2 台');
    expect((await on.get(`${href}/print`).expect(200)).text).to.include('借用人');
    await on.uow.run(on.actor, (unit) => unit.execute(sql`UPDATE loan SET due_on = ${'2020-01-01'}`));
    expect((await on.get('/alerts').expect(200)).text).to.include('借出逾期未还');
    expect((await on.get('/inventory/loans?late=1').expect(200)).text).to.include('河西活动');
    expect((await on.get(`/inventory/loans?q=${imeiOf(0).slice(-6)}`).expect(200)).text).to.include('河西活动');
    const page = (await on.get(`${href}/returns/new`).expect(200)).text;
    const rows = [...page.matchAll(/name="(rows\.d\d+)"/g)].map(([, name = '']) => name);
    expect(rows).to.have.length(2);
    const version = hidden(page, 'version');
    expect((await on.post(`${href}/returns`, { version })).status, 'nothing ticked').to.equal(422);
    const sent = { version, [rows[0] ?? '']: '1', bucket: 'demo' };
    expect((await on.post(`${href}/returns`, sent)).status).to.equal(303);
    expect((await on.post(`${href}/returns`, sent)).status, 'a stale page').to.equal(409);
    expect((await on.get(href)).text)
      .to.include('1 / 2')
      .and.include('归还 1 台');
    const number = (await on.database.read.find(loan, {}))[0]?.number ?? '';
    expect((await on.get(`/search?q=${number}`).redirects(0)).headers['location'], 'found by its number').to.equal(
      href,
    );
    const [, first] = await readAllRows(await download(on, '/inventory/loans.xlsx'));
    expect(first?.cells.slice(0, 4).map(({ text }) => text)).to.deep.equal([number, '借出', '借出中', '河西活动']);
  });

  it('go the other way as well: borrowed ones are entered, printed, given back, filtered and asked for', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const form = (await on.get('/inventory/loans/borrow/new').expect(200)).text;
    expect(form).to.include('向谁借').and.include('不占库存金额');
    const dueOn = /name="dueOn"[^>]*value="([^"]+)"/.exec(form)?.[1] ?? '';
    const typed = {
      locationId: String(shop.locationId),
      borrower: '江宁加盟店',
      purpose: 'partner',
      dueOn,
      sku: 'MI17-01',
      numbers: `${imeiOf(70)}\n${imeiOf(71)}`,
    };
    const wrong = await on.post('/inventory/loans/borrow', { ...typed, numbers: `${imeiOf(0)}\n${imeiOf(1)}` });
    expect(wrong.status).to.equal(422);
    expect(wrong.text, 'every line says why')
      .to.include(`${imeiOf(0)} 已经在账上`)
      .and.include(`${imeiOf(1)} 已经在账上`)
      .and.include('江宁加盟店');
    const made = await on.post('/inventory/loans/borrow', typed);
    expect(made.status, made.text).to.equal(303);
    const href = String(made.headers['location']);
    expect((await on.get(href).expect(200)).text)
      .to.include('借入中')
      .and.include('还给对方')
      .and.include('借入 2 台');
    expect((await on.get(`${href}/print`).expect(200)).text).to.include('借入单');
    const [number = ''] = (await on.database.read.find(loan, {})).map((row) => row.number);
    expect((await on.get(`/search?q=${number}`).redirects(0)).headers['location']).to.equal(href);
    await on.uow.run(on.actor, (unit) => unit.execute(sql`UPDATE loan SET due_on = ${'2020-01-01'}`));
    expect((await on.get('/alerts').expect(200)).text).to.include('借入的手机逾期未还');
    expect((await on.get('/inventory/loans?way=in&late=1').expect(200)).text)
      .to.include('江宁加盟店')
      .and.include('/inventory/loans.xlsx?way=in&amp;late=1');
    expect((await on.get('/inventory/loans?way=out').expect(200)).text).to.not.include('江宁加盟店');
    const [found] = await on.database.read.find(loanDevice, {});
    expect((await on.get(`/inventory/devices/${found?.deviceId}`).expect(200)).text).to.include('向 江宁加盟店 借的');
    const page = (await on.get(`${href}/returns/new`).expect(200)).text;
    expect(page).to.include('还给对方').and.not.include('name="bucket"');
    const rows = [...page.matchAll(/name="(rows\.d\d+)"/g)].map(([, name = '']) => name);
    const sent = { version: hidden(page, 'version'), ...Object.fromEntries(rows.map((name) => [name, '1'])) };
    expect((await on.post(`${href}/returns`, sent)).status).to.equal(303);
    expect((await on.get(href).expect(200)).text)
      .to.include('已还')
      .and.include('还了 2 台');
    const [, first] = await readAllRows(await download(on, '/inventory/loans.xlsx'));
    expect(first?.cells.slice(0, 3).map(({ text }) => text)).to.deep.equal([number, '借入', '已还']);
  });

  it('are seen in the reader’s stores, and made and reversed by who may', async () => {
    const on = await start();
    const shop = await sampleShop(on.uow, on.actor);
    const typed = { locationId: String(shop.locationId), borrower: '张薇', purpose: 'trial', dueOn: '2099-01-01' };
    const made = await on.post('/inventory/loans', { ...typed, numbers: imeiOf(0) });
    const href = String(made.headers['location']);
    const viewer = await on.as({ permissions: ['inventory.loan.view'], stores: [shop.storeId] });
    expect((await viewer.get(href).expect(200)).text)
      .to.include('张薇')
      .and.not.include('/returns/new')
      .and.not.include('/reversal');
    for (const path of ['/inventory/loans/new', `${href}/returns/new`, `${href}/reversal`])
      expect((await viewer.get(path)).status, path).to.equal(403);
    expect((await viewer.post('/inventory/loans', { ...typed, numbers: imeiOf(1) })).status).to.equal(403);
    const other = await on.as({ permissions: ['inventory.loan.view'], stores: [shop.otherStoreId] });
    expect((await other.get(href)).status).to.equal(404);
    expect((await other.get('/inventory/loans').expect(200)).text).not.to.include('张薇');
    const ask = (await on.get(`${href}/reversal`).expect(200)).text;
    expect((await on.post(`${href}/reversal`, { version: hidden(ask, 'version') })).status).to.equal(303);
    expect((await on.get(href)).text).to.include('已红冲');
  });
});
