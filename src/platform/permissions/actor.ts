import { forbidden } from '../../kernel';
import { MAX_IN_VALUES, type Sql, sql } from '../database';

/** The stores a permission reaches: all of them, or these. */
export type StoreScope = 'all' | readonly number[];

/** Who acts: a signed-in user, an API token, or the system itself (jobs, commands). */
export interface Actor {
  readonly kind: 'user' | 'system';
  readonly userId: number | null;
  readonly name: string;
  readonly staffId: number | null;
  readonly locale: 'zh-CN' | 'en';
  /** Where the request came from, for the audit log. */
  readonly address?: string;
  readonly requestId?: string;
  /** The stores in which the actor has this permission; an empty list when nowhere. */
  scope(permission: string): StoreScope;
}

/** Whether the actor may do this in this store; without a store: anywhere at all. */
export function can(actor: Actor, permission: string, storeId?: number): boolean {
  const scope = actor.scope(permission);
  if (scope === 'all') return true;
  return storeId === undefined ? scope.length > 0 : scope.includes(storeId);
}

/** Throws 403 'errors:forbidden' unless the actor may. Every use case calls it with the store of the document. */
export function authorise(actor: Actor, permission: string, storeId?: number): void {
  if (!can(actor, permission, storeId)) throw forbidden(permission);
}

/** For what concerns the whole company (accounts, roles, settings): the permission must reach all stores. */
export function authoriseEverywhere(actor: Actor, permission: string): void {
  if (actor.scope(permission) !== 'all') throw forbidden(permission);
}

/** The one function that narrows a query to the actor's stores: `WHERE ${inScope('d.store_id', actor.scope('…'))}`. */
export function inScope(column: string, scope: StoreScope): Sql {
  if (scope === 'all') return sql`1 = 1`;
  if (scope.length === 0) return sql`1 = 0`;
  const parts: Sql[] = [];
  for (let start = 0; start < scope.length; start += MAX_IN_VALUES)
    parts.push(sql`${sql.identifier(column)} IN (${sql.list(scope.slice(start, start + MAX_IN_VALUES))})`);
  return sql`(${sql.join(parts, ' OR ')})`;
}

/** The cost right: without it no page, export or API answer holds cost, margin or profit. */
export const COST_PERMISSION = 'inventory.cost.view';

/**
 * Whether the actor has this right in every store of a scope: what a list over these stores may show in a column. Somebody
 * who is accountant here and clerk there sees no cost in a list of both.
 */
export function canThroughout(actor: Actor, permission: string, stores: StoreScope): boolean {
  const scope = actor.scope(permission);
  if (scope === 'all') return true;
  return stores !== 'all' && stores.length > 0 && stores.every((id) => scope.includes(id));
}

/** Whether a list shows cost: of one store, or of all that `scope` reaches. */
export const seesCostIn = (actor: Actor, scope: StoreScope, storeId: number | null): boolean =>
  canThroughout(actor, COST_PERMISSION, storeId === null ? scope : [storeId]);

/** For jobs, migrations of data and commands run on the server itself: may do everything, and is named in the audit log. */
export function systemActor(name: string): Actor {
  return { kind: 'system', userId: null, name, staffId: null, locale: 'zh-CN', scope: () => 'all' };
}
