import { z } from 'zod';
import { invalidField } from '../../kernel';
import { rolesWith } from '../auth';
import { readRecords, saveRecord } from '../configuration';
import type { Reader } from '../database';
import type { ConfigurationSet } from '../modules';
import type { ApprovalLevel } from './levels';

/** Stored by the role's code. */
const STORED = z.object({
  fromFen: z.int().min(0).max(100_000_000_00).default(0),
  roleCode: z.string().max(40).nullable().default(null),
  own: z.boolean().default(false),
});

const EDITED = z.object({
  fromFen: z.int().min(0).max(100_000_000_00).default(0),
  /** A ready-made role by its code, one of the company's own by its name; null: everybody with the right. */
  role: z.string().min(1).max(80).nullable().default(null),
  own: z.boolean().default(false),
});

export interface ApprovalKind {
  /** Whose configuration records `approvalLevels` say the levels; their words and refusals stand in its locales. */
  module: string;
  /** The right to approve. */
  permission: string;
}

const ID = 'approvalLevels';

/** The levels in force, the lowest first. */
export async function approvalLevelsOf(read: Reader, { module }: ApprovalKind): Promise<ApprovalLevel[]> {
  const records = await readRecords(read, `${module}.${ID}`, STORED);
  return records
    .filter(({ active }) => active)
    .map(({ name, fromFen, roleCode, own }) => ({ name, fromFen, roleCode, own }))
    .sort((a, b) => a.fromFen - b.fromFen);
}

/** Which documents need whose approval. A document keeps the levels it was submitted under. */
export function approvalLevelSet({ module, permission }: ApprovalKind): ConfigurationSet {
  const set = { module, id: ID, values: STORED };
  const approvingRoles = async (read: Reader): Promise<{ code: string; called: string }[]> =>
    (await rolesWith(read, permission)).map(({ code, name, readyMade }) => ({
      code,
      called: readyMade ? code : (name ?? code),
    }));
  return {
    id: ID,
    changedBy: 'system.record.',
    values: EDITED,
    choices: async (read) => ({ role: { names: (await approvingRoles(read)).map(({ called }) => called) } }),
    read: async (read) => {
      const roles = await approvingRoles(read);
      return (await readRecords(read, `${module}.${ID}`, STORED)).map(
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
        const { role, ...rest } = EDITED.parse(record.values);
        const found = roles.find(({ called }) => called === role);
        if (role !== null && !found)
          throw invalidField('role', `${module}:error.approval_role_unknown`, { name: role });
        await saveRecord(unit, set, { ...record, values: { ...rest, roleCode: found?.code ?? null } }, reason);
      }
    },
  };
}
