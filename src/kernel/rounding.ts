import { invalid } from './errors';

/**
 * value × numerator ÷ denominator, rounded half away from zero, so that a reversal is the exact mirror of its original.
 * Exact for all safe integers; throws errors:number.out_of_range outside ±(2^53 − 1) and for a denominator of zero.
 */
export function mulDiv(value: number, numerator: number, denominator: number): number {
  if (denominator === 0 || ![value, numerator, denominator].every(Number.isSafeInteger)) {
    throw invalid('errors:number.out_of_range');
  }
  const product = BigInt(value) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const negative = product < 0n !== divisor < 0n;
  const size = (product < 0n ? -product : product) * 2n;
  const by = divisor < 0n ? -divisor : divisor;
  const rounded = Number((size + by) / (by * 2n));
  if (!Number.isSafeInteger(rounded)) throw invalid('errors:number.out_of_range');
  return negative && rounded !== 0 ? -rounded : rounded;
}
