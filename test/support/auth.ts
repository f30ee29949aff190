import { createKeyRing } from '../../src/platform/crypto';
import type { Config } from '../../src/platform/config';
import { loadConfig } from '../../src/platform/config';
import {
  type AuthServices,
  ensureReadyRoles,
  setPasswordByLink,
  createUser,
  issueLink,
  role,
} from '../../src/platform/auth';
import { systemActor } from '../../src/platform/permissions';
import type { DatabaseContext } from './databases';

export const testKeys = createKeyRing({ current: 'k1', keys: new Map([['k1', Buffer.alloc(32, 9)]]) });
export const origin = { address: '10.0.0.7', requestId: 'r-1' };
export const PASSWORD = 'plover kettle 42';

export interface AuthBench {
  services: AuthServices;
  /** Moves the clock. */
  pass: (ms: number) => void;
}

/** Accounts on a fresh database, with a clock that stands still, and the ready-made roles of two permissions. */
export async function authBench(context: DatabaseContext): Promise<AuthBench> {
  let now = Date.UTC(2026, 10, 22, 1, 0, 0);
  const clock = (): number => now;
  const { database, uow } = await context.openUow({ clock });
  const config: Config = loadConfig({ env: { ERP_DATABASE_URL: 'sqlite:unused' } });
  await ensureReadyRoles(uow, [
    {
      permissions: [
        { id: 'sales.sale.post', roles: ['cashier', 'manager'] },
        { id: 'inventory.cost.view', roles: ['manager'] },
        { id: 'administration.user.manage', roles: [] },
        { id: 'administration.role.manage', roles: [] },
      ],
    },
  ]);
  return { services: { database, uow, keys: testKeys, config, clock }, pass: (ms) => (now += ms) };
}

export async function roleId({ database }: Pick<AuthServices, 'database'>, code: string): Promise<number> {
  const [row] = await database.read.find(role, { code });
  if (!row) throw new Error(`no role ${code}`);
  return row.id;
}

/** A user with PASSWORD. */
export async function userWith(
  services: AuthServices,
  login: string,
  grants: readonly { role: string; storeId: number | null }[] = [],
): Promise<number> {
  const actor = systemActor('test');
  const given = [];
  for (const { role: code, storeId } of grants) given.push({ roleId: await roleId(services, code), storeId });
  const { userId } = await createUser(services.uow, actor, {
    login,
    name: `用户${login}`,
    locale: 'zh-CN',
    grants: given,
  });
  const { token } = await issueLink(services.uow, actor, { userId });
  await setPasswordByLink(services, origin, { token, password: PASSWORD });
  return userId;
}
