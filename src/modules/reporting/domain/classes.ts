import type { AbcLimits } from '../../../kernel';

export { ABC, type AbcClass, abcOf } from '../../../kernel';
export const XYZ = ['X', 'Y', 'Z'] as const;
export type XyzClass = (typeof XYZ)[number];

export interface ClassLimits extends AbcLimits {
  /** Variation of weekly sales, in percent, up to which goods are X; and Y. */
  xPercent: number;
  yPercent: number;
}

/** Fewer weeks say nothing about how steadily something sells. */
const FEWEST_WEEKS = 4;

/** Standard deviation of the weekly pieces against their mean, in basis points; null where nothing can be said. */
export function variationBpOf(weekly: readonly number[]): number | null {
  const mean = weekly.reduce((sum, pieces) => sum + pieces, 0) / weekly.length;
  if (weekly.length < FEWEST_WEEKS || mean <= 0) return null;
  const variance = weekly.reduce((sum, pieces) => sum + (pieces - mean) ** 2, 0) / weekly.length;
  return Math.round((Math.sqrt(variance) * 10_000) / mean);
}

/** What cannot be told counts as irregular. */
export function xyzOf(variationBp: number | null, { xPercent, yPercent }: ClassLimits): XyzClass {
  if (variationBp === null) return 'Z';
  return variationBp <= xPercent * 100 ? 'X' : variationBp <= yPercent * 100 ? 'Y' : 'Z';
}
