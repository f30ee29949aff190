import { z } from 'zod';
import { notFound } from '../../../kernel';
import { rolesGiving, rolesWith } from '../../../platform/auth';
import { readRecords, saveRecord } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';
import type { ConfigurationSet } from '../../../platform/modules';
import type { Actor } from '../../../platform/permissions';

export const APPROVE = 'sales.discount.approve';
const values = z.object({
  /** How far below the floor prices one sale may be, all its lines together; null: as far as it takes. */
  amountFen: z.int().min(0).max(100_000_000_00).nullable().default(null),
});
const SET = { module: 'sales', id: 'approvalLimits', values };
const STORED = 'sales.approvalLimits';

/**
 * How much each role may approve below the floor price: a record for every role with that right, there as long as the role has
 * it. Stored by the role's code, called by its name where it is the company's own.
 */
export const approvalLimits: ConfigurationSet = {
  id: SET.id,
  changedBy: 'system.record.',
  values,
  fixed: true,
  read: async (read) => {
    const stored = await limitsByRole(read);
    return (await rolesWith(read, APPROVE)).map(({ id, code, name, readyMade }) => ({
      id,
      name: readyMade ? code : (name ?? code),
      active: true,
      values: { amountFen: stored.get(code) ?? null },
    }));
  },
  inUse: (_read, ids) => Promise.resolve(new Map(ids.map((id) => [id, 1]))),
  save: async (unit, records, reason) => {
    const roles = await rolesWith(unit, APPROVE);
    for (const record of records) {
      const role = roles.find(({ id }) => id === record.id);
      if (!role) throw notFound('auth.role', record.id ?? 0);
      await saveRecord(unit, SET, { name: role.code, active: true, values: record.values }, reason);
    }
  },
};

async function limitsByRole(read: Reader): Promise<Map<string, number | null>> {
  const stored = await readRecords(read, STORED, values);
  return new Map(stored.map(({ name, amountFen }) => [name, amountFen]));
}

/**
 * How far below the floor this person may approve one sale in a store, in fen; Infinity without a limit. Of several roles the
 * most generous counts. Who acts without an account (a command on the server) has no limit.
 */
export async function approvalLimitOf(read: Reader, actor: Actor, storeId: number, now: number): Promise<number> {
  if (actor.userId === null) return Infinity;
  const limits = await limitsByRole(read);
  if (limits.size === 0) return Infinity;
  const roles = await rolesGiving(read, { userId: actor.userId, permission: APPROVE, storeId, now });
  if (roles.length === 0) return Infinity;
  return Math.max(...roles.map((code) => limits.get(code) ?? Infinity));
}
