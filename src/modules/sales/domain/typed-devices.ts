import { isDomainError, type Money, parseMoney, parsePaste } from '../../../kernel';

/** A device as somebody typed, scanned or pasted it: its numbers, and the price behind them where there is one. */
export interface TypedDevice {
  line: number;
  /** Normalised; empty: the line holds no number. */
  numbers: string[];
  text: string;
  /** Null: none was typed. */
  priceFen: Money | null;
}

// A number, then a price: at most seven digits, so that no IMEI is taken for one. The head is as short as can be, so that the
// whole of 3,999.50 is the price.
const PRICED = /^(.*?\S)[\s,，;；]+([¥￥]?(?:\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.\d{1,2})?元?)$/u;

/** One device a line: `867421063138408`, `867421063138408 3999`, or as it comes out of a spreadsheet. Empty lines are left out. */
export function typedDevices(text: string): TypedDevice[] {
  return text.split(/\r\n|[\n\r]/).flatMap((raw, index): TypedDevice[] => {
    const line = raw.normalize('NFKC').trim();
    if (line === '') return [];
    const match = PRICED.exec(line);
    const head = match ? numbersOf(match[1] ?? '') : [];
    const [numbers, price] = match && head.length > 0 ? [head, match[2] ?? ''] : [numbersOf(line), ''];
    return [{ line: index + 1, numbers, text: line.slice(0, 60), priceFen: price === '' ? null : moneyOf(price) }];
  });
}

const numbersOf = (text: string): string[] =>
  parsePaste(text).flatMap(({ identifiers }) => identifiers.map(({ value }) => value));

function moneyOf(text: string): Money | null {
  try {
    return parseMoney(text);
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}
