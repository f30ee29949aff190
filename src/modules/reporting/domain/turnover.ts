import { addDays, type BusinessDate } from '../../../kernel';

/** Weeks that are analysed, each up to the day before the computation. */
export const SPANS = [13, 4, 52] as const;
export type Span = (typeof SPANS)[number];
/** Of turn days: nothing was sold. */
export const NEVER_TURNS = 99_999;

/** What moved on a day, of a product in a store. */
export interface DaySum {
  /** null: all days before the span together. */
  day: BusinessDate | null;
  quantity: number;
  valueFen: number;
  /** Pieces sold less returned, and their cost. */
  sold: number;
  costFen: number;
  lastSoldOn: BusinessDate | null;
  lastInOn: BusinessDate | null;
}

export interface SpanFigures {
  sold: number;
  costFen: number;
  openingFen: number;
  closingFen: number;
  averageFen: number;
  quantity: number;
  /** Pieces of each week, the oldest first. */
  weekly: number[];
  /** Weeks of these in which the product was known. */
  knownWeeks: number;
  heldSince: BusinessDate | null;
  lastSoldOn: BusinessDate | null;
}

export interface Calendar {
  days: number;
  weeks: number;
  from: BusinessDate;
  placeOf: ReadonlyMap<BusinessDate, number>;
}

export function calendarOf(weeks: number, today: BusinessDate): Calendar {
  const days = weeks * 7;
  const from = addDays(today, -days);
  return {
    days,
    weeks,
    from,
    placeOf: new Map(Array.from({ length: days }, (_, place) => [addDays(from, place), place])),
  };
}

/** What the days say about the span; `sums` in ascending order of the days, what lies before the span first. */
export function figuresOf(sums: readonly DaySum[], { days, weeks, placeOf }: Calendar): SpanFigures {
  const found: SpanFigures = {
    sold: 0,
    costFen: 0,
    openingFen: 0,
    closingFen: 0,
    averageFen: 0,
    quantity: 0,
    weekly: Array.from({ length: weeks }, () => 0),
    knownWeeks: 0,
    heldSince: null,
    lastSoldOn: null,
  };
  // Value of each day times the days that had it.
  let weighed = 0;
  for (const sum of sums) {
    const place = sum.day === null ? 0 : placeOf.get(sum.day);
    if (place === undefined) continue;
    if (found.knownWeeks === 0) found.knownWeeks = weeks - Math.floor(place / 7);
    if (found.quantity <= 0 && sum.quantity > 0) found.heldSince = sum.day ?? sum.lastInOn;
    found.quantity += sum.quantity;
    found.closingFen += sum.valueFen;
    // A sale that was reversed on its day sold nothing.
    if (sum.lastSoldOn && (sum.day === null || sum.sold > 0)) found.lastSoldOn = sum.lastSoldOn;
    if (sum.day === null) found.openingFen = sum.valueFen;
    else {
      weighed += sum.valueFen * (days - place);
      found.sold += sum.sold;
      found.costFen += sum.costFen;
      found.weekly[Math.floor(place / 7)] = (found.weekly[Math.floor(place / 7)] ?? 0) + sum.sold;
    }
  }
  found.averageFen = found.openingFen + Math.round(weighed / days);
  return found;
}

/** Days that the average stock lasts at the rate of the span. */
export const turnDaysOf = (averageFen: number, costFen: number, days: number): number =>
  costFen > 0 ? Math.min(NEVER_TURNS, Math.max(0, Math.round((averageFen * days) / costFen))) : NEVER_TURNS;

/** Times a year that the average stock is sold, in hundredths. */
export const turnsOf = (averageFen: number, costFen: number, days: number): number | null =>
  averageFen > 0 ? Math.round((costFen * 36_500) / (averageFen * days)) : null;

export interface PairSpan extends SpanFigures {
  /** 0: all stores together. */
  storeKey: number;
  skuId: number;
  netFen: number;
}

/** The same with a sum over all stores for each product. */
export function withAllStores(pairs: readonly PairSpan[]): PairSpan[] {
  const all = new Map<number, PairSpan>();
  for (const pair of pairs) {
    const sum = all.get(pair.skuId);
    if (!sum) all.set(pair.skuId, { ...pair, storeKey: 0, weekly: [...pair.weekly] });
    else {
      for (const name of ['sold', 'netFen', 'costFen', 'openingFen', 'closingFen', 'averageFen', 'quantity'] as const)
        sum[name] += pair[name];
      for (const [week, pieces] of pair.weekly.entries()) sum.weekly[week] = (sum.weekly[week] ?? 0) + pieces;
      sum.knownWeeks = Math.max(sum.knownWeeks, pair.knownWeeks);
    }
  }
  return [...pairs, ...all.values()];
}
