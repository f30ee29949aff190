import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Request } from 'express';
import type { SessionData } from 'express-session';
import { DatabaseSessionStore, session, userAccount } from '../../../src/platform/auth';
import { loadConfig } from '../../../src/platform/config';
import type { UnitOfWork } from '../../../src/platform/unit-of-work';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';

const MINUTE_MS = 60_000;

forEachDatabase((context) => {
  describe('sessions in the database', () => {
    let now: number;
    let uow: UnitOfWork;
    let store: DatabaseSessionStore;

    beforeEach(async () => {
      now = Date.UTC(2026, 10, 22, 2);
      ({ uow } = await context.openUow({ clock: () => now }));
      store = new DatabaseSessionStore({
        uow,
        database: uow.database,
        config: loadConfig({ env: {} }),
        clock: () => now,
      });
    });

    const data = (more: Partial<SessionData> = {}) => ({ cookie: { originalMaxAge: null }, ...more }) as SessionData;
    const get = (sid: string) =>
      new Promise<SessionData | null | undefined>((resolve, reject) =>
        store.get(sid, (error, found) => (error ? reject(error as Error) : resolve(found))),
      );
    const put = (sid: string, value: SessionData) =>
      new Promise<void>((resolve, reject) =>
        store.set(sid, value, (error?: unknown) => (error ? reject(error as Error) : resolve())),
      );
    const destroy = (sid: string) =>
      new Promise<void>((resolve, reject) =>
        store.destroy(sid, (error?: unknown) => (error ? reject(error as Error) : resolve())),
      );

    const seenAt = async () => (await uow.database.read.find(session, {}))[0]?.seenAt;

    async function addUser(): Promise<number> {
      return uow.run(systemActor('test'), async (unit) => {
        const id = unit.takeIds(userAccount);
        const user = {
          id,
          login: `u${id}`,
          name: '周敏',
          mustSetPassword: false,
          locale: 'zh-CN' as const,
          active: true,
        };
        await unit.insert(userAccount, [{ ...user, createdAt: now, version: 1 }]);
        return id;
      });
    }

    it('keep what was put in, under the hash of their id', async () => {
      const userId = await addUser();
      await put('sid', data({ userId, storeId: 7 }));
      expect(await get('sid')).to.deep.include({ userId, storeId: 7 });
      expect(await get('other')).to.equal(null);
      const [row] = await uow.database.read.find(session, {});
      expect(row).to.include({ userId, sidHash: createHash('sha256').update('sid').digest('hex') });
    });

    it('end when nothing was asked for long enough', async () => {
      const userId = await addUser();
      await put('sid', data({ userId }));
      now += 119 * MINUTE_MS;
      expect(await get('sid')).to.include({ userId });
      now += 119 * MINUTE_MS;
      expect(await get('sid')).to.include({ userId });
      now += 121 * MINUTE_MS;
      expect(await get('sid')).to.equal(null);
    });

    it('end after the absolute time however busy they are', async () => {
      const userId = await addUser();
      await put('sid', data({ userId }));
      for (let hour = 1; hour <= 13; hour += 1) {
        now += 60 * MINUTE_MS;
        await get('sid');
      }
      now += 59 * MINUTE_MS;
      expect(await get('sid')).to.include({ userId });
      now += 2 * MINUTE_MS;
      expect(await get('sid')).to.equal(null);
    });

    it('write down being seen once a minute only', async () => {
      const userId = await addUser();
      await put('sid', data({ userId }));
      now += 59_000;
      await get('sid');
      expect(await seenAt()).to.equal(now - 59_000);
      now += 1000;
      await get('sid');
      expect(await seenAt()).to.equal(now);
    });

    it('stay ended when a slower request saves what it had read', async () => {
      const userId = await addUser();
      await put('sid', data({ userId }));
      const request = { sessionID: 'sid', sessionStore: store } as unknown as Request;
      const slow = store.createSession(request, (await get('sid')) as SessionData);
      await destroy('sid');
      slow.storeId = 3;
      await put('sid', slow);
      expect(await get('sid')).to.equal(null);
    });

    it('give whoever is on the way in a quarter of an hour', async () => {
      await put('on-the-way', data({ signIn: { step: 'totp' } }));
      now += 14 * MINUTE_MS;
      expect(await get('on-the-way')).to.deep.include({ signIn: { step: 'totp' } });
      now += 2 * MINUTE_MS;
      expect(await get('on-the-way')).to.equal(null);
    });
  });
});
