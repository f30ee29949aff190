import type { Check, CheckResult, CheckStatus, Text } from './check';
import { text } from './check';

export interface CheckOutcome extends CheckResult {
  id: string;
  category: Check<never>['category'];
  title: Text;
  /** What was mended before the result above was found. */
  fixed?: Text;
}

export interface CheckReport {
  /** No check failed; warnings are allowed. */
  ok: boolean;
  checks: CheckOutcome[];
}

export interface RunOptions {
  /** As each check ends, for progress. */
  onResult?: (outcome: CheckOutcome) => void;
  /** Let checks that can mend what they find do so, then look again. */
  fix?: boolean;
  timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;

/** Runs the checks one after the other. One that throws or hangs is a failed check, never the end of the others. */
export async function runChecks<C>(
  checks: readonly Check<C>[],
  context: C,
  { onResult, fix = false, timeoutMs = TIMEOUT_MS }: RunOptions = {},
): Promise<CheckReport> {
  const outcomes: CheckOutcome[] = [];
  for (const check of checks) {
    const outcome = await runOne(check, context, fix, timeoutMs);
    outcomes.push(outcome);
    onResult?.(outcome);
  }
  return { ok: outcomes.every(({ status }) => status !== 'fail'), checks: outcomes };
}

async function runOne<C>(check: Check<C>, context: C, fix: boolean, timeoutMs: number): Promise<CheckOutcome> {
  const { id, category, title, required } = check;
  const wanted = required ? { required } : {};
  const look = async (): Promise<CheckResult> => ({
    ...wanted,
    ...(await guarded(() => check.run(context), timeoutMs)),
  });
  const found = await look();
  const repair = check.fix;
  if (!fix || !repair || !needsRepair(found.status)) return { id, category, title, ...found };
  try {
    const fixed = await withTimeout(repair(context), timeoutMs);
    return { id, category, title, ...(await look()), fixed };
  } catch (error) {
    return { id, category, title, ...found, evidence: [found.evidence, messageOf(error)].filter(Boolean).join('; ') };
  }
}

const needsRepair = (status: CheckStatus): boolean => status === 'fail' || status === 'warn';

async function guarded(run: () => Promise<CheckResult> | CheckResult, timeoutMs: number): Promise<CheckResult> {
  try {
    return await withTimeout(Promise.resolve().then(run), timeoutMs);
  } catch (error) {
    return {
      status: 'fail',
      found: text('checks:broken'),
      evidence: messageOf(error),
      remedy: [text('checks:brokenRemedy')],
    };
  }
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
