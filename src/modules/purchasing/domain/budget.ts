export interface Priced {
  id: number;
  /** What all of it costs, tax-inclusive; null: nobody knows its price. */
  amountFen: number | null;
}

export interface BudgetPlan {
  /** What is bought, with what it costs. */
  taken: ReadonlyMap<number, number>;
  spentFen: number;
  /** Would be more than what is left of the budget. */
  beyond: number;
  unpriced: number;
}

/**
 * What the budget is spent on: in the order given, the most urgent first. What does not fit any more is left out whole, and
 * cheaper things after it still have their turn. At most `most` of them.
 */
export function planBudget(wanted: readonly Priced[], budgetFen: number, most: number): BudgetPlan {
  const taken = new Map<number, number>();
  let spentFen = 0;
  let [beyond, unpriced] = [0, 0];
  for (const { id, amountFen } of wanted) {
    if (amountFen === null) unpriced++;
    else if (taken.size >= most || spentFen + amountFen > budgetFen) beyond++;
    else {
      taken.set(id, amountFen);
      spentFen += amountFen;
    }
  }
  return { taken, spentFen, beyond, unpriced };
}
