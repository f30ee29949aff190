import { z } from 'zod';
import { readRecords } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';
import { SUPPLIER_CATEGORY } from './supplier-categories';

export const RECEIVING_RULES = { module: 'purchasing', id: 'receivingRules' } as const;

export const STORED_RECEIVING_RULE = z.object({
  /** A record of purchasing.supplierCategories; null: all suppliers. */
  categoryId: z.int().nullable().default(null),
  overBp: z.int().min(0).max(10_000).default(0),
  blind: z.boolean().default(false),
});

export interface ReceivingRule {
  /** How much more than ordered may be received, of the ordered pieces. */
  overBp: number;
  /** Receipts against orders do not tell the counter what was ordered. */
  blind: boolean;
}

export const listReceivingRules = (read: Reader) =>
  readRecords(read, 'purchasing.receivingRules', STORED_RECEIVING_RULE);

export const allSupplierCategories = (read: Reader) =>
  readRecords(read, 'purchasing.supplierCategories', SUPPLIER_CATEGORY);

/** The rule of the supplier's category, else the one for all; without any: not one piece more, and open. */
export async function receivingRule(read: Reader, category: string | null): Promise<ReceivingRule> {
  const rules = (await listReceivingRules(read)).filter(({ active }) => active);
  const categories = category === null ? [] : await allSupplierCategories(read);
  const id = categories.find(({ name }) => name === category)?.id;
  const found =
    rules.find(({ categoryId }) => categoryId !== null && categoryId === id) ??
    rules.find(({ categoryId }) => categoryId === null);
  return { overBp: found?.overBp ?? 0, blind: found?.blind ?? false };
}
