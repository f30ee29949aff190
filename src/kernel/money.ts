import { invalid } from './errors';
import { mulDiv } from './rounding';
import { foldDigits } from './text';

declare const moneyBrand: unique symbol;
/** An amount in fen (分), an integer within ±(2^53 − 1). */
export type Money = number & { readonly [moneyBrand]: true };

/** Makes a Money of an integer number of fen; throws errors:money.not_whole_fen or errors:money.out_of_range. */
export function fen(amount: number): Money {
  if (Math.abs(amount) > Number.MAX_SAFE_INTEGER) throw invalid('errors:money.out_of_range');
  if (!Number.isInteger(amount)) throw invalid('errors:money.not_whole_fen', { value: amount });
  return (amount + 0) as Money; // + 0 turns −0 into 0
}

export function add(a: Money, b: Money): Money {
  return fen(a + b);
}

export function subtract(a: Money, b: Money): Money {
  return fen(a - b);
}

/** Adds exactly, whatever the order; throws errors:money.out_of_range only when the total is out of range. */
export function sum(amounts: Iterable<Money>): Money {
  let total = 0n;
  for (const amount of amounts) total += BigInt(amount);
  return fen(Number(total));
}

export function negate(amount: Money): Money {
  return fen(-amount);
}

/** Amount × whole quantity. */
export function multiply(amount: Money, quantity: number): Money {
  if (!Number.isInteger(quantity)) throw invalid('errors:quantity.not_whole', { value: quantity });
  return fen(amount * quantity);
}

/** A share of an amount in basis points (1 % = 100), rounded half up to the fen. */
export function share(amount: Money, rateBp: number): Money {
  return fen(mulDiv(amount, rateBp, 10_000));
}

const AMOUNT = /^([+-])?(?:[¥￥]|RMB|CNY)?([+-])?(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?元?$/i;

/**
 * Reads what people type: "1,234.50", "¥8,999", "１２３．５", "−12". Yuan, at most two decimals.
 * Throws errors:money.format, errors:money.too_many_decimals, errors:money.out_of_range.
 */
export function parseMoney(text: string): Money {
  const plain = foldDigits(text).replace(/\s/g, '');
  const match = AMOUNT.exec(plain);
  const whole = match?.[3]?.replaceAll(',', '') ?? '';
  const decimals = match?.[4] ?? '';
  if (!match || (whole === '' && decimals === '') || (match[1] && match[2])) {
    throw invalid('errors:money.format', { text: text.slice(0, 40) });
  }
  // Zeros after the second decimal change nothing: a spreadsheet may give 12.5000.
  if (decimals.replace(/0+$/, '').length > 2)
    throw invalid('errors:money.too_many_decimals', { text: text.slice(0, 40) });
  const size = Number(BigInt(whole || '0') * 100n + BigInt(decimals.slice(0, 2).padEnd(2, '0')));
  return fen((match[1] ?? match[2]) === '-' ? -size : size);
}

/** "1,234.00"; the minus is U+2212, as wide as a digit. */
export function formatMoney(amount: Money): string {
  const size = Math.abs(amount);
  const yuan = String(Math.floor(size / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount < 0 ? '\u2212' : ''}${yuan}.${String(size % 100).padStart(2, '0')}`;
}

/** "1234.00" with an ASCII minus, for form fields and files; parseMoney reads it back. */
export function plainMoney(amount: Money): string {
  const size = Math.abs(amount);
  return `${amount < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`;
}

/**
 * Splits an amount by weights (whole numbers ≥ 0) so that the parts add up to the fen: each part is the exact share
 * rounded down, the fen left over go to the largest remainders, the earlier of equals first.
 * When every weight is 0 the parts are equal. Throws errors:money.no_weights for a non-zero amount and no weights.
 */
export function allocate(total: Money, weights: readonly number[]): Money[] {
  if (weights.length === 0) {
    if (total === 0) return [];
    throw invalid('errors:money.no_weights');
  }
  if (weights.some((w) => !Number.isSafeInteger(w) || w < 0)) throw invalid('errors:number.out_of_range');
  const given = weights.map(BigInt);
  const used = given.every((w) => w === 0n) ? given.map(() => 1n) : given;
  const all = used.reduce((a, b) => a + b, 0n);
  const size = BigInt(Math.abs(total));
  const parts = used.map((w, index) => ({ index, floor: (size * w) / all, rest: (size * w) % all }));
  let left = Number(size - parts.reduce((a, part) => a + part.floor, 0n));
  const amounts = parts.map((part) => Number(part.floor));
  const byRest = [...parts].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const part of byRest) {
    if (left === 0) break;
    amounts[part.index] = (amounts[part.index] ?? 0) + 1;
    left -= 1;
  }
  return amounts.map((amount) => fen(total < 0 ? -amount : amount));
}
