import { costOut } from '../../../kernel';

/** What is on one shelf: a location, and a batch where the SKU has them. */
export interface Shelf {
  locationId: number;
  storeId: number;
  batchId: number | null;
  quantity: number;
  valueFen: number;
}

export interface Picked {
  locationId: number;
  storeId: number;
  batchId: number | null;
  quantity: number;
  costFen: number;
}

/**
 * Takes pieces from the shelves in their order and lowers them, so that a second line of the same SKU takes from what is
 * left. Costs are moving averages. Returns null, and takes nothing, when there are not enough.
 */
export function pickStock(shelves: Shelf[], quantity: number): Picked[] | null {
  if (shelves.reduce((total, shelf) => total + shelf.quantity, 0) < quantity) return null;
  const picked: Picked[] = [];
  let missing = quantity;
  for (const shelf of shelves) {
    const take = Math.min(shelf.quantity, missing);
    if (take <= 0) continue;
    const costFen = costOut(shelf, take);
    const { locationId, storeId, batchId } = shelf;
    picked.push({ locationId, storeId, batchId, quantity: take, costFen });
    shelf.quantity -= take;
    shelf.valueFen -= costFen;
    missing -= take;
  }
  return picked;
}
