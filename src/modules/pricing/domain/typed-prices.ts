import { invalid, isDomainError, parseMoney, type FieldProblem } from '../../../kernel';
import type { PriceChange } from './plan-prices';

/** A row of the price form: what stands there now and what stood there when the page was shown. */
export interface TypedPrice {
  skuId: number;
  price: string;
  floor?: string | undefined;
  wasPrice: string;
  wasFloor?: string | undefined;
}

/**
 * The rows that were changed; the others are left alone, so that two people may edit different rows of one page. Without
 * a floor field (no right to see it) the floor must be given by `floorOf`. Throws errors:form at `items.<index>.price`.
 */
export function changedPrices(rows: readonly TypedPrice[], floorOf: (skuId: number) => number | null): PriceChange[] {
  const problems: FieldProblem[] = [];
  const changes: PriceChange[] = [];
  rows.forEach((row, index) => {
    const same = row.price.trim() === row.wasPrice && (row.floor ?? '').trim() === (row.wasFloor ?? '');
    if (same) return;
    const amount = (text: string, field: string): number | null => {
      if (text.trim() === '') return null;
      try {
        return parseMoney(text);
      } catch (error) {
        if (!isDomainError(error)) throw error;
        problems.push({ path: `items.${index}.${field}`, code: error.code, details: error.details });
        return null;
      }
    };
    const priceFen = amount(row.price, 'price');
    const floorFen = row.floor === undefined ? floorOf(row.skuId) : amount(row.floor, 'floor');
    if (priceFen !== null && priceFen < 0)
      problems.push({ path: `items.${index}.price`, code: 'pricing:error.price_range' });
    else if (priceFen === null && floorFen !== null && row.floor !== undefined)
      problems.push({ path: `items.${index}.price`, code: 'pricing:error.floor_without_price' });
    else if (priceFen !== null && floorFen !== null && floorFen > priceFen)
      problems.push({
        path: `items.${index}.${row.floor === undefined ? 'price' : 'floor'}`,
        code: 'pricing:error.floor_above_price',
      });
    changes.push({ skuId: row.skuId, priceFen, floorFen: priceFen === null ? null : floorFen });
  });
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
  return changes;
}
