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
  stores: (reach: Pick<Reach, 'everywhere' | 'storeIds'>) => string;
  /** 店长（全部门店）、收银员（新街口店） */
  grants: (grants: readonly Grant[]) => string;
}

export async function rightsWords({ read, t }: Pick<Ctx, 'read' | 't'>): Promise<RightsWords> {
  const [roles, stores] = await Promise.all([listRoles(read), listStores(read)]);
  const roleNames = new Map(roles.map((row) => [row.id, roleName(row, t)]));
  const storeNames = new Map(stores.map(({ id, name }) => [id, name]));
  const role = (id: number): string => roleNames.get(id) ?? `#${id}`;
  const store = (id: number): string => storeNames.get(id) ?? `#${id}`;
  return {
    roles,
    role,
    stores: ({ everywhere, storeIds }) =>
      everywhere ? t('common:frame.allStores') : storeIds.map(store).join(t('auth:role_join')),
    grants: (grants) =>
      grants
        .map(({ roleId, storeId }) =>
          t('administration:user.roleIn', {
            role: role(roleId),
            store: storeId === null ? t('common:frame.allStores') : store(storeId),
          }),
        )
        .join(t('auth:role_join')),
  };
}
