import { expect } from 'chai';
import { createUser, ensureReadyRoles, findUserByLogin, grantsOf, loadActor, role } from '../../src/platform/auth';
import { sealAudit } from '../../src/platform/audit';
import { systemActor } from '../../src/platform/permissions';
import { createStore } from '../../src/modules/organization';
import { testApps, type TestApp } from '../support/http';

const system = systemActor('test');

describe('administration pages', function () {
  this.timeout(60_000);
  const start = testApps();
  const open = async () => {
    const app = await start();
    await ensureReadyRoles(app.uow, app.app.manifests);
    const { id: storeId } = await createStore(app.uow, system, { code: 'NJ01', name: '新街口店', kind: 'store' });
    return { app, storeId };
  };
  const roleOf = async (app: TestApp, code: string): Promise<number> =>
    (await app.database.read.find(role, { code }))[0]?.id ?? 0;

  it('creates an account with roles in stores and shows its link once', async () => {
    const { app, storeId } = await open();
    const cashier = await roleOf(app, 'cashier');
    const owner = await roleOf(app, 'owner');
    const form = await app.get('/administration/users/new').expect(200);
    const operationKey = /name="operationKey" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
    const fields = {
      login: 'nj01-012',
      name: '周敏',
      locale: 'zh-CN',
      staffId: '',
      'grants.0.roleId': cashier,
      'grants.0.storeId': storeId,
      'grants.1.roleId': owner,
      'grants.1.storeId': '',
      'grants.2.roleId': '',
      'grants.2.storeId': '',
      operationKey,
    };
    const done = await app.post('/administration/users', fields);
    expect(done.status).to.equal(200);
    const link = /value="http:\/\/[^"]+(\/set-password\/[\w-]{43})"/.exec(done.text)?.[1] ?? '';
    await app.signedOut().get(link).expect(200);
    const again = await app.post('/administration/users', fields);
    expect(again.status, 'the same request again makes no second account').to.equal(200);
    const user = await findUserByLogin(app.database.read, 'NJ01-012');
    if (!user) throw new Error('no user');
    expect(await grantsOf(app.database.read, user.id)).to.have.deep.members([
      { roleId: cashier, storeId },
      { roleId: owner, storeId: null },
    ]);
    const list = await app.get('/administration/users').expect(200);
    expect(list.text).to.include('收银员（新街口店）').and.include('还没有设密码');
    const taken = await app.post('/administration/users', { ...fields, operationKey: 'another-key-1' });
    expect(taken.status).to.equal(422);
    expect(taken.text).to.include('已经有人用了').and.include('value="周敏"');
  });

  it('changes roles, and the change holds for the next request of that user', async () => {
    const { app, storeId } = await open();
    const clerk = await roleOf(app, 'clerk');
    const command = { login: 'ANNA', name: '安娜', locale: 'zh-CN' as const, grants: [{ roleId: clerk, storeId }] };
    const { userId } = await createUser(app.uow, system, command);
    const scope = async () =>
      (await loadActor(app.database.read, userId, Date.now()))?.actor.scope('organization.store.view');
    expect(await scope()).to.deep.equal([storeId]);
    const page = await app.get(`/administration/users/${userId}`).expect(200);
    const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
    const fields = {
      login: 'ANNA',
      name: '安娜',
      locale: 'en',
      version,
      'grants.0.roleId': clerk,
      'grants.0.storeId': '',
    };
    expect((await app.post(`/administration/users/${userId}`, fields)).status).to.equal(303);
    expect(await scope()).to.equal('all');
    const late = await app.post(`/administration/users/${userId}`, { ...fields, 'grants.0.roleId': '' });
    expect(late.status, 'an old page').to.equal(409);
    expect((await app.post(`/administration/users/${userId}/deactivation`)).status).to.equal(303);
    expect(await loadActor(app.database.read, userId, Date.now())).to.equal(null);
  });

  it('lets nobody give rights that they do not have', async () => {
    const { app } = await open();
    const manager = await app.as({ permissions: ['administration.user.manage', 'administration.user.view'] });
    const refused = await manager.post('/administration/users', {
      login: 'EVE',
      name: 'Eve',
      locale: 'en',
      'grants.0.roleId': await roleOf(app, 'administrator'),
      'grants.0.storeId': '',
    });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('不能给出你自己没有的权限');
    expect(await findUserByLogin(app.database.read, 'EVE')).to.equal(undefined);
    const inOneStore = await app.as({ permissions: ['administration.user.manage'], stores: [1] });
    expect((await inOneStore.post('/administration/users', { login: 'EVE', name: 'E', locale: 'en' })).status).to.equal(
      403,
    );
  });

  it('copies a ready-made role, changes the copy, and leaves the ready-made one alone', async () => {
    const { app } = await open();
    const cashier = await roleOf(app, 'cashier');
    const shown = await app.get(`/administration/roles/${cashier}`).expect(200);
    expect(shown.text).to.include('收银员').and.not.include('<button class="btn btn-primary">');
    const fixed = await app.post(`/administration/roles/${cashier}`, { name: '改名', version: 1 });
    expect(fixed.status).to.equal(422);
    const copy = await app.get(`/administration/roles/new?copy=${cashier}`).expect(200);
    expect(copy.text).to.match(/name="can:organization\/store\/view" value="1" checked/);
    const made = await app.post('/administration/roles', {
      name: '早班收银',
      'can:organization/store/view': '1',
      'can:organization/staff/view': '1',
      'can:no/such/thing': '1',
    });
    const path = made.headers['location'] ?? '';
    const page = await app.get(path).expect(200);
    expect(page.text)
      .to.include('早班收银')
      .and.match(/name="can:organization\/staff\/view" value="1" checked/);
    expect(page.text).not.to.include('no/such/thing');
    expect((await app.post(`${path}/removal`)).headers['location']).to.equal('/administration/roles');
  });

  it('lists, filters, exports and verifies the audit log', async () => {
    const { app } = await open();
    await createUser(app.uow, system, { login: 'ANNA', name: '安娜', locale: 'zh-CN', grants: [] });
    const all = await app.get('/administration/audit').expect(200);
    expect(all.text).to.include('新增账号').and.include('新增门店');
    const some = await app.get('/administration/audit?action=auth.&from=2020-01-01').expect(200);
    expect(some.text).to.include('新增账号').and.not.include('<span class="strong">新增门店</span>');
    const sheet = await app.get('/administration/audit/export?action=auth.').expect(200);
    expect(sheet.headers['content-type']).to.include('spreadsheetml');
    await sealAudit(app.services);
    const answer = await app.post('/administration/audit/verification');
    expect(answer.headers['location']).to.equal('/administration/audit/verification');
    const report = await app.get('/administration/audit/verification').expect(200);
    expect(report.text).to.include('日志完整');
    const run = await app.get('/administration/audit/verification/1/progress');
    expect(run.body).to.include({ state: 'finished' });
  });

  it('shows jobs, events and what is installed', async () => {
    const { app } = await open();
    await app.get('/administration/jobs').expect(200);
    const about = await app.get('/administration/about').expect(200);
    expect(about.text).to.include('Node.js');
    expect((await app.post('/administration/events/1/delivery')).status).to.equal(404);
  });
});
