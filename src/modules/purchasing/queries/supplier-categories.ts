import { z } from 'zod';
import { readRecords } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';

export const SUPPLIER_CATEGORY = z.object({ sortOrder: z.int().min(0).max(9999).default(100) });

/** Names of the categories that a supplier can be given, in their order. */
export async function supplierCategories(read: Reader): Promise<string[]> {
  const records = await readRecords(read, 'purchasing.supplierCategories', SUPPLIER_CATEGORY);
  return records.flatMap(({ name, active }) => (active ? [name] : []));
}
