import { z } from 'zod';
import { type NamedValues, readRecords } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';

export const TAX_RATES = z.object({
  rateBp: z.int().min(0).max(10_000),
  /** As the invoicing software calls it. */
  code: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,20}$/)
    .nullable()
    .default(null),
});

/** The rates that may be chosen, the highest first. */
export async function activeRates(read: Reader): Promise<NamedValues<typeof TAX_RATES>[]> {
  const records = await readRecords(read, 'catalog.taxRates', TAX_RATES);
  return records.filter(({ active }) => active).sort((a, b) => b.rateBp - a.rateBp);
}
