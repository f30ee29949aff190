/** A text to be said in the reader's language: a key of locales/… and its values. */
export interface Text {
  key: string;
  values?: Record<string, string | number>;
}

export type CheckCategory =
  | 'host'
  | 'network'
  | 'database'
  | 'schema'
  | 'storage'
  | 'backup'
  | 'jobs'
  | 'permissions'
  | 'ledger'
  | 'certificates'
  | 'performance'
  | 'imports';

/** `warn`: works, but the administrator should know; `fail`: do not go on; `skipped`: cannot be told here, see `found`. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skipped';

export interface CheckResult {
  status: CheckStatus;
  found: Text;
  required?: Text;
  /** What was seen, word for word: the message of a driver, the line of a file. Never a secret. */
  evidence?: string;
  /** What to do, step by step. */
  remedy?: readonly Text[];
}

/**
 * One thing to look at, as data, shared by setup, upgrade, start and doctor. `run` only looks; `fix` mends what can be mended
 * without risk and says what it did.
 */
export interface Check<C> {
  /** 'host.memory': stands in reports and scripts, never changes. */
  id: string;
  category: CheckCategory;
  title: Text;
  /** What is wanted, unless the result says it more exactly. */
  required?: Text;
  run: (context: C) => Promise<CheckResult> | CheckResult;
  fix?: (context: C) => Promise<Text>;
}

export const text = (key: string, values?: Record<string, string | number>): Text =>
  values ? { key, values } : { key };
