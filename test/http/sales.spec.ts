import { expect } from 'chai';
import { createUser, issueLink, ensureReadyRoles, role, setPasswordByLink } from '../../src/platform/auth';
import { sql } from '../../src/platform/database';
import { COST_PERMISSION, systemActor } from '../../src/platform/permissions';
import { readAllRows } from '../../src/platform/spreadsheet';
import { salesModule } from '../../src/modules/sales/sales.module';
import { postSale, returnSale, saleLine } from '../../src/modules/sales';
import { listChannels } from '../../src/modules/organization';
import { testApps, type TestApp } from '../support/http';
import { imeiOf, sampleShop, type SampleShop } from '../support/sample-shop';

const ALL_SALES = salesModule.permissions.map((permission) => permission.id);
/** A cashier: everything of the till, no approval, no reversal, no cost. */
const CASHIER = ALL_SALES.filter(
  (id) =>
    !['sales.discount.approve', 'sales.sale.reverse', 'sales.return.elsewhere', 'sales.register.edit'].includes(id),
);

describe('sales pages', function () {
  this.timeout(60_000);
  const start = testApps();
  let app: TestApp;
  let shop: SampleShop;
  beforeEach(async () => {
    app = await start();
    shop = await sampleShop(app.uow, app.actor);
  });

  const cashier = (stores: readonly number[] = [shop.storeId]) =>
    app.as({ permissions: CASHIER, stores, name: '收银员' });
  const sell = (index = 0, discountFen = 0) =>
    postSale(app.uow, app.actor, {
      registerId: shop.registerId,
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[index]?.id ?? 0, quantity: 1, discountFen }],
      tenders: [{ kind: 'cash', amountFen: 449_900 - discountFen }],
    });

  it('sells by an ordinary form and shows the sale with its IMEI, tenders and change', async () => {
    const clerk = await cashier();
    expect((await clerk.get('/sales/sales/new')).text).to.contain('name="items"');
    const form = {
      registerId: shop.registerId,
      items: `${imeiOf(0)}\nCD67 x2 -8`,
      phone: '138 1234 5678',
      customerName: '王女士',
      'tender.wallet_wechat': '4000',
      'tender.cash': '800',
      operationKey: 'form-operation-1',
    };
    const posted = await clerk.post('/sales/sales', form);
    expect(posted.status).to.equal(303);
    const { text } = await clerk.get(posted.headers['location'] ?? '').expect(200);
    for (const part of ['XS', '86 742106', '4,789.00', '王女士', '138****5678', '11.00']) expect(text).to.contain(part);
    const again = await clerk.post('/sales/sales', form);
    expect(again.headers['location']).to.equal(posted.headers['location']);
    const changed = await clerk.post('/sales/sales', { ...form, items: 'CD67 x1' });
    expect(changed.status).to.equal(409);
    expect(changed.text).to.contain('已经提交成功过一次').and.contain('CD67 x1').and.not.contain('form-operation-1');
  });

  it('names the channel that a sale came by; one that was switched off is not offered, and old sales keep it', async () => {
    const clerk = await cashier();
    const online = (await listChannels(app.database.read)).find(({ kind }) => kind === 'online');
    const form = await clerk.get('/sales/sales/new').expect(200);
    expect(form.text).to.include('线上').and.include('批发');
    const sell = (index: number, channelId: number | '') =>
      clerk.post('/sales/sales', {
        registerId: shop.registerId,
        items: imeiOf(index),
        'tender.cash': '4499',
        channelId,
      });
    const posted = await sell(0, online?.id ?? '');
    expect(posted.status).to.equal(303);
    const saleId = Number((posted.headers['location'] ?? '').split('/').at(-1));
    expect((await clerk.get(posted.headers['location'] ?? '')).text).to.match(/渠道.{0,80}线上/s);
    const own = await sell(1, '');
    expect((await clerk.get(own.headers['location'] ?? '').expect(200)).text).not.to.match(/渠道.{0,80}线上/s);
    const [line] = await app.database.read.find(saleLine, { saleId });
    const returned = await returnSale(app.uow, systemActor('test'), {
      originalSaleId: saleId,
      registerId: shop.registerId,
      lines: [{ lineId: line?.id ?? 0, quantity: 1 }],
      refunds: [{ kind: 'cash', amountFen: 449_900 }],
      bucket: 'sellable',
    });
    const numbers = async (query: string) =>
      (await clerk.get(`/sales/sales?${query}`).expect(200)).text.match(/X[ST]\d{6}-NJ01-\d{4}/g) ?? [];
    const ofChannel = await numbers(`channel=${online?.id}`);
    expect(new Set(ofChannel).size, 'the sale and its return').to.equal(2);
    expect(ofChannel).to.include(returned.saleNumber);
    expect(new Set(await numbers('channel=store')).size).to.equal(1);
    const off = await app.get(`/settings/data/sales.channels/records/${online?.id}`).expect(200);
    const seen = /name="seen" value="([^"]*)"/.exec(off.text)?.[1] ?? '';
    const saved = await app.post(`/settings/data/sales.channels/records/${online?.id}`, {
      name: '线上',
      kind: 'online',
      sortOrder: 10,
      seen,
    });
    expect(saved.status).to.equal(303);
    expect((await clerk.get('/sales/sales/new')).text).not.to.include('线上');
    const refused = await sell(2, online?.id ?? '');
    expect([refused.status, refused.text.includes('没有这个渠道')]).to.eql([422, true]);
    expect((await clerk.get(posted.headers['location'] ?? '')).text).to.include('线上');
  });

  it('keeps what was typed and says what is wrong', async () => {
    const clerk = await cashier();
    const refused = await clerk.post('/sales/sales', {
      registerId: shop.registerId,
      items: `${imeiOf(50)}\nNOTHING-HERE`,
      'tender.cash': '12.345',
      note: '带走',
      operationKey: 'form-operation-2',
    });
    expect(refused.status).to.equal(422);
    expect(refused.text)
      .to.contain(imeiOf(50))
      .and.to.contain('12.345')
      .and.to.contain('带走')
      .and.to.contain('form-operation-2');
    const elsewhere = await clerk.post('/sales/sales', {
      registerId: shop.registerId,
      items: imeiOf(50),
      'tender.cash': '4499',
    });
    expect(elsewhere.status).to.equal(422);
    expect(elsewhere.text).to.contain('河西店');
    const short = await clerk.post('/sales/sales', {
      registerId: shop.registerId,
      items: imeiOf(0),
      'tender.cash': '4000',
    });
    expect(short.status).to.equal(422);
    expect(short.text).to.contain('499.00');
    expect(await app.database.read.all(sql`SELECT id FROM sale`)).to.have.length(0);
  });

  it('asks for an approver’s sign-in below the floor, in the form and at the till', async () => {
    await ensureReadyRoles(app.uow, [salesModule]);
    const [manager] = await app.database.read.find(role, { code: 'manager' });
    const { userId } = await createUser(app.uow, systemActor('test'), {
      login: 'dianzhang',
      name: '店长',
      locale: 'zh-CN',
      grants: [{ roleId: manager?.id ?? 0, storeId: shop.storeId }],
    });
    const { token } = await issueLink(app.uow, systemActor('test'), { userId });
    await setPasswordByLink(
      app.services,
      { address: '127.0.0.1', requestId: 'r' },
      { token, password: 'plover kettle 42' },
    );

    const clerk = await cashier();
    const cheap = { registerId: shop.registerId, items: `${imeiOf(0)} -300`, 'tender.cash': '4199' };
    const asked = await clerk.post('/sales/sales', cheap);
    expect(asked.status).to.equal(422);
    expect(asked.text).to.contain('name="approval.password"');
    const wrong = await clerk.post('/sales/sales', {
      ...cheap,
      'approval.login': 'dianzhang',
      'approval.password': 'secret-guess',
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).not.to.contain('secret-guess');
    const posted = await clerk.post('/sales/sales', {
      ...cheap,
      'approval.login': 'dianzhang',
      'approval.password': 'plover kettle 42',
    });
    expect(posted.status).to.equal(303);
    expect((await clerk.get(posted.headers['location'] ?? '')).text).to.contain('店长 批准');

    const draft = {
      operationKey: 'till-operation-1',
      customerId: null,
      salespersonId: null,
      expectedFen: 419_900,
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[1]?.id, quantity: 1, discountFen: 30_000 }],
      tenders: [{ kind: 'cash', amountFen: 420_000, reference: null }],
    };
    const address = `/sales/till/${shop.registerId}/sales`;
    const needed = await clerk.postJson(address, draft);
    expect(needed.status).to.equal(422);
    expect(needed.body).to.have.nested.property('error.code', 'sales:error.approval_needed');
    const done = await clerk.postJson(address, {
      ...draft,
      approval: { login: 'dianzhang', password: 'plover kettle 42' },
    });
    expect(done.status).to.equal(200);
    expect(done.body).to.deep.include({ grossFen: 419_900, changeFen: 100 });
  });

  it('answers scans in their order, in one request, and never tells cost', async () => {
    const clerk = await cashier();
    const codes = [imeiOf(0), `IMEI: ${imeiOf(1)}`, '6934177700019', 'cd67', imeiOf(50), '小米', '9999999999999'];
    const { body } = await clerk.postJson(`/sales/till/${shop.registerId}/scans`, {
      scans: codes.map((code, key) => ({ key: String(key), code })),
    });
    const { results } = body as {
      results: { outcome: string; text: string; line?: { deviceId: number | null }; matches?: unknown[] }[];
    };
    expect(results.map((result) => result.outcome)).to.deep.equal([
      'right',
      'right',
      'right',
      'right',
      'wrong',
      'wrong',
      'wrong',
    ]);
    expect(results[1]?.line?.deviceId).to.equal(shop.devices[1]?.id);
    expect(results[4]?.text).to.contain('河西店');
    expect(results[5]?.matches).to.have.length.greaterThan(1);
    expect(JSON.stringify(body)).not.to.match(/cost/i);
    expect((await clerk.get('/sales/till?register=' + shop.registerId)).text).not.to.match(/costFen|390,0|3900/);
    expect((await clerk.postJson(`/sales/till/${shop.registerId}/scans`, { scans: 'x' })).status).to.equal(422);
  });

  it('hides cost and margin from everybody without the right: page, list and export', async () => {
    const { saleId } = await sell();
    const clerk = await cashier();
    const buyer = await app.as({ permissions: ['sales.sale.view', COST_PERMISSION], stores: [shop.storeId] });
    for (const path of [`/sales/sales/${saleId}`, '/sales/sales']) {
      expect((await clerk.get(path).expect(200)).text, path).not.to.match(/毛利|3,900\.00|[^,\d]81\.42/);
      expect((await buyer.get(path).expect(200)).text, path)
        .to.contain('毛利')
        .and.to.match(/[^,\d]81\.42/);
    }
    const sheet = async (client: typeof clerk): Promise<string> => {
      const response = await client
        .get('/sales/sales.xlsx')
        .buffer(true)
        .parse((incoming, done) => {
          const parts: Buffer[] = [];
          incoming.on('data', (part: Buffer) => parts.push(part));
          incoming.on('end', () => done(null, Buffer.concat(parts)));
        });
      return JSON.stringify(await readAllRows(response.body as Buffer));
    };
    expect(await sheet(clerk))
      .to.contain('XS')
      .and.not.to.contain('毛利');
    expect(await sheet(buyer)).to.contain('毛利');
  });

  it('keeps other stores out of sight and out of reach', async () => {
    const { saleId, saleNumber } = await sell();
    const stranger = await cashier([shop.otherStoreId]);
    for (const path of [
      `/sales/sales/${saleId}`,
      `/sales/sales/${saleId}/receipt`,
      `/sales/sales/${saleId}/return`,
      `/sales/shifts/${shop.shiftId}`,
    ])
      expect((await stranger.get(path)).status, path).to.equal(404);
    expect((await stranger.get('/sales/sales')).text).not.to.contain(saleNumber);
    expect((await stranger.get(`/search?q=${saleNumber}`)).text).not.to.contain('新街口店');
    expect(
      (await stranger.postJson(`/sales/till/${shop.registerId}/scans`, { scans: [{ key: '1', code: imeiOf(0) }] }))
        .status,
    ).to.equal(404);
    expect((await stranger.post('/sales/sales', { registerId: shop.registerId, items: imeiOf(1) })).status).to.equal(
      404,
    );
    expect(
      (await stranger.post('/sales/shifts', { registerId: shop.registerId, openingFloat: '1' })).status,
    ).to.be.oneOf([403, 404]);
    const reader = await app.as({ permissions: ['sales.sale.view'], stores: [shop.storeId] });
    expect((await reader.get('/sales/till')).status).to.equal(403);
    expect((await reader.post(`/sales/sales/${saleId}/reversal`, { reason: '试' })).status).to.equal(403);
    const found = await reader.get(`/search?q=${saleNumber}`);
    expect(found.headers['location']).to.equal(`/sales/sales/${saleId}`);
  });

  it('returns by form, finds the sale by IMEI, and links return and sale', async () => {
    const { saleId } = await sell();
    const clerk = await cashier();
    const found = await clerk.get(`/sales/returns/find?text=${imeiOf(0)}&register=${shop.registerId}`);
    expect(found.headers['location']).to.equal(`/sales/sales/${saleId}/return?register=${shop.registerId}`);
    const form = (await clerk.get(found.headers['location'] ?? '').expect(200)).text;
    const line = /name="lines\.(n\d+)"/.exec(form)?.[1] ?? '';
    const fields = {
      registerId: shop.registerId,
      [`lines.${line}`]: '1',
      bucket: 'sellable',
      refundKind: 'cash',
      reason: '不喜欢',
      operationKey: 'return-operation-1',
    };
    const tooMany = await clerk.post(`/sales/sales/${saleId}/return`, {
      ...fields,
      [`lines.${line}`]: '2',
      operationKey: 'return-operation-0',
    });
    expect(tooMany.status).to.equal(409);
    expect(tooMany.text).to.contain('不喜欢');
    const posted = await clerk.post(`/sales/sales/${saleId}/return`, fields);
    expect(posted.status).to.equal(303);
    const back = (await clerk.get(posted.headers['location'] ?? '').expect(200)).text;
    expect(back).to.contain('XT').and.to.contain('−4,499.00');
    const id = posted.headers['location']?.split('/').at(-1) ?? '';
    expect((await clerk.get(`/sales/returns/${id}`)).headers['location']).to.equal(`/sales/sales/${id}`);
    expect((await clerk.get(`/sales/sales/${saleId}`)).text).to.contain('XT');
    expect((await clerk.get(`/sales/sales/${saleId}/return`)).text).to.contain('没有可以退的商品');
  });

  it('reverses with a reason only, and says so on the page', async () => {
    const { saleId } = await sell();
    expect((await app.get(`/sales/sales/${saleId}/reversal`).expect(200)).text).to.contain('红冲');
    expect((await app.post(`/sales/sales/${saleId}/reversal`, { reason: ' ' })).status).to.equal(422);
    expect((await app.post(`/sales/sales/${saleId}/reversal`, { reason: '录错' })).status).to.equal(303);
    expect((await app.get(`/sales/sales/${saleId}`)).text)
      .to.contain('已红冲')
      .and.to.contain('录错');
    expect((await app.post(`/sales/sales/${saleId}/reversal`, { reason: '再来' })).status).to.equal(409);
  });

  it('opens, counts and closes a shift, and shows the difference', async () => {
    await sell();
    const clerk = await cashier();
    const page = (await clerk.get(`/sales/shifts/${shop.shiftId}`).expect(200)).text;
    expect(page, 'a blind count').not.to.contain('4,999.00');
    const closing = (await clerk.get(`/sales/shifts/${shop.shiftId}/closing`).expect(200)).text;
    const version = /name="version" value="(\d+)"/.exec(closing)?.[1] ?? '';
    const wrong = await clerk.post(`/sales/shifts/${shop.shiftId}/closing`, {
      version,
      'pieces.f10000': 'zehn',
      note: '晚班',
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.contain('晚班');
    const closed = await clerk.post(`/sales/shifts/${shop.shiftId}/closing`, { version, 'pieces.f10000': '50' });
    expect(closed.status).to.equal(303);
    const shown = (await clerk.get(`/sales/shifts/${shop.shiftId}`).expect(200)).text;
    expect(shown).to.contain('4,999.00').and.to.contain('5,000.00').and.to.contain('+1.00');
    expect((await clerk.get('/sales/shifts')).text).to.contain('+1.00');
    expect((await clerk.get(`/sales/till?register=${shop.registerId}`)).text).to.contain('name="openingFloat"');
    const opened = await clerk.post('/sales/shifts', { registerId: shop.registerId, openingFloat: '300' });
    expect(opened.headers['location']).to.equal(`/sales/till?register=${shop.registerId}`);
  });

  it('keeps registers: one code in a store, none switched off while its shift is open', async () => {
    expect((await app.get('/sales/registers').expect(200)).text).to.contain('1 号机');
    const taken = await app.post('/sales/registers', { storeId: shop.storeId, code: '1', name: '另一台', active: '1' });
    expect(taken.status).to.equal(422);
    expect(taken.text).to.contain('另一台');
    expect(
      (await app.post('/sales/registers', { storeId: shop.storeId, code: '3', name: '三号', active: '1' })).status,
    ).to.equal(303);
    const off = await app.post(`/sales/registers/${shop.registerId}`, { code: '1', name: '1 号机', version: 1 });
    expect(off.status).to.equal(409);
  });

  it('prints receipts for both papers and lists by filter and page', async () => {
    const first = await sell(0);
    await sell(1, 10_000);
    for (const paper of ['80', '58'])
      expect((await app.get(`/sales/sales/${first.saleId}/receipt?paper=${paper}`).expect(200)).text).to.contain(
        `receipt-${paper}`,
      );
    expect((await app.get(`/sales/sales/${first.saleId}/barcode.svg`)).headers['content-type']).to.contain('svg');
    const list = async (query: string): Promise<number> =>
      ((await app.get(`/sales/sales?${query}`).expect(200)).text.match(/row-link/g) ?? []).length;
    expect(await list('')).to.equal(2);
    expect(await list(`text=${imeiOf(0)}`)).to.equal(1);
    expect(await list('kind=return')).to.equal(0);
    expect(await list('from=2099-01-01')).to.equal(0);
    expect(await list(`shift=${shop.shiftId}&sort=gross`)).to.equal(2);
    expect(await list('after=broken&from=yesterday&size=9999&shift=1%20OR%201')).to.equal(2);
  });
});
