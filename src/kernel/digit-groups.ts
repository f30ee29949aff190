import { isValidImei } from './imei';

/** How people and boxes write the parts of one number; a 14-, 15- or 16-digit number in other parts is not assumed. */
const KNOWN_PARTS = new Set([
  '2-6-6',
  '6-2-6',
  '8-6',
  '2-6-6-1',
  '6-2-6-1',
  '8-6-1',
  '14-1',
  '4-4-4-3',
  '5-5-5',
  '3-3-3-3-3',
  '2-6-6-2',
  '6-2-6-2',
  '8-6-2',
]);
const LONGEST_RUN = 6;
const UNUSABLE = 100;

/**
 * Puts blank-separated groups of digits together to whole numbers: ['35','209900','176148','1'] → ['352099001761481'].
 * A group that is a whole number already stays alone; groups that fit nowhere stay as they are. The cheapest partition wins (dynamic programming, linear time).
 */
export function joinDigitGroups(groups: readonly string[]): string[] {
  const tokens = groups.flatMap(splitGluedNumbers);
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= tokens.length; end += 1) {
    let choice = { cost: Number.POSITIVE_INFINITY, from: end - 1 };
    for (let from = Math.max(0, end - LONGEST_RUN); from < end; from += 1) {
      const cost = (best[from]?.cost ?? 0) + costOf(tokens.slice(from, end));
      if (cost < choice.cost) choice = { cost, from };
    }
    best.push(choice);
  }
  const numbers: string[] = [];
  for (let end = tokens.length; end > 0;) {
    const from = best[end]?.from ?? end - 1;
    numbers.unshift(tokens.slice(from, end).join(''));
    end = from;
  }
  return numbers;
}

function costOf(parts: string[]): number {
  const digits = parts.join('');
  if (parts.length === 1) return digits.length >= 14 && digits.length <= 17 ? 0 : UNUSABLE;
  if (digits.length < 14 || digits.length > 16) return Number.POSITIVE_INFINITY;
  const shape = parts.map((part) => part.length).join('-');
  // A 14-digit number and a stray digit are one number only if that digit is its check digit.
  if (shape === '14-1') return isValidImei(digits) ? 1 : Number.POSITIVE_INFINITY;
  if (parts.some((part) => part.length >= 14)) return Number.POSITIVE_INFINITY;
  if (digits.length === 15 && isValidImei(digits) && (parts[0]?.length ?? 0) > 1) return 1;
  return KNOWN_PARTS.has(shape) ? (digits.length === 15 ? 4 : 3) : Number.POSITIVE_INFINITY;
}

/** A scanner without a suffix glues its numbers: 30, 45 … digits are split only if every 15 of them are a right IMEI. */
function splitGluedNumbers(digits: string): string[] {
  if (digits.length < 30 || digits.length % 15 !== 0) return [digits];
  const numbers = digits.match(/\d{15}/g) ?? [];
  return numbers.every(isValidImei) ? numbers : [digits];
}
