import { addDays, type BusinessDate } from '../../../kernel';

/** How long payables are overdue: not yet, then by days. */
export const AGE_BUCKETS = ['notDue', 'days30', 'days60', 'days90', 'older'] as const;
export type AgeBucket = (typeof AGE_BUCKETS)[number];

/** A payable due on or after this day is in the bucket, unless it is in one before. `older` takes the rest. */
export const bucketStarts = (on: BusinessDate): Record<Exclude<AgeBucket, 'older'>, BusinessDate> => ({
  notDue: on,
  days30: addDays(on, -30),
  days60: addDays(on, -60),
  days90: addDays(on, -90),
});
