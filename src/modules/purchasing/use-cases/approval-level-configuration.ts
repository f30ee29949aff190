import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { rolesWith } from '../../../platform/auth';
import { readRecords, saveRecord } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';
import type { ConfigurationSet } from '../../../platform/modules';
import { APPROVAL_LEVELS, APPROVE_ORDERS, STORED_LEVEL } from '../queries/approval-levels';

const values = z.object({
  fromFen: z.int().min(0).max(100_000_000_00).default(0),
  /** A ready-made role by its code, one of the company's own by its name; null: everybody with the right. */
  role: z.string().min(1).max(80).nullable().default(null),
  own: z.boolean().default(false),
});
const SET = { ...APPROVAL_LEVELS, values: STORED_LEVEL };

/** Which orders need whose approval. An order keeps the levels it was submitted under. */
export const approvalLevelConfiguration: ConfigurationSet = {
  id: SET.id,
  changedBy: 'system.record.',
  values,
  choices: async (read) => ({ role: { names: (await approvingRoles(read)).map(({ called }) => called) } }),
  read: async (read) => {
    const roles = await approvingRoles(read);
    return (await readRecords(read, 'purchasing.approvalLevels', STORED_LEVEL)).map(
      ({ id, name, active, fromFen, roleCode, own }) => ({
        id,
        name,
        active,
        values: { fromFen, role: roles.find(({ code }) => code === roleCode)?.called ?? roleCode, own },
      }),
    );
  },
  inUse: () => Promise.resolve(new Map<number, number>()),
  save: async (unit, records, reason) => {
    const roles = await approvingRoles(unit);
    for (const record of records) {
      const { role, ...rest } = values.parse(record.values);
      const found = roles.find(({ called }) => called === role);
      if (role !== null && !found) throw invalidField('role', 'purchasing:error.approval_role_unknown', { name: role });
      await saveRecord(unit, SET, { ...record, values: { ...rest, roleCode: found?.code ?? null } }, reason);
    }
  },
};

async function approvingRoles(read: Reader): Promise<{ code: string; called: string }[]> {
  const roles = await rolesWith(read, APPROVE_ORDERS);
  return roles.map(({ code, name, readyMade }) => ({ code, called: readyMade ? code : (name ?? code) }));
}
