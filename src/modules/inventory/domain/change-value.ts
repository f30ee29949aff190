import { costOut, mulDiv, type ValuedQuantity } from '../../../kernel';
import type { Ownership } from '../../../ledger';
import type { ChangeEffect } from './change-effect';

export interface DeviceWorth {
  costFen: number;
  ownership: Ownership;
}

export interface GoodsWorth {
  pieces: number;
  balance: ValuedQuantity;
  /** Fen a piece over all that we have of it anywhere: where the balance has none to say it. */
  averageFen: number;
}

/**
 * What a line is worth: for adjustments what it adds to the value of stock (negative: takes away), for a change of state
 * the cost of what changes. `unitCostFen`: what a found piece costs, or what each piece here shall cost; null: the average.
 */
export function changeValue(effect: ChangeEffect, unitCostFen: number | null, books: DeviceWorth | GoodsWorth): number {
  return 'costFen' in books ? deviceValue(effect, unitCostFen, books) : goodsValue(effect, unitCostFen, books);
}

/** What is not ours has no value in the books. */
function deviceValue(effect: ChangeEffect, unitCostFen: number | null, { costFen, ownership }: DeviceWorth): number {
  if (ownership !== 'own') return 0;
  if (effect === 'value') return (unitCostFen ?? costFen) - costFen;
  return takesAway(effect) ? -costFen + 0 : costFen;
}

function goodsValue(
  effect: ChangeEffect,
  unitCostFen: number | null,
  { pieces, balance, averageFen }: GoodsWorth,
): number {
  if (effect === 'value') return unitCostFen === null ? 0 : unitCostFen * balance.quantity - balance.valueFen;
  if (effect === 'gain') {
    if (unitCostFen !== null) return unitCostFen * pieces;
    return balance.quantity > 0 ? mulDiv(balance.valueFen, pieces, balance.quantity) : averageFen * pieces;
  }
  // Somebody may have sold some since the line was written: posting refuses that, an estimate takes what is there.
  const costFen = costOut(balance, Math.min(pieces, balance.quantity));
  return takesAway(effect) ? -costFen + 0 : costFen;
}

const takesAway = (effect: ChangeEffect): boolean => effect === 'loss' || effect === 'issue' || effect === 'scrap';
