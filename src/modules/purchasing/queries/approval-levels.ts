import { z } from 'zod';
import { readRecords } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';
import type { ApprovalLevel } from '../domain/approval-levels';

export const APPROVE_ORDERS = 'purchasing.order.approve';
export const APPROVAL_LEVELS = { module: 'purchasing', id: 'approvalLevels' } as const;

/** Stored by the role's code. */
export const STORED_LEVEL = z.object({
  fromFen: z.int().min(0).max(100_000_000_00).default(0),
  roleCode: z.string().max(40).nullable().default(null),
  own: z.boolean().default(false),
});

/** The levels in force, the lowest first. */
export async function approvalLevels(read: Reader): Promise<ApprovalLevel[]> {
  const records = await readRecords(read, 'purchasing.approvalLevels', STORED_LEVEL);
  return records
    .filter(({ active }) => active)
    .map(({ name, fromFen, roleCode, own }) => ({ name, fromFen, roleCode, own }))
    .sort((a, b) => a.fromFen - b.fromFen);
}
