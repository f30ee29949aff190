import { normaliseCode, normaliseName } from '../../../kernel';
import { chunked, type Reader, type Sql, sql } from '../../../platform/database';
import { searchTerms } from '../../../platform/text-search';
import type { Tracking } from '../domain/tracking';

/** What other modules need to know of a SKU. */
export interface SkuCard {
  id: number;
  code: string;
  /** In full: 小米 17 12+512G 雪山粉 */
  name: string;
  productId: number;
  tracking: Tracking;
  taxRateBp: number;
  active: boolean;
  brandId: number;
  brandName: string;
  categoryId: number;
  /** The maker's warranty from the day of sale; 0: none. */
  warrantyMonths: number;
}

const CARD = sql`SELECT s.id, s.code, s.name, s.product_id, s.tracking, s.tax_rate_bp, s.active, p.brand_id,
  b.name AS brand_name, p.category_id, p.warranty_months
  FROM sku s JOIN product p ON p.id = s.product_id JOIN brand b ON b.id = p.brand_id`;

async function cards(read: Reader, rest: Sql): Promise<SkuCard[]> {
  const rows = await read.all<Omit<SkuCard, 'active'> & { active: number }>(sql`${CARD} ${rest}`);
  return rows.map((row) => ({ ...row, active: Boolean(row.active) }));
}

export async function skusByIds(read: Reader, ids: readonly number[]): Promise<Map<number, SkuCard>> {
  const found = new Map<number, SkuCard>();
  for (const chunk of chunked([...new Set(ids)]))
    for (const card of await cards(read, sql`WHERE s.id IN (${sql.list(chunk)})`)) found.set(card.id, card);
  return found;
}

/**
 * SKUs by their codes or barcodes, as scanned or typed: the keys of the answer are the given texts. A code goes before an
 * equal barcode. Inactive SKUs are found as well; `active` tells.
 */
export async function skusByCodes(read: Reader, codesOrBarcodes: readonly string[]): Promise<Map<string, SkuCard>> {
  const byCode = new Map<string, SkuCard>();
  const wanted = [...new Set(codesOrBarcodes.map(normaliseCode))].filter(Boolean);
  for (const chunk of chunked(wanted)) {
    const barcodes = await read.all<{ value: string; skuId: number }>(
      sql`SELECT value, sku_id FROM sku_barcode WHERE value IN (${sql.list(chunk)})`,
    );
    const byId = await skusByIds(
      read,
      barcodes.map((barcode) => barcode.skuId),
    );
    for (const barcode of barcodes) {
      const card = byId.get(barcode.skuId);
      if (card) byCode.set(barcode.value, card);
    }
    for (const card of await cards(read, sql`WHERE s.code IN (${sql.list(chunk)})`)) byCode.set(card.code, card);
  }
  const found = new Map<string, SkuCard>();
  for (const text of codesOrBarcodes) {
    const card = byCode.get(normaliseCode(text));
    if (card) found.set(text, card);
  }
  return found;
}

/** Active SKUs that are called exactly so (blanks and width aside); the keys are the names as normaliseName writes them. */
export async function skusByNames(read: Reader, names: readonly string[]): Promise<Map<string, SkuCard[]>> {
  const wanted = [...new Set(names.map(normaliseName))].filter(Boolean);
  const found: SkuCard[] = [];
  for (const chunk of chunked(wanted))
    found.push(...(await cards(read, sql`WHERE s.active = ${1} AND s.name IN (${sql.list(chunk)}) ORDER BY s.id`)));
  return Map.groupBy(found, ({ name }) => name);
}

/**
 * Active SKUs for a few typed characters: every word must occur in the name, its pinyin or initials, the model number or
 * the code; a whole code or barcode comes first. At most `limit`, 50 at most.
 */
export async function searchSkus(read: Reader, text: string, limit = 20): Promise<SkuCard[]> {
  const terms = searchTerms(text);
  if (terms.length === 0) return [];
  const size = Math.min(Math.max(1, limit), 50);
  const exact = (await skusByCodes(read, [text])).get(text);
  const found = await cards(
    read,
    sql`WHERE s.active = ${1} AND ${sql.all(terms.map((term) => sql.contains('s.search_key', term)))}
      ORDER BY s.name, s.id ${sql.limit(size)}`,
  );
  if (!exact?.active) return found;
  return [exact, ...found.filter((card) => card.id !== exact.id)].slice(0, size);
}
