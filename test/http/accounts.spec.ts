import { expect } from 'chai';
import supertest from 'supertest';
import { issueLink, loadActor, setRoleSecondFactor, setUserActive } from '../../src/platform/auth';
import { totpCode } from '../../src/platform/auth/totp';
import { systemActor } from '../../src/platform/permissions';
import { auditLog } from '../../src/platform/unit-of-work';
import { startWithAccounts } from '../support/accounts-app';
import { PASSWORD, roleId, userWith } from '../support/auth';
import { forEachDatabase } from '../support/databases';
import type { ServicesBench } from '../support/services';

describe('accounts over HTTP', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    let bench: ServicesBench | undefined;
    afterEach(() => bench?.release());
    const open = async () => {
      const started = await startWithAccounts(context);
      bench = started.bench;
      return started;
    };

    it('sends the signed-out to the sign-in page and back to where they wanted to go', async () => {
      const { services, browser } = await open();
      await userWith(services, 'ANNA', [{ role: 'administrator', storeId: null }]);
      const { get, post } = browser();
      const away = await get('/account?x=1');
      expect(away.status).to.equal(303);
      expect(away.headers['location']).to.equal('/sign-in?next=%2Faccount%3Fx%3D1');
      const form = await get(away.headers['location'] ?? '');
      expect(form.text).to.include('name="next" value="/account?x=1"').and.include('autocomplete="current-password"');
      const entered = await post('/sign-in', { login: 'anna', password: PASSWORD, next: '/account?x=1' });
      expect(entered.headers['location']).to.equal('/account?x=1');
      const account = await get('/account');
      expect(account.status).to.equal(200);
      expect(account.text).to.include('用户ANNA').and.include('系统管理员').and.include('本机');
    });

    it('refuses a post without token and a way to another site', async () => {
      const { services, browser } = await open();
      await userWith(services, 'ANNA');
      const { agent, post } = browser();
      const bare = await agent.post('/sign-in').type('form').send({ login: 'ANNA', password: PASSWORD });
      expect(bare.status).to.equal(403);
      for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example']) {
        const entered = await browser().post('/sign-in', { login: 'ANNA', password: PASSWORD, next });
        expect(entered.headers['location'], next).to.equal('/');
      }
      const strange = await post('/sign-in', {});
      expect(strange.status).to.equal(422);
    });

    it('says how many tries are left, then for how long it is locked, and never sends a password back', async () => {
      const { services, browser } = await open();
      await userWith(services, 'ANNA');
      const { post } = browser();
      const answers = [];
      for (let tries = 0; tries < 6; tries++)
        answers.push(await post('/sign-in', { login: 'ANNA', password: 'wrong-secret' }));
      expect(answers.map(({ status }) => status)).to.deep.equal([422, 422, 422, 422, 429, 429]);
      expect(answers[0]?.text).not.to.include('还可以试');
      expect(answers[3]?.text).to.include('还可以试 1 次');
      expect(answers[5]?.text).to.include('请过 15 分钟再试');
      for (const { text } of answers) expect(text).not.to.include('wrong-secret');
      const right = await post('/sign-in', { login: 'ANNA', password: PASSWORD });
      expect(right.status).to.equal(429);
    });

    it('gives a new session id with the sign-in and ends it with the sign-out', async () => {
      const { services, browser, web } = await open();
      await userWith(services, 'ANNA');
      const { get, post } = browser();
      const first = await post('/sign-in', { login: 'ANNA', password: PASSWORD });
      const cookie = String(first.headers['set-cookie']).match(/erp_session=([^;]+)/)?.[0] ?? '';
      expect(String(first.headers['set-cookie']))
        .to.match(/HttpOnly/)
        .and.match(/SameSite=Lax/);
      const again = await post('/sign-in', { login: 'ANNA', password: PASSWORD });
      expect(String(again.headers['set-cookie']).match(/erp_session=([^;]+)/)?.[0]).not.to.equal(cookie);
      expect((await get('/account')).status).to.equal(200);
      const old = await supertest(web).get('/account').set('cookie', cookie).redirects(0);
      expect(old.status, 'the id from before is worth nothing').to.equal(303);
      expect((await post('/sign-out', {})).headers['location']).to.equal('/sign-in');
      expect((await get('/account')).status).to.equal(303);
    });

    it('ends sessions that idle, that are revoked, and those of who left', async () => {
      const { bench: clock, services, browser } = await open();
      const userId = await userWith(services, 'ANNA');
      const [phone, till] = [browser(), browser()];
      for (const { post } of [phone, till]) await post('/sign-in', { login: 'ANNA', password: PASSWORD });
      const page = await till.get('/account');
      const key = /name="key" value="([0-9a-f]{64})"/.exec(page.text)?.[1] ?? '';
      expect((await till.post('/account/sessions/ending', { key: 'f'.repeat(64) })).status).to.equal(404);
      expect((await till.post('/account/sessions/ending', { key })).status).to.equal(303);
      expect((await phone.get('/account')).status).to.equal(303);
      clock.pass(119 * 60_000);
      expect((await till.get('/account')).status, 'still in time').to.equal(200);
      clock.pass(119 * 60_000);
      expect((await till.get('/account')).status, 'kept alive by use').to.equal(200);
      await setUserActive(services.uow, systemActor('test'), { userId, active: false });
      expect((await till.get('/account')).status).to.equal(303);
      await setUserActive(services.uow, systemActor('test'), { userId, active: true });
      await till.post('/sign-in', { login: 'ANNA', password: PASSWORD });
      clock.pass(121 * 60_000);
      expect((await till.get('/account')).status).to.equal(303);
    });

    it('sets a password through a link, once', async () => {
      const { services, browser } = await open();
      const userId = await userWith(services, 'ANNA');
      const { token } = await issueLink(services.uow, systemActor('test'), { userId });
      const { get, post } = browser();
      const path = `/set-password/${token}`;
      expect((await get(path)).text).to.include('用户ANNA');
      const different = await post(path, { password: 'blue kettle 77', again: 'blue kettle 78' });
      expect(different.status).to.equal(422);
      expect(different.text).to.include('两次输入的不一样').and.not.include('blue kettle 77');
      const short = await post(path, { password: 'short', again: 'short' });
      expect(short.text).to.include('密码至少 10 位');
      expect((await post(path, { password: 'blue kettle 77', again: 'blue kettle 77' })).headers['location']).to.equal(
        '/sign-in?login=ANNA',
      );
      expect((await get(path)).status).to.equal(422);
      expect((await post('/sign-in', { login: 'ANNA', password: 'blue kettle 77' })).status).to.equal(303);
    });

    it('lets nobody past the page of the second factor when their role asks for one', async () => {
      const { services, browser } = await open();
      await userWith(services, 'ANNA', [{ role: 'cashier', storeId: null }]);
      const bossId = await userWith(services, 'BOSS', [{ role: 'administrator', storeId: null }]);
      const boss = await loadActor(services.database.read, bossId, Date.now());
      if (!boss) throw new Error('no boss');
      const { get, post, agent } = browser();
      await post('/sign-in', { login: 'ANNA', password: PASSWORD });
      expect((await get('/account')).status).to.equal(200);
      const roleOf = await roleId(services, 'cashier');
      await setRoleSecondFactor(services.uow, boss.actor, { roleId: roleOf, needed: true });
      const ENROL = '/account/second-factor/new';
      for (const path of ['/account', '/', '/sales/till']) {
        const away = await get(path);
        expect([away.status, away.headers['location']], path).to.eql([303, ENROL]);
      }
      const posted = await post('/account/password', { current: PASSWORD, password: 'x', again: 'x' });
      expect(posted.headers['location']).to.equal(ENROL);
      const asJson = await agent.get('/account').set('accept', 'application/json').redirects(0);
      expect([asJson.status, (asJson.body as { error?: { code?: string } }).error?.code]).to.eql([
        403,
        'errors:detour',
      ]);
      const { text } = await get(ENROL);
      expect(text).to.include('绑定以后才能继续使用');
      const sealed = /name="sealed" value="([^"]+)"/.exec(text)?.[1] ?? '';
      const secret = (/class="mono">([A-Z2-7 ]+)</.exec(text)?.[1] ?? '').replaceAll(' ', '');
      const done = await post('/account/second-factor', { sealed, code: totpCode(secret, services.clock()) });
      expect(done.status).to.equal(200);
      expect((await get('/account')).status).to.equal(200);
      const off = await post('/account/second-factor/removal', { removalPassword: PASSWORD });
      expect(off.status).to.equal(422);
      expect(off.text).to.include('不能关闭');
      const entries = await services.database.read.find(auditLog, { action: 'auth.role.second_factor' });
      expect(entries.map(({ subjectId, detail }) => [subjectId, detail])).to.eql([[roleOf, { on: true }]]);
      const other = browser();
      await other.post('/sign-in', { login: 'BOSS', password: PASSWORD });
      expect((await other.get('/account')).status, 'other roles are not asked').to.equal(200);
      const page = await other.get(`/administration/roles/${roleOf}`);
      expect(page.text).to.include('登录必须双重验证').and.include('不再要求双重验证');
      await other.post(`/administration/roles/${roleOf}/second-factor`, { needed: '' });
      const audit = await other.get('/administration/audit');
      expect(audit.text).to.include('角色 收银员').and.include('账号 用户ANNA');
      expect((await post('/account/second-factor/removal', { removalPassword: PASSWORD })).status).to.equal(303);
    });

    it('turns the second factor on by scanning, then asks for it', async () => {
      const { bench: clock, services, browser } = await open();
      await userWith(services, 'ANNA');
      const { get, post } = browser();
      await post('/sign-in', { login: 'ANNA', password: PASSWORD });
      const { text } = await get('/account/second-factor/new');
      expect(text).to.include('<svg');
      const sealed = /name="sealed" value="([^"]+)"/.exec(text)?.[1] ?? '';
      const secret = /<span class="mono">([A-Z2-7 ]+)<\/span>/.exec(text)?.[1]?.replace(/ /g, '') ?? '';
      const wrong = await post('/account/second-factor', { sealed, code: '000000' });
      expect(wrong.status).to.equal(422);
      expect(wrong.text).to.include(sealed);
      const done = await post('/account/second-factor', { sealed, code: totpCode(secret, services.clock()) });
      expect(done.text).to.match(/<li>[A-Z0-9]{5}-[A-Z0-9]{5}<\/li>/);

      const second = browser();
      expect((await second.get('/sign-in/code')).headers['location']).to.equal('/sign-in');
      const first = await second.post('/sign-in', { login: 'ANNA', password: PASSWORD, next: '/account' });
      expect(first.headers['location']).to.equal('/sign-in/code');
      expect((await second.get('/account')).status, 'the password alone opens nothing').to.equal(303);
      clock.pass(60_000);
      expect((await second.post('/sign-in/code', { code: '111111' })).status).to.equal(422);
      const entered = await second.post('/sign-in/code', { code: totpCode(secret, services.clock()) });
      expect(entered.headers['location']).to.equal('/account');
      expect((await second.get('/account')).status).to.equal(200);
    });
  });
});
