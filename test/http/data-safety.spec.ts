import { expect } from 'chai';
import { retentionJob } from '../../src/app/data-safety/retention';
import { createCustomer, customer } from '../../src/modules/crm';
import { auditLog, operation } from '../../src/platform/unit-of-work';
import { parameter } from '../../src/platform/parameters';
import { sql } from '../../src/platform/database';
import { readKeyFile } from '../../src/platform/crypto';
import { testApps } from '../support/http';

const PATH = '/settings/data-safety';
const DAY = 24 * 3_600_000;

describe('data safety', function () {
  this.timeout(60_000);
  const start = testApps();

  it('shows keys, periods and catalogue; the key is changed after a question', async () => {
    const app = await start();
    await createCustomer(app.uow, app.actor, app.services.keys, { name: '王芳', phone: '13812345678', note: '常客' });
    const before = await app.get(PATH).expect(200);
    expect(before.text).to.include('k1').and.include('永远，不能删').and.include('key-rotation/new');
    expect((await app.get(`${PATH}/catalogue`).expect(200)).text).to.include('customer.phoneCipher');
    expect((await app.get(`${PATH}/key-rotation/new`).expect(200)).text).to.include('旧密钥还留着');
    expect((await app.post(`${PATH}/key-rotation`)).status).to.equal(303);
    const { keyFile } = app.services.config.security;
    expect(readKeyFile(keyFile).current).to.equal('k2');
    const [row] = await app.database.read.find(customer, {});
    expect([row?.phoneCipher, row?.noteCipher].every((text) => text?.startsWith('e1.k2.'))).to.equal(true);
    expect((await app.get('/crm/customers/' + String(row?.id))).text).to.include('常客');
    expect((await app.post(`${PATH}/key-retirement`)).status).to.equal(303);
    expect((await app.get(PATH)).text, 'too soon to retire').to.include('k1');
    const auditor = await app.as({ permissions: ['system.data-safety.view'] });
    expect((await auditor.get(PATH).expect(200)).text).to.not.include('key-rotation');
    for (const action of ['key-rotation', 'key-retirement', 'retention', 'retention-run'])
      expect((await auditor.post(`${PATH}/${action}`)).status, action).to.equal(403);
  });

  it('keeps to the periods that were set, shows what goes first, and refuses shorter ones than the law allows', async () => {
    let now = Date.UTC(2020, 0, 1);
    const app = await start({ clock: () => now });
    const make = (phone: string) =>
      createCustomer(app.uow, app.actor, app.services.keys, { name: '王芳', phone }, { operationKey: `make-${phone}` });
    const old = await make('13812345678');
    now += 4 * 365 * DAY;
    const fresh = await make('13812345679');
    const rules = { operations: 8, events: 30, jobs: 14, notifications: 180, runs: 730, drafts: 30 };
    const form = (customers: number) => ({
      ...rules,
      customers,
      version: 0,
      operationKey: `rules-${customers}-of-them`,
    });
    const refused = await app.post(`${PATH}/retention`, form(2));
    expect([refused.status, refused.text.includes('3–30 年')]).to.deep.equal([422, true]);
    const preview = await app.post(`${PATH}/retention`, form(3));
    expect([preview.status, (await app.database.read.find(parameter, {})).length]).to.deep.equal([200, 0]);
    expect(preview.text)
      .to.include('今晚就会永久删除')
      .and.include('很久没来的客户：1 项，早于')
      .and.include('保存，今晚清理')
      .and.not.include('消息：')
      .and.include('name="customers" value="3"');
    const seen = /name="seen" value="([^"]+)"/.exec(preview.text)?.[1] ?? '';
    // What was seen holds for these periods only.
    const shorter = await app.post(`${PATH}/retention`, { ...form(3), jobs: 7, seen });
    expect([shorter.status, shorter.text.includes('很久没来的客户：1 项')]).to.deep.equal([200, true]);
    expect((await app.post(`${PATH}/retention`, { ...form(3), seen })).status).to.equal(303);
    expect((await app.post(`${PATH}/retention`, { ...form(0), operationKey: 'rules-stale' })).status).to.equal(409);
    const longer = { ...form(0), version: 1, operationKey: 'rules-longer' };
    expect((await app.post(`${PATH}/retention`, longer)).status, 'nothing more goes: no question').to.equal(303);
    const again = { ...form(3), version: 2, seen, operationKey: 'rules-again' };
    expect((await app.post(`${PATH}/retention`, again)).status).to.equal(303);
    const ask = await app.get(`${PATH}/retention-run/new`).expect(200);
    expect(ask.text).to.include('很久没来的客户：1 项').and.include('已完成操作的结果：1 项');
    await retentionJob(app.services);
    expect((await app.database.read.get(customer, old.id))?.erasedAt).to.equal(now);
    expect((await app.database.read.get(customer, fresh.id))?.erasedAt).to.equal(null);
    expect((await app.database.read.find(operation, { operationKey: 'make-13812345678' })).length).to.equal(0);
    expect((await app.database.read.find(operation, { operationKey: 'make-13812345679' })).length).to.equal(1);
    const [entry] = await app.database.read.find(auditLog, { action: 'system.retention.run' });
    expect(entry?.detail).to.deep.equal({ operations: 1, customers: 1 });
    const runs = await app.database.read.all<{ id: number }>(sql`SELECT id FROM upkeep_run ORDER BY id`);
    expect((await app.get(`${PATH}/runs/${runs[0]?.id}/progress`)).body).to.include({ state: 'finished' });
  });
});
