import { fen, type Money } from '../../../kernel';

export const MAX_LINES = 500;
export const MAX_DEVICES = 10_000;
/** What fits on one line without a slip of the keyboard. */
export const MAX_QUANTITY = 1_000_000;
export const MAX_UNIT_PRICE_FEN: Money = fen(100_000_000_00);

export interface WantedQuantity {
  serial: boolean;
  /** Null: not given. */
  quantity: number | null;
  /** Devices scanned already. */
  received: number;
}

/** What is wrong with the quantity of a line, as an i18n key; null when nothing is. */
export function quantityProblem({ serial, quantity, received }: WantedQuantity): string | null {
  if (quantity === null) return serial ? null : 'errors:field.required';
  if (quantity < 1 || quantity > MAX_QUANTITY) return 'purchasing:error.quantity';
  if (serial && quantity > MAX_DEVICES) return 'purchasing:error.too_many_devices';
  if (serial && quantity < received) return 'purchasing:error.less_than_scanned';
  return null;
}

/** What is wrong with a tax-inclusive unit price; null (not known yet) is right. */
export function priceProblem(unitPriceFen: number | null): string | null {
  if (unitPriceFen === null) return null;
  return unitPriceFen < 0 || unitPriceFen > MAX_UNIT_PRICE_FEN ? 'purchasing:error.price' : null;
}

export interface LineQuantities {
  quantity: number;
  countsScans: boolean;
  received: number;
}

/** Devices are counted by scanning; of other goods all on the delivery note were received. */
export function lineQuantities({ serial, quantity, received }: WantedQuantity): LineQuantities {
  if (!serial) return { quantity: quantity ?? 0, countsScans: false, received: quantity ?? 0 };
  return { quantity: quantity ?? received, countsScans: quantity === null, received };
}
