import { ABC, type AbcClass, type AbcLimits, abcOf, addDays, type BusinessDate, daysBetween } from '../../../kernel';

/** Goods of one location that may have to be counted. */
export interface CycleGoods {
  skuId: number;
  /** At cost, of the days that decide the class; returns taken off. */
  soldFen: number;
  /** Of the last posted count that they were in; null: never. */
  countedOn: BusinessDate | null;
  /** A stocktake that is under way has them. */
  running: boolean;
}

export interface CycleRules extends AbcLimits {
  /** After how many days a class is counted again. */
  days: Readonly<Record<AbcClass, number>>;
}

export interface CycleTurn {
  skuId: number;
  abc: AbcClass;
  /** Null: at once, they were never counted. */
  dueOn: BusinessDate | null;
  /** Negative: not due yet; null: never counted. */
  overdueDays: number | null;
  running: boolean;
}

/** When each is to be counted, what is most urgent first: never counted, then longest overdue, A before B before C. */
export function cycleTurns(goods: readonly CycleGoods[], rules: CycleRules, today: BusinessDate): CycleTurn[] {
  const classes = abcOf(
    goods.map(({ soldFen }) => Math.max(soldFen, 0)),
    rules,
  );
  const turns = goods.map(({ skuId, countedOn, running }, place): CycleTurn => {
    const abc = classes[place] ?? 'C';
    const dueOn = countedOn === null ? null : addDays(countedOn, rules.days[abc]);
    return { skuId, abc, dueOn, overdueDays: dueOn === null ? null : daysBetween(dueOn, today), running };
  });
  const urgency = ({ overdueDays }: CycleTurn): number => overdueDays ?? Number.MAX_SAFE_INTEGER;
  return turns.sort(
    (one, other) =>
      urgency(other) - urgency(one) || ABC.indexOf(one.abc) - ABC.indexOf(other.abc) || one.skuId - other.skuId,
  );
}

export const isDue = ({ overdueDays, running }: CycleTurn): boolean =>
  !running && (overdueDays === null || overdueDays >= 0);
