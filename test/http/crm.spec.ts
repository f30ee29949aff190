import { expect } from 'chai';
import { ensureCustomer, findCustomerByPhone } from '../../src/modules/crm';
import { sql } from '../../src/platform/database';
import { auditLog } from '../../src/platform/unit-of-work';
import { testApps } from '../support/http';

const PHONE = '13812345678';
const VIEW = ['crm.customer.view', 'crm.customer.edit'];

describe('customers', () => {
  const start = testApps();

  it('are found by the whole phone number, whose plain form is nowhere in the database', async () => {
    const app = await start();
    const created = await app.post('/crm/customers', { name: '单小雨', phone: '+86 138-1234-5678', consent: '1' });
    expect(created.status).to.equal(303);
    const { keys } = app.services;
    expect(await findCustomerByPhone(app.database.read, keys, PHONE)).to.include({
      name: '单小雨',
      phoneMasked: '138****5678',
    });
    expect(await findCustomerByPhone(app.database.read, keys, '13812345679')).to.equal(undefined);
    for (const table of ['customer', 'audit_log', 'operation']) {
      const rows = await app.database.read.all(sql`SELECT * FROM ${sql.identifier(table)}`);
      expect(JSON.stringify(rows)).to.not.include('12345678');
    }
    for (const q of [PHONE, '单小雨', 'sxy', 'KH0000'])
      expect((await app.get(`/crm/customers?q=${encodeURIComponent(q)}`).expect(200)).text, q).to.include('单小雨');
    expect((await app.get('/crm/customers?q=1381234').expect(200)).text).to.not.include('单小雨');
    expect((await app.get(`/search?q=${PHONE}`).expect(303)).headers['location']).to.match(/^\/crm\/customers\/\d+$/);
  });

  it('show the number masked without the right to see it, and keep it when the rest is changed', async () => {
    const app = await start();
    const { headers } = await app.post('/crm/customers', { name: '王芳', phone: PHONE });
    const path = headers['location'] ?? '';
    const masked = await app.get(path).expect(200);
    expect(masked.text).to.include('138****5678').and.include(`${path}/phone`).and.not.include(PHONE);
    const clerk = await app.as({ permissions: VIEW });
    for (const address of [path, `${path}/edit`, '/crm/customers']) {
      const { text } = await clerk.get(address).expect(200);
      expect(text).to.include('138****5678').and.not.include(PHONE);
    }
    expect((await clerk.post(path, { name: '王芳芳', phone: '', version: 1 })).status).to.equal(303);
    expect(await findCustomerByPhone(app.database.read, app.services.keys, PHONE)).to.include({ name: '王芳芳' });
    expect((await app.post(path, { name: '王芳芳', phone: '', version: 2 })).status).to.equal(303);
    expect(await findCustomerByPhone(app.database.read, app.services.keys, PHONE)).to.equal(undefined);
  });

  it('show the whole number when asked, and the audit log says who looked', async () => {
    const app = await start();
    const { headers } = await app.post('/crm/customers', { name: '王芳', phone: PHONE });
    const path = headers['location'] ?? '';
    const looks = async () =>
      (await app.database.read.find(auditLog, { action: 'crm.customer.reveal' })).map(({ actorId, subjectId }) => [
        actorId,
        `/crm/customers/${subjectId}`,
      ]);
    await app.get(path).expect(200);
    expect(await looks()).to.eql([]);
    expect((await app.post(`${path}/phone`)).text).to.include(PHONE);
    expect(await looks()).to.eql([[app.actor.userId, path]]);
    expect((await app.get(`${path}/edit`).expect(200)).text).to.include(PHONE);
    expect(await looks()).to.have.length(2);
    const clerk = await app.as({ permissions: VIEW });
    expect((await clerk.post(`${path}/phone`)).status).to.equal(403);
    expect(await looks()).to.have.length(2);
  });

  it('have a number each of their own', async () => {
    const app = await start();
    await app.post('/crm/customers', { name: '甲', phone: PHONE });
    const twice = await app.post('/crm/customers', { name: '乙', phone: ` ${PHONE} ` });
    expect(twice.status).to.equal(422);
    expect(twice.text).to.include('已经登记在另一位客户名下').and.include('value="乙"');
    expect((await app.post('/crm/customers', { name: '', phone: '' })).text).to.include('姓名和手机号至少填一个');
    expect((await app.post('/crm/customers', { phone: '12345' })).text).to.include('不像手机号');
    expect((await app.post('/crm/customers', { name: '丙', birthOn: '2999-01-01' })).status).to.equal(422);
  });

  it('are made by the till once per number', async () => {
    const app = await start();
    const { keys } = app.services;
    const ensure = () => app.uow.run(app.actor, (unit) => ensureCustomer(unit, keys, { phone: PHONE }));
    const first = await ensure();
    expect(await ensure()).to.deep.equal(first);
    expect(first).to.include({ name: null, phoneMasked: '138****5678' });
  });
});
