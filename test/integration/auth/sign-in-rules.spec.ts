import { expect } from 'chai';
import {
  changePassword,
  issueLink,
  loadActor,
  saveSignInRules,
  session,
  setPasswordByLink,
  signIn,
  signInRules,
  type SignInRules,
} from '../../../src/platform/auth';
import { systemActor } from '../../../src/platform/permissions';
import { authBench, origin, PASSWORD, userWith } from '../../support/auth';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const system = systemActor('test');
const DAY = 24 * 3_600_000;

describe('the rules of signing in', function () {
  this.timeout(120_000);
  forEachDatabase((context) => {
    it('decide on length, repetition and age of passwords', async () => {
      const { services, pass } = await authBench(context);
      const userId = await userWith(services, 'ANNA');
      const rules = await signInRules(services);
      const save = (changes: Partial<SignInRules>, version: number) =>
        saveSignInRules(services, system, { rules: { ...rules, ...changes }, version });
      await save({ passwordMinLength: 20, passwordsRemembered: 2, passwordMaxAgeDays: 90 }, 0);
      expect((await refusal(save({}, 0))).code).to.equal('errors:stale');
      const actor = (await loadActor(services.database.read, userId, services.clock()))?.actor ?? system;
      const change = (current: string, password: string) => changePassword(services, actor, { current, password });
      const codeOf = async (attempt: Promise<unknown>) => (await refusal(attempt)).fields[0]?.code;
      const [first, second, third] = ['walnut bridge ferry 71', 'copper meadow train 82', 'silent harbour kite 93'];
      expect(await codeOf(change(PASSWORD, 'short but odd 1!'))).to.equal('auth:password.too_short');
      await change(PASSWORD, first ?? '');
      await change(first ?? '', second ?? '');
      expect(await codeOf(change(second ?? '', second ?? ''))).to.equal('auth:password.same');
      expect(await codeOf(change(second ?? '', first ?? ''))).to.equal('auth:password.used_before');
      const { token } = await issueLink(services.uow, system, { userId });
      expect(await codeOf(setPasswordByLink(services, origin, { token, password: first ?? '' }))).to.equal(
        'auth:password.used_before',
      );
      await change(second ?? '', third ?? '');
      const enter = () => signIn(services, origin, { login: 'ANNA', password: third ?? '' });
      expect((await enter()).kind).to.equal('signed-in');
      pass(91 * DAY);
      expect((await enter()).kind).to.equal('password-change');
    });

    it('end sessions that would last too long, and those beyond the number allowed', async () => {
      const { services } = await authBench(context);
      const { uow, database, clock } = services;
      const userId = await userWith(services, 'ANNA');
      const rules = await signInRules(services);
      const now = clock();
      await uow.run(system, (unit) =>
        unit.insert(
          session,
          [1, 2, 3].map((n) => ({
            sidHash: `s${n}`,
            userId,
            createdAt: now - 3_600_000,
            seenAt: now - n * 60_000,
            expiresAt: now + DAY,
            data: {},
          })),
        ),
      );
      await saveSignInRules(services, system, {
        rules: { ...rules, idleMinutes: 2, absoluteHours: 2, sessionsPerUser: 2 },
        version: 0,
      });
      const rows = await database.read.find(session, { userId });
      expect(rows.map(({ expiresAt }) => (expiresAt - now) / 60_000)).to.deep.equal([1, 0, -1]);
      await signIn(services, origin, { login: 'ANNA', password: PASSWORD });
      // One place is left for the session that begins now.
      expect((await database.read.find(session, { userId })).map(({ sidHash }) => sidHash)).to.deep.equal(['s1']);
    });
  });
});
