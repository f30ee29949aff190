import { mulDiv } from '../../../kernel';
import type { DeviceMove, DeviceOnBooks, DevicePlace, PostedDocument, Posting } from '../../../ledger';

export const PRICE_CHANGE_STATES = ['posted', 'reversed'] as const;
export type PriceChangeState = (typeof PRICE_CHANGE_STATES)[number];

/** A price; a part of the list price; less than it asks now; back to the list. */
export const PRICE_WAYS = ['amount', 'percent', 'less', 'clear'] as const;
export type PriceWay = (typeof PRICE_WAYS)[number];

/** What a device asks now; fen with tax. */
export interface AskedPrice {
  /** Its own price; null: none. */
  ownFen: number | null;
  /** Of the price list that holds in its store; null: none. */
  listFen: number | null;
}

export type NewPrice = { priceFen: number | null } | { problem: 'no_list' | 'too_low' };

/** `value`: fen for `amount` and `less`, basis points of the list price for `percent` (rounded to whole yuan). */
export function newPrice(way: PriceWay, value: number, { ownFen, listFen }: AskedPrice): NewPrice {
  if (way === 'clear') return { priceFen: null };
  const from = way === 'percent' ? listFen : (ownFen ?? listFen);
  if (way !== 'amount' && from === null) return { problem: 'no_list' };
  const base = from ?? 0;
  const priceFen =
    way === 'amount' ? value : way === 'less' ? base - value : mulDiv(mulDiv(base, value, 10_000), 1, 100) * 100;
  return priceFen > 0 ? { priceFen } : { problem: 'too_low' };
}

export interface RepricedDevice {
  row: DeviceOnBooks;
  priceFen: number | null;
}

/** Devices stay where they are and ask another price; nothing in the accounts changes. */
export function pricePosting(
  document: PostedDocument,
  { reason, devices }: { reason: string; devices: readonly RepricedDevice[] },
): Posting {
  return {
    document,
    devices: devices.map(({ row, priceFen }): DeviceMove => ({
      kind: 'move',
      deviceId: row.id,
      from: place(row),
      to: place(row),
      event: 'repriced',
      set: { priceFen },
      detail: { reason },
    })),
    stock: [],
    journal: [],
    openItems: [],
  };
}

const place = ({ state, storeId, locationId, bucket, ownership }: DeviceOnBooks): DevicePlace => ({
  state,
  storeId,
  locationId,
  bucket,
  ownership,
});
