import { z } from 'zod';
import type { Reader } from '../../../platform/database';
import { readParameters } from '../../../platform/parameters';

/** Settings of the module; what is not set has its default. */
export const financeParameters = z.object({
  /** Payments of so many yuan and more need somebody else's approval; 0: none does. */
  paymentApprovalYuan: z.number().int().min(0).max(100_000_000).default(0),
  /** Whether the home page tells what is overdue with suppliers, and what is due soon. */
  alertPayables: z.boolean().default(true),
});

/** From which amount payments need approval; null: none does. */
export async function approvalFromFen(read: Reader): Promise<number | null> {
  const { paymentApprovalYuan } = await readParameters(read, 'finance', financeParameters);
  return paymentApprovalYuan === 0 ? null : paymentApprovalYuan * 100;
}
