import { invalid } from './errors';
import { fen, subtract, type Money } from './money';
import { mulDiv } from './rounding';

export interface TaxSplit {
  grossFen: Money;
  netFen: Money;
  taxFen: Money;
}

/**
 * Splits a tax-inclusive amount: net = round half up of gross × 10000 ÷ (10000 + rateBp); tax = gross − net, so the
 * two always add up. `rateBp` is in basis points (13 % = 1300), 0–10000.
 */
export function splitTax(grossFen: Money, rateBp: number): TaxSplit {
  checkRate(rateBp);
  const netFen = fen(mulDiv(grossFen, 10_000, 10_000 + rateBp));
  return { grossFen, netFen, taxFen: subtract(grossFen, netFen) };
}

/** Adds the tax to a net amount: tax = round half up of net × rateBp ÷ 10000 (supplier's prices without tax). */
export function addTax(netFen: Money, rateBp: number): TaxSplit {
  checkRate(rateBp);
  const taxFen = fen(mulDiv(netFen, rateBp, 10_000));
  return { grossFen: fen(netFen + taxFen), netFen, taxFen };
}

function checkRate(rateBp: number): void {
  if (!Number.isInteger(rateBp) || rateBp < 0 || rateBp > 10_000) throw invalid('errors:tax.rate', { rateBp });
}
