/** Ticks at 1, 2 or 5 × 10ⁿ around the values, at most `count` steps; both ends of the axis are ticks. */
export function niceTicks(low: number, high: number, count: number): number[] {
  // A span that is only rounding noise is none.
  const span = Math.max(1e-9, Math.abs(low) * 1e-9, Math.abs(high) * 1e-9);
  const [from, to] = high - low > span ? [low, high] : widen(Math.abs(high) > 1e-9 ? high : 0);
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999999) ?? 10 * power;
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => clean((first + index) * step, power));
}

function widen(value: number): [number, number] {
  if (value === 0) return [0, 1];
  return value > 0 ? [0, value] : [value, 0];
}

/** 0.30000000000000004 → 0.3 */
function clean(value: number, power: number): number {
  const digits = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(power))));
  return Number(value.toFixed(digits)) + 0;
}

/** Maps values to pixels. */
export function linear(from: readonly [number, number], to: readonly [number, number]): (value: number) => number {
  const factor = (to[1] - to[0]) / (from[1] - from[0] || 1);
  return (value) => to[0] + (value - from[0]) * factor;
}

/** Every n-th label, so that labels of this width keep a distance. */
export function labelStep(widest: number, slot: number): number {
  return Math.max(1, Math.ceil((widest + 8) / slot));
}
