import { expect } from 'chai';
import { addStaff } from '../../src/modules/organization';
import { sql } from '../../src/platform/database';
import { testApps } from '../support/http';

describe('the data of a member of staff', function () {
  this.timeout(60_000);
  const start = testApps();

  it('is copied and erased from a page that says what happens, by who may', async () => {
    const app = await start();
    const clerk = await app.as({ permissions: ['organization.staff.view', 'organization.staff.edit'] });
    const id = await app.uow.run(app.actor, (unit) =>
      addStaff(unit, app.services.keys, { code: 'N007', name: '周敏敏', phone: '13700001111' }),
    );
    await app.uow.run(app.actor, (unit) =>
      unit.execute(sql`UPDATE user_account SET staff_id = ${id} WHERE id = ${clerk.actor.userId}`),
    );
    const path = `/privacy/staff/${id}`;
    expect((await app.get(`/organization/staff/${id}`).expect(200)).text).to.include(path);
    expect((await clerk.get(`/organization/staff/${id}`).expect(200)).text).not.to.include(path);
    for (const answer of [clerk.get(path), clerk.post(`${path}/copy`), clerk.post(`${path}/erasure`)])
      expect((await answer).status).to.equal(403);
    const page = await app.get(path).expect(200);
    expect(page.text).to.include('周敏敏').and.include('typedCode').and.include('N007').and.include('操作日志和账本');
    expect((await app.get(path).set('Accept-Language', 'en')).status).to.equal(200);
    const copy = await app.post(`${path}/copy`);
    expect([copy.status, copy.headers['content-type']]).to.deep.equal([200, 'application/zip']);
    const form = { typedCode: 'N007', sure: '1', reason: 'request', operationKey: 'erase-staff-1' };
    const wrong = await app.post(`${path}/erasure`, { ...form, typedCode: 'N0', operationKey: 'erase-staff-0' });
    expect([wrong.status, wrong.text.includes('编号不对'), wrong.text.includes('value="N0"')]).to.deep.equal([
      422,
      true,
      true,
    ]);
    expect((await app.post(`${path}/erasure`, { ...form, sure: '' })).status).to.equal(422);
    expect((await app.post(`${path}/erasure`, form)).status).to.equal(303);
    expect((await app.post(`${path}/erasure`, form)).status, 'sent twice').to.equal(303);
    const after = await app.get(path).expect(200);
    expect(after.text).to.include('已经清除').and.not.include('typedCode').and.not.include('周敏敏');
    const sessions = await app.database.read.all(
      sql`SELECT sid_hash FROM session WHERE user_id = ${clerk.actor.userId}`,
    );
    expect(sessions).to.deep.equal([]);
    expect((await app.get('/privacy/staff/999999')).status).to.equal(404);
  });
});
