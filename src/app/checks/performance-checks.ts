import { type Check, type CheckResult, text } from '../../platform/checks';
import { sql } from '../../platform/database';
import { quantile } from '../../platform/metrics';
import type { ProductContext } from './product-context';

/** A person notices a tenth of a second. */
const MOST_DELAY_MS = 100;
const MOST_P95_MS = 500;
/** Fewer say nothing: the first of each page is always slow. */
const LEAST_REQUESTS = 50;
const LOOKED_BACK_MINUTES = 10;
const HOUR_MS = 3_600_000;
const ROUND_TRIPS = 11;
const MOST_ROUND_TRIP_MS = 5;
const BAD_ROUND_TRIP_MS = 50;
const LONGEST_EVIDENCE = 200;

const skipped: CheckResult = { status: 'skipped', found: text('checks:performance.notHere') };
const tenths = (ms: number): number => Math.round(ms * 10) / 10;
const middle = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

const of = (id: string, run: Check<ProductContext>['run']): Check<ProductContext> => ({
  id: `performance.${id}`,
  category: 'performance',
  title: text(`checks:performance.${id}.title`),
  required: text(`checks:performance.${id}.required`, {
    ms: { 'event-loop': MOST_DELAY_MS, requests: MOST_P95_MS, database: MOST_ROUND_TRIP_MS }[id] ?? 0,
  }),
  run,
});
const verdict = (id: string, good: boolean, values: Record<string, string | number>): CheckResult => ({
  status: good ? 'ok' : 'warn',
  found: text(`checks:performance.${id}.found`, values),
  ...(good ? {} : { remedy: [text(`checks:performance.${id}.remedy`)] }),
});

/** How long a statement that costs nothing is under way: the line to the database, and how busy it is. */
const database = of('database', async (context): Promise<CheckResult> => {
  const times: number[] = [];
  for (let at = 0; at < ROUND_TRIPS; at++) {
    const begun = performance.now();
    await context.database.read.one(sql`SELECT COUNT(*) AS steps FROM schema_step WHERE step_key = ${'#none'}`);
    times.push(performance.now() - begun);
  }
  const ms = tenths(middle(times));
  const result = verdict('database', ms <= MOST_ROUND_TRIP_MS, { ms });
  return ms > BAD_ROUND_TRIP_MS ? { ...result, status: 'fail' } : result;
});

const eventLoop = of('event-loop', ({ live }): CheckResult => {
  if (!live) return skipped;
  const minutes = live.metrics.minutes.slice(-LOOKED_BACK_MINUTES);
  if (minutes.length === 0) return { status: 'skipped', found: text('checks:performance.tooEarly') };
  const ms = tenths(middle(minutes.map(({ delayP99Ms }) => delayP99Ms)));
  const busy = Math.round(middle(minutes.map(({ busyShare }) => busyShare)) * 100);
  return verdict('event-loop', ms <= MOST_DELAY_MS, { ms, busy });
});

const requests = of('requests', ({ live }): CheckResult => {
  if (!live) return skipped;
  const { all, routes } = live.metrics.requests;
  if (all.count < LEAST_REQUESTS) return { status: 'skipped', found: text('checks:performance.tooEarly') };
  const ms = tenths(quantile(all, 0.95));
  const slowest = routes()
    .filter(({ count }) => count >= 5)
    .toSorted((a, b) => quantile(b, 0.95) - quantile(a, 0.95))
    .slice(0, 3);
  const result = verdict('requests', ms <= MOST_P95_MS, { ms, count: all.count });
  const evidence = slowest.map((one) => `${one.method} ${one.path}: ${Math.round(quantile(one, 0.95))} ms`).join('; ');
  return result.status === 'ok' ? result : { ...result, evidence };
});

const statements = of('statements', ({ live, now }): CheckResult => {
  if (!live) return skipped;
  const { slowMs, slow } = live.database.watch;
  const recent = slow().filter(({ lastAt }) => lastAt > now - HOUR_MS);
  const [worst] = recent;
  const result = verdict('statements', recent.length === 0, { count: recent.length, ms: slowMs });
  if (!worst) return result;
  return { ...result, evidence: `${Math.round(worst.maxMs)} ms: ${worst.text.slice(0, LONGEST_EVIDENCE)}` };
});

const pool = of('pool', ({ live }): CheckResult => {
  if (!live) return skipped;
  const { busy, idle, waiting } = live.database.pool();
  return verdict('pool', waiting <= busy, { busy, all: busy + idle, waiting });
});

export const performanceChecks: readonly Check<ProductContext>[] = [database, eventLoop, requests, statements, pool];
