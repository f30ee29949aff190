import type { Reader } from '../../platform/database';
import type { CheckFindings, LedgerCheck } from './check';
import { deviceChecks } from './device-checks';
import { moneyChecks } from './money-checks';
import { postingChecks } from './posting-checks';
import { stockChecks } from './stock-checks';

export type { CheckFindings, LedgerCheck } from './check';

/** Every invariant of the books. */
export const ledgerChecks: readonly LedgerCheck[] = [...deviceChecks, ...stockChecks, ...moneyChecks, ...postingChecks];

export interface VerifiedCheck extends CheckFindings {
  id: string;
  ok: boolean;
}

export interface LedgerVerdict {
  ok: boolean;
  checks: VerifiedCheck[];
}

/**
 * Checks every invariant over the whole database, and `extra` ones of the modules. Reads only; two seconds for 100,000
 * devices. May run while documents are posted.
 */
export async function verifyLedger(read: Reader, extra: readonly LedgerCheck[] = []): Promise<LedgerVerdict> {
  const checks: VerifiedCheck[] = [];
  for (const check of [...ledgerChecks, ...extra]) {
    const { count, findings } = await check.run(read);
    checks.push({ id: check.id, ok: count === 0, count, findings });
  }
  return { ok: checks.every((check) => check.ok), checks };
}
