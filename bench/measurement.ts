import type { BareDriver } from './bare-driver';

export type DatabaseKind = 'sqlite' | 'mariadb';
/** `tiny` is for the test of the measurements themselves: its figures mean nothing. */
export type Scale = 'tiny' | 'small' | 'full';

/** One measured value. `spread` is half of the distance between the lowest and the highest sample, as a share of the median. */
export interface Figure {
  /** B1 … B10 and what exactly, such as `B2 sales, 8 clients`. The key by which two runs are compared. */
  name: string;
  database: DatabaseKind;
  value: number;
  unit: string;
  better: 'more' | 'less';
  spread: number;
  /** What is possible at best, measured in the same run, in the same unit. */
  ceiling?: { name: string; value: number };
  /** How good it is beside the ceiling: 1 is as good. */
  share?: number;
  target?: { text: string; met: boolean };
}

export interface BenchContext {
  kind: DatabaseKind;
  scale: Scale;
  /** A folder for this measurement alone; removed afterwards. */
  folder: string;
  /** Connection URL of a fresh migrated database. */
  freshUrl: () => Promise<string>;
  /** Preparations need not wait for the disk at each commit; what is measured does. */
  hurried: <T>(work: () => Promise<T>) => Promise<T>;
  bareDriver: (url: string) => Promise<BareDriver>;
  say: (text: string) => void;
}

export interface Bench {
  id: string;
  title: string;
  databases: readonly DatabaseKind[];
  run: (context: BenchContext) => Promise<Figure[]>;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function spreadOf(samples: readonly number[]): number {
  const centre = median(samples);
  // One sample scatters around nothing, and a round in which nothing was done has no centre.
  return samples.length < 2 || !Number.isFinite(centre) || centre === 0
    ? 0
    : (Math.max(...samples) - Math.min(...samples)) / 2 / centre;
}

export const percentile = (samples: readonly number[], share: number): number =>
  [...samples].sort((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0;

export const atLeast = (share: number, wanted: number): Figure['target'] => ({
  text: `≥ ${Math.round(wanted * 100)} % of the ceiling`,
  met: share >= wanted,
});

export const below = (value: number, wanted: number, unit: string): Figure['target'] => ({
  text: `< ${wanted} ${unit}`,
  met: value < wanted,
});
