import type { SqlValue } from './sql';

/** A statement that took long, all its runs together. Nothing of what it was asked with is kept but kinds and lengths. */
export interface SlowStatement {
  text: string;
  times: number;
  sumMs: number;
  maxMs: number;
  lastAt: number;
  /** Of its slowest run: `text(11)`, `number`, `null`, `bytes(20)`. */
  values: string[];
  /** How the database goes about it, line by line; undefined until it is known, null where it cannot be told. */
  plan?: string[] | null;
  plannedAt: number;
}

export interface StatementWatch {
  count: number;
  sumMs: number;
  slowCount: number;
  slowMs: number;
  /** The most expensive first. */
  slow: () => SlowStatement[];
  note: (text: string, values: readonly SqlValue[], ms: number) => void;
  /** How plans are found: set by the kind of database that can. Nothing is run, it only tells what it would do. */
  explain?: (text: string, values: readonly SqlValue[]) => Promise<string[]> | string[];
}

const MOST_KEPT = 50;
const LONGEST_TEXT = 4000;
const MOST_VALUES = 40;
/** A plan changes with the data; asked for more often it would cost what it should save. */
const PLAN_AGAIN_MS = 3_600_000;
export const SLOW_MS = 200;

export function createStatementWatch(): StatementWatch {
  const kept = new Map<string, SlowStatement>();
  const watch: StatementWatch = {
    count: 0,
    sumMs: 0,
    slowCount: 0,
    slowMs: SLOW_MS,
    slow: () => [...kept.values()].sort((a, b) => b.sumMs - a.sumMs),
    note: (text, values, ms) => {
      watch.count++;
      watch.sumMs += ms;
      if (ms >= watch.slowMs) noteSlow(watch, kept, text, values, ms);
    },
  };
  return watch;
}

function noteSlow(
  watch: StatementWatch,
  kept: Map<string, SlowStatement>,
  text: string,
  values: readonly SqlValue[],
  ms: number,
): void {
  watch.slowCount++;
  const shape = shapeOf(text);
  let entry = kept.get(shape);
  if (!entry) {
    if (kept.size >= MOST_KEPT) dropCheapest(kept);
    entry = { text: shape, times: 0, sumMs: 0, maxMs: 0, lastAt: 0, values: [], plannedAt: 0 };
    kept.set(shape, entry);
  }
  entry.times++;
  entry.sumMs += ms;
  entry.lastAt = Date.now();
  if (ms > entry.maxMs) {
    entry.maxMs = ms;
    entry.values = values.slice(0, MOST_VALUES).map(kindOf);
  }
  if (entry.lastAt - entry.plannedAt > PLAN_AGAIN_MS) void plan(watch, entry, text, values);
}

/** Lists of values become one, so that a list of 3 and one of 400 are the same statement. */
const shapeOf = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/(\?|[:@]\d+)(?:, (?:\?|[:@]\d+))+/g, '$1, …')
    .replace(/(\((?:[^()]*)\))(?:, ?\((?:[^()]*)\))+/g, '$1, …')
    .trim()
    .slice(0, LONGEST_TEXT);

function dropCheapest(kept: Map<string, SlowStatement>): void {
  const [cheapest] = [...kept].sort(([, a], [, b]) => a.sumMs - b.sumMs);
  if (cheapest) kept.delete(cheapest[0]);
}

function kindOf(value: SqlValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return 'number';
  return typeof value === 'string' ? `text(${value.length})` : `bytes(${value.length})`;
}

async function plan(
  watch: StatementWatch,
  entry: SlowStatement,
  text: string,
  values: readonly SqlValue[],
): Promise<void> {
  entry.plannedAt = Date.now();
  if (!watch.explain || !/^\s*(SELECT|WITH|UPDATE|DELETE)\b/i.test(text)) {
    entry.plan = null;
    return;
  }
  try {
    entry.plan = await watch.explain(text, values);
  } catch {
    entry.plan = null;
  }
}

/** How many connections are at work, rest, and how many wait for one. The embedded database has one writer: who waits for it. */
export interface PoolUse {
  busy: number;
  idle: number;
  waiting: number;
}
