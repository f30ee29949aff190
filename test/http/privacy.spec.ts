import { expect } from 'chai';
import { inflateRawSync } from 'node:zlib';
import { createCustomer, customer } from '../../src/modules/crm';
import { postSale } from '../../src/modules/sales';
import { heldSalesOf, openDraft } from '../../src/modules/sales/queries/till-page';
import { holdSale, takeHeldSale } from '../../src/modules/sales/use-cases/hold-sale';
import { sql } from '../../src/platform/database';
import { testApps } from '../support/http';
import { sampleShop } from '../support/sample-shop';

const PHONE = '13812345678';

/** Contents of the archive by name: entries are written one after the other, each followed by its sizes. */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  let at = 0;
  while (bytes.readUInt32LE(at) === 0x04034b50) {
    const nameLength = bytes.readUInt16LE(at + 26);
    const start = at + 30 + nameLength + bytes.readUInt16LE(at + 28);
    const name = bytes.subarray(at + 30, at + 30 + nameLength).toString('utf8');
    const end = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x07, 0x08]), start);
    files.set(name, inflateRawSync(bytes.subarray(start, end)).toString('utf8'));
    at = end + 16;
  }
  return files;
}

describe('the data of a person', function () {
  this.timeout(60_000);
  const start = testApps();

  async function shopWithCustomer() {
    const app = await start();
    const shop = await sampleShop(app.uow, app.actor);
    const words = { name: '单<小>雨', phone: PHONE, birthOn: '1990-05-01', note: '左撇子' };
    const { id } = await createCustomer(app.uow, app.actor, app.services.keys, words);
    const sold = await postSale(app.uow, app.actor, {
      registerId: shop.registerId,
      customerId: id,
      note: '单小雨明天来取壳',
      lines: [{ skuId: shop.phoneSkuIds[0], deviceId: shop.devices[0]?.id ?? 0, quantity: 1, discountFen: 0 }],
      tenders: [{ kind: 'cash', amountFen: 449_900 }],
    });
    return { app, shop, id, saleId: sold.saleId, path: `/privacy/customers/${id}` };
  }

  it('is given out whole, readable and escaped, to those who may, and the log says so', async () => {
    const { app, id, path } = await shopWithCustomer();
    const answer = await app.agent
      .post(`${path}/copy`)
      .type('form')
      .send({ _csrf: await app.token() })
      .responseType('blob');
    expect(answer.headers['content-type']).to.include('zip');
    const files = unzip(answer.body as Buffer);
    const html = files.get('data.html') ?? '';
    for (const part of [PHONE, '单&lt;小&gt;雨', '左撇子', '4,499.00', '1990-05-01', '单小雨明天来取壳'])
      expect(html, part).to.include(part);
    expect(html).not.to.include('<小>');
    const data = JSON.parse(files.get('data.json') ?? '') as { parts: { rows: Record<string, unknown>[] }[] };
    expect(data.parts[0]?.rows[0]).to.include({ 手机号: PHONE });
    const entries = await app.database.read.all<{ action: string }>(
      sql`SELECT action FROM audit_log WHERE subject_type = ${'crm.customer'} AND subject_id = ${id} ORDER BY id`,
    );
    expect(entries.map(({ action }) => action)).to.deep.equal(['crm.customer.create', 'crm.customer.export']);
    const clerk = await app.as({ permissions: ['crm.customer.view', 'crm.customer.edit', 'crm.phone.view'] });
    expect((await clerk.get(path)).status).to.equal(403);
    expect((await clerk.post(`${path}/copy`)).status).to.equal(403);
    expect((await clerk.get(`/crm/customers/${id}`)).text).not.to.include(path);
  });

  it('is not erased while a handset is under warranty, nor without the second confirmation', async () => {
    const { app, id, path } = await shopWithCustomer();
    const code = (await app.database.read.get(customer, id))?.code ?? '';
    expect((await app.get(path).expect(200)).text)
      .to.include('保修期内')
      .and.not.include('typedCode');
    const refused = await app.post(`${path}/erasure`, { typedCode: code, sure: '1', reason: 'request' });
    expect([refused.status, refused.text.includes('没有了结')]).to.deep.equal([422, true]);
    await app.uow.run(app.actor, (unit) => unit.execute(sql`UPDATE device SET maker_warranty_until = ${'2020-01-01'}`));
    const wrong = await app.post(`${path}/erasure`, { typedCode: 'KH1', sure: '1' });
    expect(wrong.text)
      .to.match(/name="typedCode"[^>]*aria-invalid="true"/)
      .and.include('编号不对');
    const unsure = await app.post(`${path}/erasure`, { typedCode: code });
    expect(unsure.status).to.equal(422);
    expect(unsure.text)
      .to.match(/name="sure"[^>]*aria-invalid="true"/)
      .and.include(`value="${code}"`);
    expect((await app.database.read.get(customer, id))?.erasedAt).to.equal(null);
  });

  it('is not erased while a sale is held for them, and that keeps their id only', async () => {
    const { app, shop, id, path } = await shopWithCustomer();
    const { keys } = app.services;
    const code = (await app.database.read.get(customer, id))?.code ?? '';
    await app.uow.run(app.actor, (unit) => unit.execute(sql`UPDATE device SET maker_warranty_until = ${'2020-01-01'}`));
    const draft = { key: 'k', customer: { id, code, name: '单<小>雨', phoneMasked: '138****5678', levelId: null } };
    const { heldId } = await holdSale(
      app.uow,
      app.actor,
      { registerId: shop.registerId, draft, label: '单<小>雨', quantity: 1, amountFen: 100 },
      { operationKey: 'hold-operation-1' },
    );
    expect((await app.get(path).expect(200)).text)
      .to.include('张挂单')
      .and.not.include('typedCode');
    const form = { typedCode: code, sure: '1', reason: 'request' };
    const refused = await app.post(`${path}/erasure`, form);
    expect([refused.status, refused.text.includes('没有了结')]).to.deep.equal([422, true]);
    expect((await heldSalesOf(app.database.read, keys, shop.storeId))[0]).to.include({ id: heldId, label: '单<小>雨' });
    const taking = { registerId: shop.registerId, heldId };
    const taken = await takeHeldSale(app.uow, app.actor, taking, { operationKey: 'take-operation-1' });
    expect(taken.draft).to.deep.equal({ key: 'k', customer: { id } });
    expect(await openDraft(app.database.read, keys, taken.draft)).to.deep.equal(draft);
    for (const table of ['held_sale', 'operation', 'audit_log'])
      expect(JSON.stringify(await app.database.read.all(sql`SELECT * FROM ${sql.identifier(table)}`))).not.to.include(
        '小>雨',
      );
    expect((await app.post(`${path}/erasure`, form)).status).to.equal(303);
  });

  it('is erased for good, and the documents stay as they were', async () => {
    const { app, id, saleId, path } = await shopWithCustomer();
    const code = (await app.database.read.get(customer, id))?.code ?? '';
    await app.uow.run(app.actor, (unit) => unit.execute(sql`UPDATE device SET maker_warranty_until = ${'2020-01-01'}`));
    const money = () =>
      app.database.read.all(
        sql`SELECT s.gross_fen, s.cost_fen, s.customer_id, l.amount_fen FROM sale s JOIN sale_line l ON l.sale_id = s.id
            WHERE s.id = ${saleId} ORDER BY l.id`,
      );
    const before = await money();
    const form = { typedCode: code.toLowerCase(), sure: '1', reason: 'request', operationKey: 'erase-operation-1' };
    expect((await app.post(`${path}/erasure`, form)).status).to.equal(303);
    expect((await app.post(`${path}/erasure`, form)).status, 'sent twice').to.equal(303);
    expect(await money()).to.deep.equal(before);
    for (const table of ['customer', 'sale', 'audit_log', 'operation', 'outbox_event']) {
      const rows = JSON.stringify(await app.database.read.all(sql`SELECT * FROM ${sql.identifier(table)}`));
      for (const part of ['12345678', '小雨', '左撇子', '138****'])
        if (!(table === 'sale' && part === '小雨')) expect(rows, `${table}: ${part}`).not.to.include(part);
    }
    const page = await app.get(`/crm/customers/${id}`).expect(200);
    expect(page.text).to.include('已清除资料的客户').and.include(code).and.not.include('/edit"');
    expect((await app.get(`/crm/customers?q=${PHONE}`)).text).not.to.include(code);
    expect((await app.post(`/crm/customers/${id}`, { name: '又来了', phone: PHONE, version: 2 })).status).to.equal(422);
    expect((await app.post(`${path}/erasure`, { ...form, operationKey: 'erase-operation-2' })).text).to.include(
      '早已清除',
    );
  });
});
