import { rolesGiving } from '../auth';
import type { Reader } from '../database';
import type { Actor } from '../permissions';
import type { Approver } from './levels';

export interface ApprovedWhere {
  /** The right to approve documents of this kind. */
  permission: string;
  /** Every store the document is about. */
  storeIds: readonly number[];
  now: number;
}

/** The approver as the rules see them: the roles that give them the right in every store of the document. */
export async function approverOf(
  read: Reader,
  { userId }: Actor,
  { permission, storeIds, now }: ApprovedWhere,
): Promise<Approver> {
  if (userId === null) return { userId, roles: [] };
  let roles: string[] | null = null;
  for (const storeId of storeIds) {
    const here = await rolesGiving(read, { userId, permission, storeId, now });
    roles = roles === null ? here : roles.filter((code) => here.includes(code));
  }
  return { userId, roles: roles ?? [] };
}
