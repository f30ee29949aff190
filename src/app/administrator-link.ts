import { addUser, issueLink, linkPath, role } from '../platform/auth';
import { sql } from '../platform/database';
import { systemActor } from '../platform/permissions';
import type { Services } from '../platform/services';

const FIRST_LOGIN = 'admin';

/**
 * The path of a one-time link with which the first administrator sets a password: made new at each start until one
 * administrator has a password, and null from then on. Without any administrator, `admin` is created.
 */
export async function administratorLink({ uow, database }: Services): Promise<string | null> {
  const actor = systemActor('first start');
  const administrators = await database.read.all<{ id: number; hasPassword: number }>(
    sql`SELECT u.id AS id, CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END AS has_password
        FROM user_account u INNER JOIN user_role ur ON ur.user_id = u.id INNER JOIN role r ON r.id = ur.role_id
        WHERE r.code = ${'administrator'} AND ur.store_id IS NULL AND ur.ends_at IS NULL AND u.active = ${1} ORDER BY u.id`,
  );
  if (administrators.some(({ hasPassword }) => Number(hasPassword) === 1)) return null;
  const userId = administrators[0] ? Number(administrators[0].id) : await createAdministrator();
  const { token } = await issueLink(uow, actor, { userId });
  return linkPath(token);

  async function createAdministrator(): Promise<number> {
    const [administrator] = await database.read.find(role, { code: 'administrator' });
    if (!administrator) throw new Error('the role administrator is missing');
    const command = {
      login: FIRST_LOGIN,
      name: '管理员',
      locale: 'zh-CN' as const,
      grants: [{ roleId: administrator.id, storeId: null }],
    };
    return (await uow.run(actor, (unit) => addUser(unit, command))).userId;
  }
}
