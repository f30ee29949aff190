import { z } from 'zod';
import { mulDiv } from '../../../kernel';
import { readRecords } from '../../../platform/configuration';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type CategoryNode, listCategories, type SkuCard } from '../../catalog';
import { chooseRule, FLOOR_BASES, FLOOR_ROUNDINGS, type FloorRule, type FloorTerms } from '../domain/floor';

/** As it is kept: categories, brands and channels by id, so that a new name changes nothing. */
export const STORED_RULE = z.object({
  categoryId: z.int().nullable(),
  brandId: z.int().nullable(),
  channelId: z.int().nullable(),
  basis: z.enum(FLOOR_BASES),
  rateBp: z.int().min(0).max(100_000),
  amountFen: z.int().min(0).max(1_000_000_000),
  rounding: z.enum(FLOOR_ROUNDINGS),
});
export const FLOOR_RULES = { module: 'pricing', id: 'floorRules', values: STORED_RULE };
export type StoredFloorRule = FloorRule & { active: boolean };

export const listFloorRules = (read: Reader): Promise<StoredFloorRule[]> =>
  readRecords(read, 'pricing.floorRules', STORED_RULE);

/** Rules in force. */
export const activeFloorRules = async (read: Reader): Promise<StoredFloorRule[]> =>
  (await listFloorRules(read)).filter(({ active }) => active);

/** The rule of each product in a channel, with what it needs to know; products that no rule is for are missing. */
export async function floorTermsOf(
  read: Reader,
  rules: readonly FloorRule[],
  skus: ReadonlyMap<number, SkuCard>,
  channelId: number | null,
): Promise<Map<number, FloorTerms>> {
  if (rules.length === 0 || skus.size === 0) return new Map();
  const categories = rules.some(({ categoryId }) => categoryId !== null) ? await listCategories(read) : [];
  const above = pathsUp(categories);
  const found = new Map<number, FloorTerms>();
  for (const [skuId, { categoryId, brandId, taxRateBp }] of skus) {
    const product = { categoryIds: above.get(categoryId) ?? [categoryId], brandId };
    const rule = chooseRule(rules, product, channelId);
    if (rule) found.set(skuId, { rule, costFen: null, taxRateBp });
  }
  const byCost = [...found].flatMap(([skuId, { rule }]) => (rule.basis === 'cost' ? [skuId] : []));
  const costs = await averageCosts(read, byCost);
  for (const skuId of byCost) {
    const terms = found.get(skuId);
    if (terms) found.set(skuId, { ...terms, costFen: costs.get(skuId) ?? null });
  }
  return found;
}

/** Category → itself and those above it. */
function pathsUp(categories: readonly CategoryNode[]): Map<number, number[]> {
  const paths = new Map<number, number[]>();
  // Parents stand before their children.
  for (const { id, parentId } of categories)
    paths.set(id, [id, ...(parentId === null ? [] : (paths.get(parentId) ?? []))]);
  return paths;
}

/** What a piece in stock cost on average over all stores, without tax; missing: none in stock. */
async function averageCosts(read: Reader, skuIds: readonly number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const chunk of chunked([...new Set(skuIds)])) {
    const rows = await read.all<{ skuId: number; pieces: number; valueFen: number }>(
      sql`SELECT sku_id, SUM(quantity) AS pieces, SUM(value_fen) AS value_fen FROM stock_balance
        WHERE sku_id IN (${sql.list(chunk)}) AND quantity > 0 GROUP BY sku_id`,
    );
    for (const { skuId, pieces, valueFen } of rows) found.set(skuId, mulDiv(Number(valueFen), 1, Number(pieces)));
  }
  return found;
}
