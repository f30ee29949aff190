import { businessDate, daysBetween } from '../../kernel';

/** The number Excel stores for a day of its 1900 calendar (1 March 1900 and later, which all our dates are). */
export function dayOfSerial(date: string): number {
  return daysBetween(businessDate('1900-03-01'), businessDate(date)) + 61;
}
