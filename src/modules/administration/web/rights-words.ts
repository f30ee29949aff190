import { roleName } from '../../../platform/auth';
import type { Row } from '../../../platform/database';
import type { role } from '../../../platform/auth';
import type { Ctx } from '../../../platform/http';
import { listStores } from '../../organization';
import type { Grant, Reach } from '../domain/rights';
import { listRoles } from '../queries/user-list';

/** Names of roles and stores, and how grants are said with them. */
export interface RightsWords {
  roles: readonly Row<typeof role>[];
  role: (id: number) => string;
  store: (id: number) => string;
  stores: (reach: Pick<Reach, 'everywhere' | 'storeIds'>) => string;
  /** 店长（全部门店）、收银员（新街口店） */
  grants: (grants: readonly Grant[]) => string;
}

/** ` 11-23 09:00 起，至 11-25 18:00`; nothing for a role without beginning and end. */
export function periodWords(
  { t, f }: Pick<Ctx, 't' | 'f'>,
  { startsAt, endsAt }: Pick<Grant, 'startsAt' | 'endsAt'>,
): string {
  const from = startsAt === undefined ? '' : t('administration:user.fromTime', { at: f.dateTime(startsAt) });
  const until = endsAt === undefined ? '' : t('administration:user.untilTime', { at: f.dateTime(endsAt) });
  return from + until;
}

export async function rightsWords({ read, t, f }: Pick<Ctx, 'read' | 't' | 'f'>): Promise<RightsWords> {
  const [roles, stores] = await Promise.all([listRoles(read), listStores(read)]);
  const roleNames = new Map(roles.map((row) => [row.id, roleName(row, t)]));
  const storeNames = new Map(stores.map(({ id, name }) => [id, name]));
  const role = (id: number): string => roleNames.get(id) ?? `#${id}`;
  const store = (id: number): string => storeNames.get(id) ?? `#${id}`;
  return {
    roles,
    role,
    store,
    stores: ({ everywhere, storeIds }) =>
      everywhere ? t('common:frame.allStores') : storeIds.map(store).join(t('auth:role_join')),
    grants: (grants) =>
      grants
        .map(({ roleId, storeId, ...period }) => {
          const where = storeId === null ? t('common:frame.allStores') : store(storeId);
          return t('administration:user.roleIn', { role: role(roleId), store: where }) + periodWords({ t, f }, period);
        })
        .join(t('auth:role_join')),
  };
}
