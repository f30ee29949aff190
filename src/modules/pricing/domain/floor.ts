import { fen, mulDiv } from '../../../kernel';

/** Where a floor comes from when none stands beside the price: cost and margin, the price less a part, or an amount. */
export const FLOOR_BASES = ['cost', 'price', 'amount'] as const;
export type FloorBasis = (typeof FLOOR_BASES)[number];

/** Upwards: to whole yuan, or to the next amount of yuan that ends in 9. A floor is never rounded below itself. */
export const FLOOR_ROUNDINGS = ['none', 'yuan', 'nine'] as const;
export type FloorRounding = (typeof FLOOR_ROUNDINGS)[number];

/** For which goods and sales a rule is; null: for all. */
export interface FloorRuleScope {
  categoryId: number | null;
  brandId: number | null;
  channelId: number | null;
}

export interface FloorRule extends FloorRuleScope {
  id: number;
  name: string;
  basis: FloorBasis;
  /** Margin on the cost, or what may be taken off the price. */
  rateBp: number;
  /** Of basis `amount`. */
  amountFen: number;
  rounding: FloorRounding;
}

/** What a rule needs to know of a product. */
export interface FloorTerms {
  rule: FloorRule;
  /** Of one piece on average, without tax; null: none in stock, so nothing follows from the cost. */
  costFen: number | null;
  taxRateBp: number;
}

export interface FoundFloor {
  floorFen: number;
  /** Told the floor, one can tell the cost: only for who may see it. */
  fromCost: boolean;
}

/** Of one piece, with tax. `costFen`: of this very piece, in place of the average. */
export function floorByRule(
  { rule, costFen: averageFen, taxRateBp }: FloorTerms,
  { priceFen, costFen }: { priceFen: number; costFen?: number | null | undefined },
): FoundFloor | null {
  switch (rule.basis) {
    case 'amount':
      return { floorFen: rule.amountFen, fromCost: false };
    case 'price': {
      const floorFen = rounded(priceFen - mulDiv(priceFen, rule.rateBp, 10_000), rule.rounding);
      // Rounded up it may not rise above the price itself.
      return { floorFen: Math.min(floorFen, priceFen), fromCost: false };
    }
    case 'cost': {
      const known = costFen ?? averageFen;
      if (known === null) return null;
      const netFen = mulDiv(known, 10_000 + rule.rateBp, 10_000);
      return { floorFen: rounded(mulDiv(netFen, 10_000 + taxRateBp, 10_000), rule.rounding), fromCost: true };
    }
  }
}

function rounded(amountFen: number, rounding: FloorRounding): number {
  const yuan = Math.ceil(amountFen / 100);
  if (rounding === 'none') return fen(amountFen);
  return fen((rounding === 'yuan' ? yuan : Math.ceil((yuan - 9) / 10) * 10 + 9) * 100);
}

export interface ProductOfRule {
  /** From the product's own category up to the top. */
  categoryIds: readonly number[];
  brandId: number;
}

/**
 * The rule that says most about the product and the sale: by how many of channel, brand and category it names; with as many,
 * channel before brand before category; then the lower category; at last the newer rule. Undefined: none is for it.
 */
export function chooseRule<R extends FloorRuleScope & { id: number }>(
  rules: readonly R[],
  { categoryIds, brandId }: ProductOfRule,
  channelId: number | null,
): R | undefined {
  const fits = rules.filter(
    (rule) =>
      (rule.categoryId === null || categoryIds.includes(rule.categoryId)) &&
      (rule.brandId === null || rule.brandId === brandId) &&
      (rule.channelId === null || rule.channelId === channelId),
  );
  const depth = (rule: R): number => (rule.categoryId === null ? 0 : -categoryIds.indexOf(rule.categoryId));
  return fits.toSorted((a, b) => narrowness(b) - narrowness(a) || depth(b) - depth(a) || b.id - a.id)[0];
}

function narrowness({ categoryId, brandId, channelId }: FloorRuleScope): number {
  const [channel = 0, brand = 0, category = 0] = [channelId, brandId, categoryId].map((id) => (id === null ? 0 : 1));
  return (channel + brand + category) * 8 + channel * 4 + brand * 2 + category;
}
