import type { Reader, Sql } from '../../../platform/database';
import { sql } from '../../../platform/database';
import { type Actor, authorise, COST_PERMISSION, inScope } from '../../../platform/permissions';

export const VIEW_PAYMENTS = 'finance.payment.view';
export const EDIT_PAYMENTS = 'finance.payment.edit';

/** What is owed for goods is what they cost: the reader's stores for this right, of those whose cost they may see. */
export const moneyScope = (column: string, actor: Actor, permission: string = VIEW_PAYMENTS): Sql =>
  sql`${inScope(column, actor.scope(permission))} AND ${inScope(column, actor.scope(COST_PERMISSION))}`;

/** Throws 403 unless the actor may do this, and see cost, in the store. */
export function authoriseMoney(actor: Actor, permission: string, storeId: number): void {
  authorise(actor, permission, storeId);
  authorise(actor, COST_PERMISSION, storeId);
}

export interface SupplierName {
  id: number;
  code: string;
  name: string;
}

/** The suppliers belong to purchasing, a module above this one: only their names are read. */
export const supplierName = (read: Reader, id: number): Promise<SupplierName | undefined> =>
  read.one<SupplierName>(sql`SELECT id, code, name FROM supplier WHERE id = ${id}`);

/** By name, for choices; at most 500, those that are not in use any more too: they may still be owed something. */
export const supplierNames = (read: Reader): Promise<SupplierName[]> =>
  read.all<SupplierName>(sql`SELECT id, code, name FROM supplier ORDER BY name, id ${sql.limit(500)}`);
