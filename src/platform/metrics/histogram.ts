/** Upper edges in milliseconds; the last bucket has none. Also what Prometheus is given. */
export const EDGES_MS = [
  0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000, 5000, 10_000, 30_000,
] as const;

export interface Histogram {
  count: number;
  sumMs: number;
  maxMs: number;
  /** One more than there are edges. */
  buckets: Uint32Array;
}

export const newHistogram = (): Histogram => ({
  count: 0,
  sumMs: 0,
  maxMs: 0,
  buckets: new Uint32Array(EDGES_MS.length + 1),
});

export function observe(histogram: Histogram, ms: number): void {
  let at = 0;
  while (at < EDGES_MS.length && ms > (EDGES_MS[at] as number)) at++;
  histogram.buckets[at] = (histogram.buckets[at] ?? 0) + 1;
  histogram.count++;
  histogram.sumMs += ms;
  if (ms > histogram.maxMs) histogram.maxMs = ms;
}

/** The value below which this share lies, within its bucket on a straight line; 0 when nothing was observed. */
export function quantile({ count, maxMs, buckets }: Histogram, share: number): number {
  if (count === 0) return 0;
  const wanted = share * count;
  let below = 0;
  for (const [at, inside] of buckets.entries()) {
    if (inside > 0 && below + inside >= wanted) {
      const from = at === 0 ? 0 : (EDGES_MS[at - 1] as number);
      const to = Math.min(maxMs, EDGES_MS[at] ?? maxMs);
      return Math.min(maxMs, from + Math.max(0, to - from) * ((wanted - below) / inside));
    }
    below += inside;
  }
  return maxMs;
}
