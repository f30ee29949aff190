/** A role of a user in one store; `storeId` null: in all. Temporary ones have a beginning or an end (epoch milliseconds). */
export interface Grant {
  roleId: number;
  storeId: number | null;
  startsAt?: number;
  endsAt?: number;
}

/** Where somebody has one permission, and which of their roles give it. */
export interface Reach {
  everywhere: boolean;
  /** In order; empty when everywhere or nowhere. */
  storeIds: readonly number[];
  from: readonly Grant[];
}

/** The permissions of each role, by the role's id. */
export type RolePermissions = ReadonlyMap<number, ReadonlySet<string>>;

/** The same rule by which the actor of a request is made (loadActor), with the reasons kept. */
export function reachOf(grants: readonly Grant[], roles: RolePermissions, permission: string): Reach {
  const from = grants.filter(({ roleId }) => roles.get(roleId)?.has(permission));
  const everywhere = from.some(({ storeId }) => storeId === null);
  const stores = everywhere ? [] : from.flatMap(({ storeId }) => (storeId === null ? [] : [storeId]));
  return { everywhere, storeIds: [...new Set(stores)].sort((a, b) => a - b), from };
}

/** The stores that all roles of somebody reach together. */
export function storesOf(grants: readonly Grant[]): Pick<Reach, 'everywhere' | 'storeIds'> {
  const everywhere = grants.some(({ storeId }) => storeId === null);
  const stores = everywhere ? [] : grants.flatMap(({ storeId }) => (storeId === null ? [] : [storeId]));
  return { everywhere, storeIds: [...new Set(stores)].sort((a, b) => a - b) };
}

/** What pages, exports and the API leave out for those who have not the permission. */
export const HIDDEN_WITHOUT = [
  { field: 'cost', permission: 'inventory.cost.view' },
  { field: 'floor', permission: 'pricing.floor.view' },
  { field: 'phone', permission: 'crm.phone.view' },
] as const;
