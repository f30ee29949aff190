import { invalid } from './errors';
import { fen, type Money } from './money';
import { mulDiv } from './rounding';

/** What is held of something that is costed by moving average. */
export interface ValuedQuantity {
  quantity: number;
  valueFen: number;
}

/**
 * Cost of taking `quantity` pieces out at moving average, rounded half up; the last piece takes the remaining value, so
 * that nothing is lost to rounding. Throws ledger:error.stock_short when there is less.
 */
export function costOut(balance: ValuedQuantity, quantity: number): Money {
  if (!Number.isSafeInteger(quantity) || quantity < 0) throw invalid('errors:quantity.not_whole', { value: quantity });
  if (quantity > balance.quantity) {
    throw invalid('ledger:error.stock_short', { available: balance.quantity, wanted: quantity });
  }
  if (quantity === 0) return fen(0);
  if (quantity === balance.quantity) return fen(balance.valueFen);
  return fen(Math.min(mulDiv(balance.valueFen, quantity, balance.quantity), balance.valueFen));
}
