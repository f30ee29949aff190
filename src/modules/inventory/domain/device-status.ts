import { addDays, type BusinessDate } from '../../../kernel';
import type { Bucket, DeviceState } from '../../../ledger';

/** The states of a device as people speak of them; the words are in common:state.*. */
export type DeviceStatus =
  | 'sellable'
  | 'demo'
  | 'defective'
  | 'quarantine'
  | 'inTransit'
  | 'sold'
  | 'repair'
  | 'lent'
  | 'atPartner'
  | 'returned'
  | 'scrapped'
  | 'issued'
  | 'missing'
  | 'reversed';

/** One word for where a device stands: the bucket while it is in stock, its state otherwise. */
export function deviceStatus(state: DeviceState, bucket: Bucket | null): DeviceStatus {
  switch (state) {
    case 'in_stock':
      return bucket === null || bucket === 'in_transit' ? 'sellable' : bucket;
    case 'in_transit':
      return 'inTransit';
    case 'at_repairer':
    case 'customer_owned':
      return 'repair';
    case 'returned_to_supplier':
      return 'returned';
    case 'at_partner':
      return 'atPartner';
    case 'void':
      return 'reversed';
    case 'sold':
    case 'lent':
    case 'scrapped':
    case 'issued':
    case 'missing':
      return state;
  }
}

/** Days in stock from which a device needs attention, and from which it is a loss in the making. */
export const AGEING_WARN_DAYS = 60;
export const AGEING_BAD_DAYS = 90;

export function ageTone(days: number): 'bad' | 'hold' | undefined {
  if (days > AGEING_BAD_DAYS) return 'bad';
  return days > AGEING_WARN_DAYS ? 'hold' : undefined;
}

/** Age in stock: up to 30 days, 31–60, 61–90 and more. */
export const AGE_BANDS = ['a', 'b', 'c', 'd'] as const;
export type AgeBand = (typeof AGE_BANDS)[number];

/** The days on which the devices of a band came into stock: `from` and later, and before `before`. */
export function daysOfBand(band: AgeBand, today: BusinessDate): { from?: BusinessDate; before?: BusinessDate } {
  const ends = [30, AGEING_WARN_DAYS, AGEING_BAD_DAYS].map((days) => addDays(today, -days));
  const place = AGE_BANDS.indexOf(band);
  const [from, before] = [ends[place], ends[place - 1]];
  return { ...(from ? { from } : {}), ...(before ? { before } : {}) };
}
