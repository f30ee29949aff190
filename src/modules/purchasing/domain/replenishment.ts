import { addDays, type BusinessDate, weekdayOf } from '../../../kernel';

// How much of a product a store needs, from what it sold. Every number that leads to the answer is kept with it.

/** Sales of so many days before today are looked at: whole weeks, so that each weekday counts alike. */
export const SALES_DAYS = 56;
/** The later half says how fast it sells now, the earlier one where that is going. */
export const RECENT_DAYS = 28;
/** Fewer pieces than that say nothing about a trend. */
const TREND_PIECES = 4;
/** A store that sold fewer in all has no pattern of weekdays. */
const PATTERN_PIECES = 56;
const MOST_COVER_TENTHS = 99_999;

export interface Rule {
  minimum: number;
  /** null: none. */
  maximum: number | null;
  coverDays: number;
  leadDays: number;
  packSize: number;
  /** No rule says how long goods take: it is what this supplier's record says, or what its orders took before. */
  leadFrom?: 'supplier' | 'orders';
  /** No rule says how they are packed: it is what the supplier's price list says. */
  packListed?: boolean;
}

/** From fewer orders nothing is concluded. */
const FEWEST_ORDERS = 3;
const LONGEST_LEAD = 90;

/** Days until goods of a supplier arrive: half of the orders came sooner, half later. Null from a few orders. */
export function leadDaysOf(days: readonly number[]): number | null {
  if (days.length < FEWEST_ORDERS) return null;
  const sorted = days.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return Math.min(LONGEST_LEAD, Math.max(1, middle));
}

/** Where no rule says anything else. */
export const USUAL_RULE: Rule = { minimum: 0, maximum: null, coverDays: 14, leadDays: 4, packSize: 1 };

/** What is there, coming and promised. */
export interface Position {
  sellable: number;
  /** Promised to other stores by transfers that have not left. */
  promised: number;
  inTransit: number;
  /** Asked for by transfers that have not left. */
  asked: number;
  /** On purchase orders, drafts included, and on requisitions that nothing was ordered for yet. */
  onOrder: number;
}

export interface Sold {
  recent: number;
  earlier: number;
  /** Days of each half on which there was nothing to sell; left out: none. */
  outRecent?: number;
  outEarlier?: number;
}

/** However long it was sold out, what sold in a few days says nothing about more of them. */
const FEWEST_DAYS = 7;

/** Days of a half on which something could be sold. */
export const daysOnSale = (out = 0): number => Math.max(FEWEST_DAYS, RECENT_DAYS - out);

/** What came and went on a day, of goods that can be sold. */
export interface DayMove {
  day: BusinessDate;
  quantity: number;
}

/**
 * Days before today on which nothing was there to sell from morning to night. `now` is what there is at this moment; `moves` are
 * those of each half and of today, a sum a day, in any order. A day on which something came or went is not one of them.
 */
export function soldOutDays(
  now: number,
  moves: readonly DayMove[],
  today: BusinessDate,
): Required<Pick<Sold, 'outRecent' | 'outEarlier'>> {
  const byDay = new Map(moves.map(({ day, quantity }) => [day, quantity]));
  let there = now;
  for (const { day, quantity } of moves) if (day >= today) there -= quantity;
  const found = { outRecent: 0, outEarlier: 0 };
  for (let ago = 1; ago <= SALES_DAYS; ago++) {
    const moved = byDay.get(addDays(today, -ago));
    if (moved === undefined && there <= 0) found[ago <= RECENT_DAYS ? 'outRecent' : 'outEarlier']++;
    there -= moved ?? 0;
  }
  return found;
}

export interface ProposalFigures extends Rule, Position, Sold {
  /** Later half against the earlier one, in basis points; 10,000: no trend. */
  trendBp: number;
  /** Thousandths of pieces a day. */
  rateMilli: number;
  /** Hundredths of usual days that the days until goods arrive count as, by the store's weekdays; and those until cover ends. */
  leadLoad: number;
  allLoad: number;
  /** What there is and comes: sellable − promised + on the way + asked + on order. */
  position: number;
  /** Below it is ordered. */
  point: number;
  /** Up to which it is ordered. */
  target: number;
  /** What is missing to the target. */
  missing: number;
  today: BusinessDate;
}

/** Pieces of each weekday (Monday first) that a store sold in SALES_DAYS. */
export type WeekdaySales = readonly number[];

