export type CheckStatus = 'ok' | 'warn' | 'fail';

/**
 * The answer of one check, shared by setup, upgrade, start and doctor. Texts are i18n keys or plain facts: `found` and
 * `required` are values with their unit ("8 GB"), `evidence` the raw fact for the administrator, `remedy` an i18n key.
 */
export interface CheckResult {
  id: string;
  category: string;
  status: CheckStatus;
  found?: string;
  required?: string;
  evidence?: string;
  remedy?: string;
}

const RANK: Record<CheckStatus, number> = { ok: 0, warn: 1, fail: 2 };

/** The worst status of all; 'ok' for none. */
export function worstStatus(results: Iterable<CheckResult>): CheckStatus {
  let worst: CheckStatus = 'ok';
  for (const { status } of results) if (RANK[status] > RANK[worst]) worst = status;
  return worst;
}
