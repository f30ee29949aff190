import { DomainError, normaliseName } from '../../../kernel';
import type { Reader } from '../../../platform/database';
import { searchSkus, type SkuCard, skusByCodes } from '../../catalog';

/** Goods that a typed text may mean; services are not bought. */
export const goodsFor = async (read: Reader, typed: string, most: number): Promise<SkuCard[]> =>
  (await searchSkus(read, typed.slice(0, 100), most)).filter(({ tracking }) => tracking !== 'service');

/** The SKU with this code or barcode, or the only one that the words mean; null: several or none. Throws 422 for nothing. */
export async function theOnlySku(read: Reader, typed: string): Promise<number | null> {
  const words = normaliseName(typed);
  if (words === '') throw new DomainError('errors:form', { fields: [{ path: 'sku', code: 'errors:field.required' }] });
  const exact = (await skusByCodes(read, [words])).get(words);
  if (exact) return exact.id;
  const found = await goodsFor(read, words, 3);
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}
