import { invalid } from './errors';
import { foldDigits } from './text';

declare const quantityBrand: unique symbol;
/** A whole number of pieces, within ±(2^53 − 1). */
export type Quantity = number & { readonly [quantityBrand]: true };

/** Throws errors:quantity.not_whole or errors:number.out_of_range. */
export function quantity(count: number): Quantity {
  if (!Number.isInteger(count)) throw invalid('errors:quantity.not_whole', { value: count });
  if (!Number.isSafeInteger(count)) throw invalid('errors:number.out_of_range');
  return (count + 0) as Quantity;
}

const COUNT = /^([+-])?(\d{1,3}(?:,\d{3})+|\d+)(?:\.0*)?$/;

/** Reads "12", "１２", "1,200", "3.00" (a spreadsheet's 3); throws errors:quantity.format or errors:quantity.not_whole. */
export function parseQuantity(text: string): Quantity {
  const plain = foldDigits(text).replace(/\s/g, '');
  const match = COUNT.exec(plain);
  if (!match) {
    const code = /^[+-]?\d+\.\d+$/.test(plain) ? 'errors:quantity.not_whole' : 'errors:quantity.format';
    throw invalid(code, { text: text.slice(0, 40), value: text.slice(0, 40) });
  }
  const size = Number(match[2]?.replaceAll(',', ''));
  return quantity(match[1] === '-' ? -size : size);
}

/** "1,200"; the minus is U+2212. */
export function formatQuantity(count: number): string {
  return (count < 0 ? '\u2212' : '') + String(Math.abs(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}
