import { expect } from 'chai';
import {
  beginEnrolment,
  changePassword,
  confirmEnrolment,
  disableTotp,
  findUserByLogin,
  issueLink,
  loadActor,
  openLink,
  recoveryCodesLeft,
  setPasswordByLink,
  setUserActive,
  signIn,
  signInWithCode,
  userAccount,
} from '../../../src/platform/auth';
import { totpCode } from '../../../src/platform/auth/totp';
import { systemActor } from '../../../src/platform/permissions';
import { auditLog } from '../../../src/platform/unit-of-work';
import { authBench, origin, PASSWORD, userWith } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const MINUTE_MS = 60_000;

describe('signing in', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    it('takes the right password, whatever the case of the login, and writes who and from where', async () => {
      const { services } = await authBench(context);
      const userId = await userWith(services, 'NJ01-012');
      const outcome = await signIn(services, origin, { login: ' nj01-012 ', password: PASSWORD });
      expect(outcome).to.deep.equal({ kind: 'signed-in', userId });
      const rows = await services.database.read.find(auditLog, { action: 'auth.session.begin' });
      expect(rows).to.have.length(1);
      expect(rows[0]).to.include({ actorId: userId, address: '10.0.0.7', requestId: 'r-1' });
      expect((await services.database.read.get(userAccount, userId))?.lastSignInAt).to.equal(services.clock());
    });

    it('answers alike for a wrong password, an unknown login and a user who left, and locks each after five', async () => {
      const { services } = await authBench(context);
      await userWith(services, 'ANNA', [{ role: 'administrator', storeId: null }]);
      const left = await userWith(services, 'BERT');
      await setUserActive(services.uow, systemActor('test'), { userId: left, active: false });
      for (const [login, password] of [
        ['ANNA', 'not this one'],
        ['NOBODY', PASSWORD],
        ['BERT', PASSWORD],
      ] as const) {
        const outcomes = [];
        for (let tries = 0; tries < 6; tries++) outcomes.push(await signIn(services, origin, { login, password }));
        expect(outcomes, login).to.deep.equal([
          { kind: 'wrong', triesLeft: 4 },
          { kind: 'wrong', triesLeft: 3 },
          { kind: 'wrong', triesLeft: 2 },
          { kind: 'wrong', triesLeft: 1 },
          { kind: 'locked', until: services.clock() + 15 * MINUTE_MS },
          { kind: 'locked', until: services.clock() + 15 * MINUTE_MS },
        ]);
      }
      expect((await signIn(services, origin, { login: 'ANNA', password: PASSWORD })).kind).to.equal('locked');
    });

    it('locks twice as long the second time, and forgets after a success', async () => {
      const { services, pass } = await authBench(context);
      const userId = await userWith(services, 'ANNA');
      const wrong = () => signIn(services, origin, { login: 'ANNA', password: 'wrong' });
      for (let tries = 0; tries < 5; tries++) await wrong();
      pass(15 * MINUTE_MS + 1);
      for (let tries = 0; tries < 4; tries++) expect(await wrong()).to.include({ kind: 'wrong' });
      expect(await wrong()).to.deep.equal({ kind: 'locked', until: services.clock() + 30 * MINUTE_MS });
      pass(30 * MINUTE_MS + 1);
      expect(await signIn(services, origin, { login: 'ANNA', password: PASSWORD })).to.deep.equal({
        kind: 'signed-in',
        userId,
      });
      expect(await wrong()).to.deep.equal({ kind: 'wrong', triesLeft: 4 });
    });

    it('lets no more tries through when many come at once', async () => {
      const { services } = await authBench(context);
      await userWith(services, 'ANNA');
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, () => signIn(services, origin, { login: 'ANNA', password: 'wrong' })),
      );
      const checked = outcomes.filter(({ kind }) => kind === 'wrong').length;
      expect(checked).to.be.at.most(5);
      expect((await signIn(services, origin, { login: 'ANNA', password: PASSWORD })).kind).to.equal('locked');
    });

    it('locks an address that tries many logins', async () => {
      const { services } = await authBench(context);
      const userId = await userWith(services, 'ANNA');
      const bad = { address: '203.0.113.9', requestId: 'x' };
      let last;
      for (let tries = 0; tries < 50; tries++)
        last = await signIn(services, bad, { login: `GUESS${tries}`, password: 'guess' });
      expect(last?.kind).to.equal('locked');
      expect((await signIn(services, bad, { login: 'ANNA', password: PASSWORD })).kind).to.equal('locked');
      expect(await signIn(services, origin, { login: 'ANNA', password: PASSWORD })).to.deep.equal({
        kind: 'signed-in',
        userId,
      });
    });

    it('asks for the code once a second factor is on; each code works once', async () => {
      const { services, pass } = await authBench(context);
      const userId = await userWith(services, 'ANNA');
      const actor = (await loadActor(services.database.read, userId, Date.now()))?.actor;
      if (!actor) throw new Error('no actor');
      const { sealed, secret, address } = beginEnrolment(services.keys, { id: userId, login: 'ANNA' });
      expect(address).to.match(/^otpauth:\/\/totp\/.*ANNA/);
      const mistaken = await refusal(confirmEnrolment(services, actor, { sealed, code: '000000' }));
      expect(mistaken.fields[0]?.code).to.equal('auth:totp.wrong');
      const codes = await confirmEnrolment(services, actor, { sealed, code: totpCode(secret, services.clock()) });
      expect(new Set(codes).size).to.equal(10);
      expect(JSON.stringify(await services.database.read.get(userAccount, userId))).not.to.include(secret);

      pass(MINUTE_MS);
      expect(await signIn(services, origin, { login: 'ANNA', password: PASSWORD })).to.deep.equal({
        kind: 'code-needed',
        userId,
      });
      const code = totpCode(secret, services.clock());
      expect((await signInWithCode(services, origin, { userId, code })).kind).to.equal('signed-in');
      expect((await signInWithCode(services, origin, { userId, code })).kind).to.equal('wrong');
      const recovery = (codes[3] ?? '').toLowerCase().replace('-', ' ');
      expect((await signInWithCode(services, origin, { userId, code: recovery })).kind).to.equal('signed-in');
      expect((await signInWithCode(services, origin, { userId, code: recovery })).kind).to.equal('wrong');
      expect(await recoveryCodesLeft(services.database.read, userId)).to.equal(9);

      expect((await refusal(disableTotp(services, actor, { password: 'no' }))).fields[0]?.path).to.equal('password');
      await disableTotp(services, actor, { password: PASSWORD });
      expect((await signIn(services, origin, { login: 'ANNA', password: PASSWORD })).kind).to.equal('signed-in');
    });

    it('locks the second step too, and knowing the password does not unlock it', async () => {
      const { services, pass } = await authBench(context);
      const userId = await userWith(services, 'ANNA');
      const actor = (await loadActor(services.database.read, userId, Date.now()))?.actor;
      if (!actor) throw new Error('no actor');
      const { sealed, secret } = beginEnrolment(services.keys, { id: userId, login: 'ANNA' });
      await confirmEnrolment(services, actor, { sealed, code: totpCode(secret, services.clock()) });
      pass(MINUTE_MS);
      let last;
      for (let tries = 0; tries < 5; tries++) {
        await signIn(services, origin, { login: 'ANNA', password: PASSWORD });
        last = await signInWithCode(services, origin, { userId, code: '123456' });
      }
      expect(last?.kind).to.equal('locked');
      const right = totpCode(secret, services.clock());
      expect((await signInWithCode(services, origin, { userId, code: right })).kind).to.equal('locked');
    });

    it('sets a password by a link that works once, for three days, and refuses weak ones', async () => {
      const { services, pass } = await authBench(context);
      const userId = await userWith(services, 'ANNA-2026');
      const actor = systemActor('test');
      const { token } = await issueLink(services.uow, actor, { userId });
      expect(await openLink(services.database.read, token, services.clock())).to.include({ login: 'ANNA-2026' });
      for (const [password, code] of [
        ['short', 'auth:password.too_short'],
        ['anna-2026!!!', 'auth:password.contains_login'],
        ['Password123', 'auth:password.common'],
        ['aaaaaaaaaaaa', 'auth:password.common'],
        ['abcdefghijk', 'auth:password.common'],
      ] as const) {
        const refused = await refusal(setPasswordByLink(services, origin, { token, password }));
        expect(refused.fields[0]?.code, password).to.equal(code);
      }
      await setPasswordByLink(services, origin, { token, password: '雨后的 石板路 发亮' });
      expect((await refusal(setPasswordByLink(services, origin, { token, password: PASSWORD }))).code).to.equal(
        'auth:link.not_valid',
      );
      const first = await issueLink(services.uow, actor, { userId });
      const second = await issueLink(services.uow, actor, { userId });
      expect((await refusal(openLink(services.database.read, first.token, services.clock()))).code).to.equal(
        'auth:link.not_valid',
      );
      pass(3 * 24 * 3_600_000);
      expect((await refusal(openLink(services.database.read, second.token, services.clock()))).code).to.equal(
        'auth:link.not_valid',
      );
      expect((await signIn(services, origin, { login: 'anna-2026', password: '雨后的 石板路 发亮' })).kind).to.equal(
        'signed-in',
      );
    });

    it('leads from a password that must be replaced to choosing one', async () => {
      const { services } = await authBench(context);
      const userId = await userWith(services, 'ANNA');
      await services.uow.run(systemActor('test'), (unit) =>
        unit.update(userAccount, userId, { mustSetPassword: true }),
      );
      const outcome = await signIn(services, origin, { login: 'ANNA', password: PASSWORD });
      if (outcome.kind !== 'password-change') throw new Error(outcome.kind);
      await setPasswordByLink(services, origin, { token: outcome.token, password: 'another kettle 43' });
      expect((await signIn(services, origin, { login: 'ANNA', password: 'another kettle 43' })).kind).to.equal(
        'signed-in',
      );
    });

    it('changes the own password only with the present one', async () => {
      const { services } = await authBench(context);
      const userId = await userWith(services, 'ANNA');
      const actor = (await loadActor(services.database.read, userId, Date.now()))?.actor;
      if (!actor) throw new Error('no actor');
      const refused = await refusal(changePassword(services, actor, { current: 'x', password: 'another kettle 43' }));
      expect(refused.fields[0]?.path).to.equal('current');
      await changePassword(services, actor, { current: PASSWORD, password: 'another kettle 43' });
      expect((await signIn(services, origin, { login: 'ANNA', password: PASSWORD })).kind).to.equal('wrong');
      const user = await findUserByLogin(services.database.read, 'anna');
      expect(user?.passwordHash).to.match(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
    });
  });
});