/** What days beginning with today count as, each as its weekday sells against a usual day (1). */
export function loadOf(week: WeekdaySales | undefined, today: BusinessDate, days: number): number {
  const all = week?.reduce((sum, pieces) => sum + pieces, 0) ?? 0;
  if (!week || all < PATTERN_PIECES) return days;
  let load = 0;
  for (let day = 0; day < days; day++) {
    const pieces = week[weekdayOf(addDays(today, day)) - 1] ?? 0;
    load += (Math.max(0, pieces) * 7) / all;
  }
  return load;
}

/** Half of the change from the earlier weeks to the later ones goes on, at most half down or half up. */
export function trendOf({ recent, earlier, outRecent, outEarlier }: Sold): number {
  if (recent < TREND_PIECES || earlier < TREND_PIECES) return 1;
  const bare = recent / daysOnSale(outRecent) / (earlier / daysOnSale(outEarlier));
  const change = Math.min(2, Math.max(0.5, bare));
  return 1 + (change - 1) / 2;
}

interface Load {
  lead: number;
  all: number;
  /** Twice the cover: what a store keeps before it gives to others. */
  keep: number;
}

export interface Need extends ProposalFigures {
  storeId: number;
  /** What it can give to other stores. */
  spare: number;
  coverTenths: number;
}

export function needOf(
  storeId: number,
  sold: Sold,
  position: Position,
  rule: Rule,
  load: Load,
  today: BusinessDate,
): Need {
  const trend = trendOf(sold);
  const rate = (Math.max(0, sold.recent) / daysOnSale(sold.outRecent)) * trend;
  const there = position.sellable - position.promised;
  const total = there + position.inTransit + position.asked + position.onOrder;
  // A tenth of a thousandth: what is written down must give the same answer as what was computed with.
  const pieces = (days: number): number => Math.ceil(Math.round(rate * days * 1000) / 1000);
  const point = Math.max(rule.minimum, pieces(load.lead));
  const wanted = Math.max(point, pieces(load.all));
  const target = rule.maximum === null ? wanted : Math.max(rule.minimum, rule.maximum);
  const due = total < Math.min(point, target);
  const keep = Math.max(target, pieces(load.keep));
  return {
    ...rule,
    ...position,
    recent: sold.recent,
    earlier: sold.earlier,
    ...(sold.outRecent ? { outRecent: sold.outRecent } : {}),
    ...(sold.outEarlier ? { outEarlier: sold.outEarlier } : {}),
    storeId,
    trendBp: Math.round(trend * 10_000),
    rateMilli: Math.round(rate * 1000),
    leadLoad: Math.round(load.lead * 100),
    allLoad: Math.round(load.all * 100),
    position: total,
    point,
    target,
    missing: due ? target - total : 0,
    spare: Math.max(0, there - keep),
    coverTenths:
      rate > 0
        ? Math.min(MOST_COVER_TENTHS, Math.floor((Math.max(0, total) / rate) * 10))
        : total > 0
          ? MOST_COVER_TENTHS
          : 0,
    today,
  };
}

export interface Share {
  need: Need;
  /** null: to be bought. */
  fromStoreId: number | null;
  quantity: number;
}

/** Who has too much gives first, to whom it runs out soonest; what is still missing is bought in whole packs. */
export function shareOut(needs: readonly Need[]): Share[] {
  const takers = needs
    .filter(({ missing }) => missing > 0)
    .toSorted((a, b) => a.coverTenths - b.coverTenths || a.storeId - b.storeId);
  const givers = needs
    .filter(({ missing, spare }) => missing === 0 && spare > 0)
    .map(({ storeId, spare }) => ({ storeId, spare }))
    .toSorted((a, b) => b.spare - a.spare || a.storeId - b.storeId);
  const shares: Share[] = [];
  for (const need of takers) {
    let missing = need.missing;
    for (const giver of givers) {
      const quantity = Math.min(missing, giver.spare);
      if (quantity === 0) continue;
      shares.push({ need, fromStoreId: giver.storeId, quantity });
      giver.spare -= quantity;
      missing -= quantity;
    }
    const quantity = inPacks(missing, need);
    if (quantity > 0) shares.push({ need, fromStoreId: null, quantity });
  }
  return shares;
}

/** Whole packs; more than the maximum only where a single pack is more. */
function inPacks(missing: number, { packSize, maximum }: Rule): number {
  if (missing <= 0) return 0;
  const up = Math.ceil(missing / packSize) * packSize;
  if (maximum === null || up === missing) return up;
  return Math.max(packSize, Math.floor(missing / packSize) * packSize);
}
