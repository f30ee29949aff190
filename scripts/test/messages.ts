/** What a test worker tells the runner, over the channel between the two processes. */
export type WorkerMessage =
  { kind: 'ready' } | { kind: 'test'; result: TestResult } | { kind: 'file-done'; file: string; ms: number };

export interface TestResult {
  file: string;
  /** Full title: suites and test. */
  title: string;
  outcome: 'passed' | 'failed' | 'skipped';
  ms: number;
  error?: string;
  reason?: string;
  /** The skip is for an outside service, which CI may skip as well. */
  outside?: boolean;
}

/** What the runner tells a worker. */
export type RunnerMessage = { kind: 'run'; file: string; timeoutMs: number } | { kind: 'stop' };

export interface WorkerOptions {
  forbidOnly: boolean;
  grep?: string;
}
