import { addDays, type BusinessDate, lastOfMonth } from '../../../kernel';

/** From when a supplier's payment days count: the business date, or the end of its month (月结). */
export const PAYMENT_TERMS = ['date', 'month_end'] as const;
export type PaymentTerms = (typeof PAYMENT_TERMS)[number];

export interface Terms {
  paymentTerms?: PaymentTerms | null | undefined;
  paymentDays: number;
}

/** When a payable of this business date is due. Without terms: at once. */
export function dueDate(date: BusinessDate, terms: Terms | undefined): BusinessDate {
  const from = terms?.paymentTerms === 'month_end' ? lastOfMonth(date) : date;
  return addDays(from, terms?.paymentDays ?? 0);
}
