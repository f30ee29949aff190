import type { Text } from './check';
import type { CheckOutcome, CheckReport } from './run-checks';

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** A check as scripts and people read it: every text in one language. */
export interface DescribedCheck {
  id: string;
  category: string;
  title: string;
  status: CheckOutcome['status'];
  found: string;
  required: string | null;
  evidence: string | null;
  remedy: string[];
  fixed: string | null;
}

export function describeCheck(outcome: CheckOutcome, t: Translate): DescribedCheck {
  const say = ({ key, values }: Text): string => t(key, values);
  const { id, category, status, evidence } = outcome;
  return {
    id,
    category,
    title: say(outcome.title),
    status,
    found: say(outcome.found),
    required: outcome.required ? say(outcome.required) : null,
    evidence: evidence ?? null,
    remedy: (outcome.remedy ?? []).map(say),
    fixed: outcome.fixed ? say(outcome.fixed) : null,
  };
}

export const describeReport = (
  { ok, checks }: CheckReport,
  t: Translate,
): { ok: boolean; checks: DescribedCheck[] } => ({
  ok,
  checks: checks.map((outcome) => describeCheck(outcome, t)),
});
