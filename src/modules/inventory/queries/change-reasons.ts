import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { readRecords } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';
import { CHANGE_EFFECTS, type ChangeEffect, isAdjustment, REASON_ACCOUNTS } from '../domain/change-effect';

export const CHANGE_REASONS = z.object({
  effect: z.enum(CHANGE_EFFECTS).default('defective'),
  /** Of adjustments: where their loss or gain is booked. */
  account: z.enum(REASON_ACCOUNTS).default('admin_expense'),
  /** By the levels of amount (`approvalLevels`). */
  approval: z.boolean().default(false),
  sortOrder: z.int().min(0).max(9999).default(0),
});

export type ChangeReason = z.output<typeof CHANGE_REASONS> & { id: number; name: string; active: boolean };

/** Why stock changes, in the order and the words of the company; those switched off among them. */
export const changeReasons = (read: Reader): Promise<ChangeReason[]> =>
  readRecords(read, 'inventory.changeReasons', CHANGE_REASONS);

/** One that may be chosen now. Throws 422 at `reasonId`. */
export async function requireReason(read: Reader, id: number): Promise<ChangeReason> {
  const found = (await changeReasons(read)).find((one) => one.id === id && one.active);
  if (!found) throw invalidField('reasonId', 'errors:field.invalid');
  return found;
}

/** What a person needs to make, fill and post a change of this effect. */
export const rightOf = (effect: ChangeEffect): string => {
  if (!isAdjustment(effect)) return 'inventory.change.status';
  return effect === 'value' ? 'inventory.change.value' : 'inventory.change.adjust';
};
