import { expect } from 'chai';
import { switchMaintenanceOff, switchMaintenanceOn } from '../../src/app/maintenance';
import { systemActor } from '../../src/platform/permissions';
import { auditLog } from '../../src/platform/unit-of-work';
import { testApps } from '../support/http';

const PAGE = '/settings/maintenance';

describe('maintenance', () => {
  const start = testApps();

  it('closes the system for who may not switch it, with a page in both languages, and opens it again', async () => {
    const app = await start();
    const clerk = await app.as({ permissions: ['sales.till.use'], name: '李雷' });
    const visitor = app.signedOut();
    await clerk.get('/').expect(200);
    expect((await app.get(PAGE)).text).to.include('系统正常开放');
    expect((await app.post(PAGE, { note: '22:30 恢复 <b>' })).status).to.equal(303);

    const closed = await clerk.get('/').expect(503);
    expect(closed.headers['retry-after']).to.equal('60');
    expect(closed.text).to.include('系统维护中').and.include('The system is being maintained');
    expect(closed.text).to.include('22:30 恢复 &lt;b&gt;').and.include('/sign-out').and.not.include('class="side"');
    // Whoever is not signed in is not sent away to sign in first, but can.
    expect((await visitor.get('/').expect(503)).text).to.include('/sign-in');
    await visitor.get('/readyz').expect(200);
    const asJson = await clerk.agent.get('/').set('accept', 'application/json').expect(503);
    expect(asJson.body).to.deep.include({ error: { ...asJson.body.error, code: 'errors:http.closed' } });
    // Administrators work, and are reminded.
    expect((await app.get(PAGE).expect(200)).text)
      .to.include('周敏')
      .and.include('重新开放');
    expect((await app.get('/alerts')).text).to.include('维护模式已打开');

    expect((await app.post(`${PAGE}/end`)).status).to.equal(303);
    await clerk.get('/').expect(200);
    const actions = (await app.database.read.find(auditLog, {}))
      .map(({ action }) => action)
      .filter((action) => action.startsWith('system.maintenance'));
    expect(actions).to.deep.equal(['system.maintenance.begin', 'system.maintenance.end']);
  });

  it('is noticed by a server that did not switch it, two seconds later', async () => {
    let now = Date.UTC(2026, 10, 23, 8);
    const app = await start({ clock: () => now });
    const clerk = await app.as({ permissions: ['sales.till.use'] });
    await clerk.get('/').expect(200);
    await switchMaintenanceOn(app.uow, systemActor('another server'), { kind: 'hand' });
    now += 2001;
    await clerk.get('/').expect(503);
    await switchMaintenanceOff(app.uow, systemActor('another server'));
    now += 2001;
    await clerk.get('/').expect(200);
  });

  it('leaves alone what an upgrade closed', async () => {
    const app = await start();
    await switchMaintenanceOn(app.uow, app.actor, { kind: 'upgrade', token: 'u1' });
    expect((await app.get(PAGE)).text)
      .to.include('正在升级')
      .and.not.include('name="note"');
    expect((await app.post(PAGE, { note: '' })).status).to.equal(409);
    expect((await app.post(`${PAGE}/end`)).status).to.equal(409);
    expect(await switchMaintenanceOff(app.uow, app.actor, { token: 'u2' })).to.equal(false);
    expect(await switchMaintenanceOff(app.uow, app.actor, { token: 'u1' })).to.equal(true);
  });

  it('is for who has the right', async () => {
    const app = await start();
    const clerk = await app.as({ permissions: ['sales.till.use'] });
    await clerk.get(PAGE).expect(403);
    expect((await clerk.post(PAGE, { note: '' })).status).to.equal(403);
    expect((await clerk.post(`${PAGE}/end`)).status).to.equal(403);
  });
});
