import { z } from 'zod';
import { type Reader, sql } from '../../../platform/database';

/** Settings of the module; what is not set has its default. */
export const purchasingParameters = z.object({
  /** New receipts begin as "the invoice came with the goods". */
  invoiceAtOnce: z.boolean().default(false),
  supplierCategories: z
    .array(z.string().min(1).max(40))
    .max(50)
    .default(['手机厂商', '国代', '省代', '运营商', '配件商', '维修配件', '其他']),
});

export type PurchasingParameters = z.output<typeof purchasingParameters>;

/** A value that does not fit (written by an older version) counts as not set. */
export async function readParameters(read: Reader): Promise<PurchasingParameters> {
  const rows = await read.all<{ name: string; value: string | null }>(
    sql`SELECT name, value FROM parameter WHERE ${sql.startsWith('name', 'purchasing.')}`,
  );
  const given: Record<string, unknown> = {};
  for (const { name, value } of rows) {
    const key = name.slice('purchasing.'.length);
    const field = Object.hasOwn(purchasingParameters.shape, key)
      ? purchasingParameters.shape[key as keyof PurchasingParameters]
      : undefined;
    const parsed = field?.safeParse(value === null ? '' : JSON.parse(value));
    if (parsed?.success) given[key] = parsed.data;
  }
  return purchasingParameters.parse(given);
}
